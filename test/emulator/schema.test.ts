import { describe, expect, it } from "vitest";
import type { z } from "zod";
import * as wire from "../../src/infobip/schema.ts";
import { createAccount } from "./create-account.ts";

describe("answers", () => {
  it("are what the product's own schemas read, nothing of theirs missing", async () => {
    const { call, open } = createAccount({ settings: { withChannel: true } });
    const id = await open({ topic: "t", status: "WAITING" });
    const path = `/conversations/${id}`;
    const message = { from: "1", to: "2", channel: "SMS", contentType: "TEXT", content: { text: "hi" } };
    const answers: [z.ZodType, string, string, unknown?][] = [
      [wire.conversationSchema, "GET", path],
      [wire.conversationPageSchema, "GET", "/conversations"],
      [wire.routingSimulationSchema, "GET", `${path}/simulate-routing`],
      [wire.statusCodeSchema, "POST", `${path}/tags`, { tagName: "unhappy" }],
      [wire.tagPageSchema, "GET", "/tags"],
      [wire.noteSchema, "POST", `${path}/notes`, { content: "n" }],
      [wire.notePageSchema, "GET", `${path}/notes`],
      [wire.messageSchema, "POST", `${path}/messages`, message],
      [wire.messagePageSchema, "GET", `${path}/messages`],
      [wire.metadataSchema, "GET", `${path}/metadata`],
    ];
    for (const [schema, method, target, body] of answers) {
      const answer = await call(method, target, body);
      expect([target, answer.status]).toEqual([target, 200]);
      expect(schema.parse(answer.body)).toEqual(answer.body);
    }
    const wider: [z.ZodType, string][] = [
      [wire.queuePageSchema, "/queues"],
      [wire.agentPageSchema, "/agents"],
      [wire.botPageSchema, "/bots"],
      [wire.routingPageSchema, "/routing"],
      [wire.workingHoursStatusSchema, "/working-hours/5EED00000000000000000000000000E1/status"],
    ];
    for (const [schema, target] of wider) {
      const { body } = await call("GET", target);
      expect(body).toMatchObject(schema.parse(body) as object);
    }
  });
});
