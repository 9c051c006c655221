import { type Context, Hono } from "hono";
import { z } from "zod";
import { statusSchema } from "../../infobip/schema.ts";
import type { Result } from "../../result.ts";
import { agentStatusSchema } from "../api/account/agents.ts";
import { problem, readJson, readQuery } from "../control/validate.ts";
import { BOT_CHANNELS } from "../state/vocabulary.ts";
import { agentsWords, customersWords } from "./content.ts";
import type { Desk, DeskRefusal } from "./desk.ts";

const filterSchema = z.strictObject({
  agentId: z.string().optional(),
  queueId: z.string().optional(),
  status: statusSchema.optional(),
});
const takeSchema = z.strictObject({ agentId: z.string(), ownQueuesOnly: z.boolean().default(false) });
const replySchema = agentsWords({ agentId: z.string() });
const setStatusSchema = z.strictObject({ agentId: z.string(), status: statusSchema });

const assignSchema = z.strictObject({ agentId: z.string(), to: z.string().nullable() });
const address = z.string().min(1).max(255);
const inboundSchema = customersWords({
  from: address,
  to: address,
  channel: z.enum(BOT_CHANNELS),
  name: address.optional(),
});
const writeSchema = customersWords({
  from: z.string().min(1).max(255).optional(),
  to: z.string().min(1).max(255).optional(),
  channel: z
    .string()
    .regex(/^[A-Z_]{1,64}$/)
    .optional(),
  name: z.string().min(1).max(255).optional(),
});
const availabilitySchema = z.strictObject({ status: agentStatusSchema });

/** Status and text for each refusal. */
export const REFUSALS: Record<DeskRefusal["reason"], [status: 404 | 409, text: string]> = {
  "unknown-conversation": [404, "No such conversation"],
  "unknown-agent": [404, "No such agent"],
  "unknown-assignee": [404, "No such agent or bot"],
  closed: [409, "The conversation is closed"],
  taken: [409, "Another agent has the conversation"],
  "not-in-queue": [409, "The conversation waits in no queue of this agent"],
  "not-assigned": [409, "The agent does not have the conversation"],
  "no-channel": [409, "Nobody can be answered: no message with a channel is in the conversation yet"],
};

function answer(c: Context, result: Result<object, DeskRefusal>): Response {
  return result.ok ? c.json(result.value) : problem(c, ...REFUSALS[result.error.reason]);
}

/** The desk over HTTP. */
export function deskRoutes(desk: Desk): Hono {
  return new Hono()
    .get("/conversations", readQuery(filterSchema), (c) => c.json({ conversations: desk.list(c.req.valid("query")) }))
    .get("/conversations/:id", (c) => answer(c, desk.show(c.req.param("id"))))
    .post("/conversations/:id/take", async (c) => {
      const body = await readJson(c, takeSchema);
      return body.ok ? answer(c, desk.take(c.req.param("id"), body.value.agentId, body.value)) : body.error;
    })
    .post("/conversations/:id/reply", async (c) => {
      const body = await readJson(c, replySchema);
      if (!body.ok) return body.error;
      const { agentId, ...said } = body.value;
      return answer(c, desk.reply(c.req.param("id"), agentId, said));
    })
    .post("/conversations/:id/status", async (c) => {
      const body = await readJson(c, setStatusSchema);
      if (!body.ok) return body.error;
      return answer(c, desk.setStatus(c.req.param("id"), body.value.agentId, body.value.status));
    })
    .post("/conversations/:id/assign", async (c) => {
      const body = await readJson(c, assignSchema);
      return body.ok ? answer(c, desk.assign(c.req.param("id"), body.value.agentId, body.value.to)) : body.error;
    })
    .post("/messages", async (c) => {
      const body = await readJson(c, inboundSchema);
      if (!body.ok) return body.error;
      const { from, to, channel, name, ...said } = body.value;
      return answer(c, desk.receive({ said, from, to, channel, name }));
    })
    .post("/conversations/:id/write", async (c) => {
      const body = await readJson(c, writeSchema);
      if (!body.ok) return body.error;
      const { from, to, channel, name, ...said } = body.value;
      return answer(c, desk.write(c.req.param("id"), { said, from, to, channel, name }));
    })
    .delete("/conversations/:id", (c) => answer(c, desk.remove(c.req.param("id"))))
    .post("/agents/:id/status", async (c) => {
      const body = await readJson(c, availabilitySchema);
      return body.ok ? answer(c, desk.setAvailability(c.req.param("id"), body.value.status)) : body.error;
    });
}
