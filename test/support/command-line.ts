/** The command line inside the process of the tests: a process of its own takes a second of work to start. */
import { Readable } from "node:stream";
import { format } from "node:util";
import { flows } from "../../flows/index.ts";
import { main } from "../../src/cli/main.ts";

/** BOT_SECRETS with one secret for every bot of the project. */
export const BOT_SECRETS = JSON.stringify(
  Object.fromEntries(flows.flatMap(({ bots }) => bots.map((bot) => [bot, ["a secret of the tests"]]))),
);

/** Runs a command with this environment alone, and `input` on its standard input. Returns its exit code and all that it printed. */
export async function run(args: readonly string[], env: Record<string, string> = {}, input = "") {
  let output = "";
  const printLine = (...parts: unknown[]): void => {
    output += `${format(...parts)}\n`;
  };
  const print = (chunk: string | Uint8Array): boolean => {
    output += String(chunk);
    return true;
  };
  const [ownEnv, { log, error }, toStdout, toStderr] = [
    process.env,
    console,
    process.stdout.write,
    process.stderr.write,
  ];
  const stdin = Object.getOwnPropertyDescriptor(process, "stdin") ?? {};
  process.env = { ...env };
  Object.defineProperty(process, "stdin", { configurable: true, value: Readable.from([Buffer.from(input)]) });
  Object.assign(console, { log: printLine, error: printLine });
  process.stdout.write = print;
  process.stderr.write = print;
  try {
    await main(["node", "baton", ...args]);
    return { code: Number(process.exitCode ?? 0), output };
  } finally {
    process.env = ownEnv;
    Object.defineProperty(process, "stdin", stdin);
    Object.assign(console, { log, error });
    process.stdout.write = toStdout;
    process.stderr.write = toStderr;
    process.exitCode = undefined;
  }
}
