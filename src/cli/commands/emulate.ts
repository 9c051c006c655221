import { parseAllowedHosts } from "../../config.ts";
import { type EmulatorServer, startEmulator } from "../../node.ts";
import { Failure } from "../support/print.ts";
import { startProblem } from "../support/start-problem.ts";
import type { StopSignal } from "../support/stop-signal.ts";

function announce({ url, emulator }: EmulatorServer): void {
  console.log(`\nAn emulator of Infobip Conversations is at ${url}; nobody real is reached. Point Baton at it:\n
  INFOBIP_BASE_URL=${url} INFOBIP_API_KEY=any\n
An agent's desk is at ${url}/emulator/desk.\n`);
  emulator.pushes.onPush(({ url: to, body, status, error }) => {
    const types = [body].flat().map((push) => ("type" in push ? push.type : `message ${push.contentType}`));
    console.log(`  → ${to}  ${types.join(", ")}  ${status ?? error ?? "dropped"}`);
  });
  emulator.onCall(({ method, path, status }) => console.log(`  ${method} ${path}  ${status ?? "no answer"}`));
}

/** Serves the emulator until it is to stop, printing each request. */
export async function emulateCommand(stop: StopSignal, { port }: { port: string }): Promise<void> {
  const allowed = parseAllowedHosts("EMULATOR_ALLOWED_HOSTS", process.env.EMULATOR_ALLOWED_HOSTS ?? "");
  if (!allowed.ok) throw new Failure(allowed.error, 2);
  const server = await startEmulator(Number(port), allowed.value).catch((error: unknown) => {
    const problem = startProblem(error, { host: "127.0.0.1", port: Number(port), portName: "--port" });
    throw problem === null ? error : new Failure(problem, 2);
  });
  if (!stop.isGiven()) announce(server);
  await stop.given;
  await server.stop();
}
