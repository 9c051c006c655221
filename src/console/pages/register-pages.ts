import type { Hono } from "hono";
import type { ConsoleDeps, ConsoleEnv } from "../environment.ts";
import { createLive } from "../live.ts";
import { registerAudit } from "./audit.ts";
import { registerDryRun } from "./dry-run/register-dry-run.ts";
import { registerFaults } from "./faults.ts";
import { registerBacktest } from "./flows/register-backtest.ts";
import { registerFlows } from "./flows/register-flows.ts";
import { registerHandoff } from "./handoff/register-handoff.ts";
import { registerHandoffs } from "./handoffs.ts";
import { registerNow } from "./now.ts";
import { registerSessions } from "./sessions.ts";
import { registerWhy } from "./why.ts";

export function registerPages(app: Hono<ConsoleEnv>, deps: ConsoleDeps): void {
  const live = createLive(deps);
  app.get("/console/live", (c) => live.serve(c));
  for (const register of [
    registerNow,
    registerHandoffs,
    registerHandoff,
    registerSessions,
    registerWhy,
    registerFlows,
    registerBacktest,
    registerDryRun,
    registerFaults,
    registerAudit,
  ]) {
    register(app, deps, live);
  }
}
