import { type Context, Hono } from "hono";
import { z } from "zod";
import { MESSAGE_TEXT_MAX, statusSchema } from "../conversations/schema.ts";
import type { Result } from "../result.ts";
import type { Desk, DeskRefusal } from "./desk.ts";
import { parsed, problem, readJson } from "./json-request.ts";

const filterSchema = z.strictObject({
  agentId: z.string().optional(),
  queueId: z.string().optional(),
  status: statusSchema.optional(),
});
const takeSchema = z.strictObject({ agentId: z.string(), ownQueuesOnly: z.boolean().default(false) });
const replySchema = z.strictObject({ agentId: z.string(), text: z.string().min(1).max(MESSAGE_TEXT_MAX) });
const setStatusSchema = z.strictObject({ agentId: z.string(), status: statusSchema });

function answer(c: Context, result: Result<object, DeskRefusal>): Response {
  if (result.ok) return c.json(result.value);
  switch (result.error.reason) {
    case "unknown-conversation":
      return problem(c, 404, "No such conversation");
    case "unknown-agent":
      return problem(c, 404, "No such agent");
    case "closed":
      return problem(c, 409, "The conversation is closed");
    case "taken":
      return problem(c, 409, "Another agent has the conversation");
    case "not-in-queue":
      return problem(c, 409, "The conversation waits in no queue of this agent");
    case "not-assigned":
      return problem(c, 409, "The agent does not have the conversation");
  }
}

/** The desk over HTTP. */
export function deskRoutes(desk: Desk): Hono {
  return new Hono()
    .get("/conversations", (c) => {
      const filter = parsed(c, filterSchema, c.req.query());
      return filter.ok ? c.json({ conversations: desk.list(filter.value) }) : filter.error;
    })
    .get("/conversations/:id", (c) => answer(c, desk.show(c.req.param("id"))))
    .post("/conversations/:id/take", async (c) => {
      const body = await readJson(c, takeSchema);
      return body.ok ? answer(c, desk.take(c.req.param("id"), body.value.agentId, body.value)) : body.error;
    })
    .post("/conversations/:id/reply", async (c) => {
      const body = await readJson(c, replySchema);
      return body.ok ? answer(c, desk.reply(c.req.param("id"), body.value.agentId, body.value.text)) : body.error;
    })
    .post("/conversations/:id/status", async (c) => {
      const body = await readJson(c, setStatusSchema);
      if (!body.ok) return body.error;
      return answer(c, desk.setStatus(c.req.param("id"), body.value.agentId, body.value.status));
    });
}
