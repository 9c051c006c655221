import { isLoopback, parseConfig } from "../config.ts";
import { type NodeService, startService } from "../node.ts";
import { readTextFile } from "../replay/read-text-file.ts";
import { isRecordUnusable } from "../sessions/sqlite-record.ts";
import { Failure } from "./print.ts";
import { projectFlows } from "./project-flows.ts";

function announce({ url, development, emulator }: NodeService, isDeskOpen: boolean): void {
  if (emulator !== null) {
    console.error(`
  NO INFOBIP ACCOUNT IS CONFIGURED: an emulator inside this process stands in for it. Nobody real is reached.
  Set INFOBIP_BASE_URL and INFOBIP_API_KEY to hand chats to people.
`);
  }
  console.error(`  Baton is at ${url}`);
  if (isDeskOpen) console.error(`  An agent's desk is at ${url}/emulator/desk`);
  if (development === null) return;
  for (const [bot, [secret]] of development.botSecrets) console.error(`  Bot ${bot}: Bearer ${secret}`);
  console.error(`  Operators: Bearer ${development.operatorToken}\n`);
}

/** Serves until SIGTERM or SIGINT; what was accepted until then is carried on, now or at the next start. */
export async function serveCommand(): Promise<void> {
  const file = process.env.BOT_SECRETS_FILE;
  const config = parseConfig(process.env, file ? readTextFile(file) : undefined);
  if (!config.ok) {
    throw new Failure(`Baton cannot start:\n${config.error.map((line) => `  - ${line}`).join("\n")}`, 2);
  }
  const service = await startService(config.value, await projectFlows()).catch((error: unknown) => {
    if (isRecordUnusable(error)) throw new Failure(`Baton cannot start:\n  - ${error.message}`, 2);
    throw error;
  });
  announce(service, service.emulator !== null && isLoopback(config.value.host));
  await new Promise<void>((resolve) => {
    for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => resolve());
  });
  await service.stop();
}
