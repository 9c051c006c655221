/** The console for operators in a browser. Its code is loaded when somebody first asks for it. */
import type { Context } from "hono";
import type { Source } from "../../events/source.ts";
import type { Env } from "../answer.ts";
import type { AppDeps } from "../app-deps.ts";

/** Ports of the runtime that the console needs beside the interface's own dependencies. */
interface ConsolePorts {
  /** Counts the commits of the record, for pages that follow it. Absent: such pages ask again by themselves. */
  changes?: (() => number) | undefined;
  /** Address of a conversation at the agents' desk; null: it is not known. */
  deskAddress?: ((account: string, conversationId: string) => string | null) | undefined;
}

export interface ConsoleDeps
  extends ConsolePorts,
    Pick<
      AppDeps,
      "core" | "flows" | "accounts" | "operators" | "audit" | "now" | "log" | "refusals" | "readBody" | "isReady"
    > {
  sources: ReadonlyMap<string, Source>;
  /** The operators' interface over HTTP: it checks and audits what is done in the console. */
  ask: (request: Request) => Response | Promise<Response>;
}

export type ServeConsole = (c: Context<Env>) => Response | Promise<Response>;

export interface WithConsole extends ConsolePorts {
  openConsole: (deps: ConsoleDeps) => Promise<ServeConsole>;
}

/** Opens the console once. */
export function createConsoleDoor(open: WithConsole["openConsole"], deps: ConsoleDeps): ServeConsole {
  let opening: Promise<ServeConsole> | undefined;
  return async (c) => {
    opening ??= open(deps);
    const serve = await opening;
    return serve(c);
  };
}
