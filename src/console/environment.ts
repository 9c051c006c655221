import type { Context } from "hono";
import type { Operator } from "../config/operators.ts";
import type { ConsoleDeps } from "../http/access/console-door.ts";
import type { Env } from "../http/answer.ts";

/** A request to the console: the context of the interface around it, and who asks. */
export type ConsoleEnv = {
  Bindings: { outer: Context<Env> };
  Variables: { operator: Operator };
};
export type ConsoleContext = Context<ConsoleEnv>;

/** Everything that the pages ask. */
export type { ConsoleDeps };
