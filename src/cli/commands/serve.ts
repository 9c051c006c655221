import { parseConfig } from "../../config.ts";
import { isLoopback } from "../../loopback.ts";
import { type NodeService, startService } from "../../node.ts";
import { Failure } from "../support/print.ts";
import { projectFlows } from "../support/project-flows.ts";
import { readSecretsFile } from "../support/secrets-file.ts";
import { startProblem } from "../support/start-problem.ts";
import type { StopSignal } from "../support/stop-signal.ts";

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

const cannotStart = (problems: readonly string[]): Failure =>
  new Failure(`Baton cannot start:\n${problems.map((line) => `  - ${line}`).join("\n")}`, 2);

/** Serves until a signal stops it. Work accepted until then is finished, now or at the next start. */
export async function serveCommand(stop: StopSignal): Promise<void> {
  const secretsFile = readSecretsFile(process.env);
  if (!secretsFile.ok) throw cannotStart([secretsFile.error]);
  const config = parseConfig(process.env, secretsFile.value);
  if (!config.ok) throw cannotStart(config.error);
  const { host, port } = config.value;
  const service = await startService(config.value, await projectFlows()).catch((error: unknown) => {
    const problem = startProblem(error, { host, port, portName: "PORT" });
    throw problem === null ? error : cannotStart([problem]);
  });
  if (!stop.isGiven()) announce(service, service.emulator !== null && isLoopback(host));
  await stop.given;
  await service.stop();
}
