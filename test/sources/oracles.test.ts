/** Answers held against the frameworks' own schemas, where the registry has them. */
import { activityZodSchema } from "@microsoft/agents-activity";
import { describe, expect, it } from "vitest";
import { realistic } from "../fuzz/payloads.ts";
import { createDoor } from "../support/door.ts";

describe("the Microsoft 365 Agents SDK", () => {
  it("takes every activity of an answer, before, while and after an agent has the chat", async () => {
    const door = createDoor();
    const about = { conversation: { id: "c1" }, from: { id: "u1", role: "user" }, channelId: "directline" };
    const told: string[] = [];
    const post = async (activity: object): Promise<void> => {
      const { text } = await door.post("/webhooks/bot-framework", { ...about, ...activity });
      const { activities = [] } = JSON.parse(text) as { activities?: { type: string }[] };
      for (const one of activities) {
        expect(activityZodSchema.safeParse(one).error?.message, JSON.stringify(one)).toBeUndefined();
        told.push(one.type);
      }
      await door.later(3_000);
    };
    await post({ type: "event", name: "handoff.initiate", id: "1", value: { va_LastPhrase: "a person" } });
    await door.take();
    await post({ type: "message", id: "2", text: "are you there?" });
    await post({ type: "event", name: "handoff.initiate", id: "3", value: { va_LastPhrase: "a person!" } });
    await door.finish();
    await post({ type: "message", id: "4", text: "and now?" });
    expect(told).toEqual(expect.arrayContaining(["message", "event"]));
  });

  it("takes the payloads that Baton's tests believe in", () => {
    const activities = (realistic["bot-framework"] ?? []).flatMap((payload) => {
      const { activities: several } = payload as { activities?: unknown[] };
      return several ?? [payload];
    });
    for (const activity of activities) {
      expect(activityZodSchema.safeParse(activity).error?.message, JSON.stringify(activity)).toBeUndefined();
    }
  });
});
