import type { Hono } from "hono";
import type { ConsoleDeps, ConsoleEnv } from "../environment.ts";
import { createLive } from "../live.ts";
import { registerHandoff } from "./handoff/register-handoff.ts";
import { registerHandoffs } from "./handoffs.ts";
import { registerNow } from "./now.ts";

export function registerPages(app: Hono<ConsoleEnv>, deps: ConsoleDeps): void {
  const live = createLive(deps);
  app.get("/console/live", (c) => live.serve(c));
  registerNow(app, deps, live);
  registerHandoffs(app, deps, live);
  registerHandoff(app, deps, live);
}
