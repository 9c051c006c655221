import type { Log } from "../log.ts";

const LEVELS = ["debug", "info", "warn", "error"] as const;
type Level = (typeof LEVELS)[number];
type Fields = Parameters<Log["info"]>[0];

const shownError = (err: unknown): unknown =>
  err instanceof Error ? { type: err.name, message: err.message, stack: err.stack } : { type: typeof err };

/** Writes lines of JSON, which Workers' own log parses. */
export function createConsoleLog(level: Level): Log {
  const write =
    (at: Level) =>
    ({ err, ...fields }: Fields, message: string): void => {
      if (LEVELS.indexOf(at) < LEVELS.indexOf(level)) return;
      console[at](
        JSON.stringify({ level: at, ...fields, ...(err !== undefined && { err: shownError(err) }), msg: message }),
      );
    };
  return { debug: write("debug"), info: write("info"), warn: write("warn"), error: write("error") };
}
