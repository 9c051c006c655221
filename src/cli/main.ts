import { Command } from "commander";
import { demoCommand } from "./demo.ts";
import { emulateCommand } from "./emulate.ts";
import { explainPayload, listFlows } from "./flows.ts";
import { serveCommand } from "./serve.ts";

/** The table of commands. */
export async function main(argv: readonly string[]): Promise<void> {
  const program = new Command("baton").description(
    "Hands a chatbot's conversation to a human agent on Infobip Conversations.",
  );
  program.command("serve").description("serve the HTTP interface; configured by the environment").action(serveCommand);
  program
    .command("demo")
    .description("hand a chat to an agent before your eyes, with the emulator as the platform")
    .option("--once", "end when the chat is handed over")
    .action(demoCommand);
  program
    .command("emulate")
    .description("serve the emulator of Infobip Conversations alone, on loopback")
    .option("--port <port>", "where it listens", "8788")
    .action(emulateCommand);
  const flows = program.command("flows").description("what the flows say");
  flows.command("list").description("every flow with its rules").option("--json", "as JSON").action(listFlows);
  flows
    .command("explain")
    .description("what a payload would lead to in a new session, and why; nothing is stored or sent")
    .argument("<bot>")
    .argument("<file>", "the payload, as the bot posts it")
    .option("--source <name>", "baton, answers, flow or infobip-bot", "baton")
    .option("--json", "as JSON")
    .action(explainPayload);
  await program.parseAsync(argv);
}
