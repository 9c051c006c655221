import { Command } from "commander";
import { serveCommand } from "./serve.ts";

/** The table of commands. */
export async function main(argv: readonly string[]): Promise<void> {
  const program = new Command("baton").description(
    "Hands a chatbot's conversation to a human agent on Infobip Conversations.",
  );
  program.command("serve").description("serve the HTTP interface; configured by the environment").action(serveCommand);
  await program.parseAsync(argv);
}
