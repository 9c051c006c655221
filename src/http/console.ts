/** The console for operators in a browser. Its code is loaded when somebody first asks for it. */
import type { Context } from "hono";
import type { Source } from "../events/source.ts";
import type { Env } from "./answer.ts";
import type { AppDeps } from "./app.ts";

/** Counts what changed in the record, for pages that follow it. Absent: such pages ask again by themselves. */
export type Changes = () => number;

export interface ConsoleDeps
  extends Pick<
    AppDeps,
    | "core"
    | "deskAddress"
    | "flows"
    | "accounts"
    | "operators"
    | "audit"
    | "now"
    | "log"
    | "refusals"
    | "readBody"
    | "isReady"
  > {
  sources: ReadonlyMap<string, Source>;
  /** The operators' interface over HTTP: it checks and audits what is done in the console. */
  ask: (request: Request) => Response | Promise<Response>;
  changes?: Changes | undefined;
}

export type ServeConsole = (c: Context<Env>) => Response | Promise<Response>;
export type OpenConsole = (deps: ConsoleDeps) => Promise<ServeConsole>;

/** Opens the console once. */
export function createConsoleDoor(open: OpenConsole, deps: ConsoleDeps): ServeConsole {
  let opening: Promise<ServeConsole> | undefined;
  return async (c) => {
    opening ??= open(deps);
    const serve = await opening;
    return serve(c);
  };
}
