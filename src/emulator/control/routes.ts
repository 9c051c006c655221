import { Hono } from "hono";
import { z } from "zod";
import { toAgent } from "../api/account/agents.ts";
import { toBot } from "../api/account/bots.ts";
import { toQueue } from "../api/account/queues.ts";
import { toRule } from "../api/account/routing-rules.ts";
import { toWorkingHours } from "../api/account/working-hours.ts";
import type { CallLog } from "../api/call-log.ts";
import type { Platform } from "../api/platform.ts";
import { type Faults, faultSchema } from "../faults/faults.ts";
import type { Pushes } from "../pushes/pushes.ts";
import { settingsSchema } from "../settings/settings.ts";
import { toDate } from "../state/dates.ts";
import { parsed, readJson, readQuery } from "./validate.ts";

interface ControlDeps extends Platform {
  calls: CallLog;
  faults: Faults;
  pushes: Pushes;
  /** Every conversation with all that belongs to it. */
  conversations: () => unknown[];
}

const newFaultsSchema = z.union([z.array(faultSchema), faultSchema.transform((fault) => [fault])]);
const patchSchema = z.record(z.string(), z.unknown());
const pushSchema = z.looseObject({
  type: z.string(),
  timestamp: z.string().optional(),
  payload: z.record(z.string(), z.unknown()),
});
const afterSchema = z.object({ after: z.coerce.number().int().nonnegative().default(0) });

/** Routes that the real platform does not have: faults, settings and logs of an emulator that runs on its own. */
export function controlRoutes({ store, settings, calls, faults, pushes, conversations }: ControlDeps): Hono {
  const { state } = store;
  return new Hono()
    .get("/faults", (c) => c.json({ faults: faults.pending() }))
    .post("/faults", async (c) => {
      const given = await readJson(c, newFaultsSchema);
      if (!given.ok) return given.error;
      faults.add(...given.value);
      return c.json({ faults: faults.pending() }, 201);
    })
    .delete("/faults", (c) => {
      faults.clear();
      return c.json({ faults: [] });
    })
    .get("/settings", (c) => c.json(settings))
    .patch("/settings", async (c) => {
      const patch = await readJson(c, patchSchema);
      if (!patch.ok) return patch.error;
      const changed = parsed(c, settingsSchema, { ...settings, ...patch.value });
      return changed.ok ? c.json(Object.assign(settings, changed.value)) : changed.error;
    })
    .get("/state", (c) =>
      c.json({
        conversations: conversations(),
        tags: [...state.tags.keys()],
        queues: [...state.queues.values()].map((queue) => toQueue(queue, state, settings)),
        defaultQueueId: state.defaultQueueId,
        agents: [...state.agents.values()].map((agent) => ({
          ...toAgent(agent, settings),
          email: agent.email,
          queueIds: agent.queueIds,
        })),
        bots: [...state.bots.values()].map(toBot),
        rules: state.rules.map((rule, index) => toRule(rule, index + 1, state, settings)),
        workingHours: [...state.workingHours.values()].map(toWorkingHours),
      }),
    )
    .get("/calls", readQuery(afterSchema), (c) => {
      const { after } = c.req.valid("query");
      return c.json({ calls: calls.calls.filter(({ n }) => n > after) });
    })
    .get("/pushes", readQuery(afterSchema), (c) => {
      const { after } = c.req.valid("query");
      return c.json({ pushes: pushes.log.filter(({ n }) => n > after) });
    })
    .post("/pushes", async (c) => {
      const given = await readJson(c, pushSchema);
      if (!given.ok) return given.error;
      const { timestamp = toDate(store.now(), settings), ...event } = given.value;
      pushes.push({ ...event, timestamp });
      return c.json({ subscriptions: [...state.subscriptions.keys()] }, 202);
    });
}
