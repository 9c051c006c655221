import type { Escalation, Subject } from "../../src/escalation/decide.ts";
import { defineFlow, type Flow, type FlowInput } from "../../src/escalation/flow.ts";
import { hoursSchema, isSchedule, type Schedule } from "../../src/escalation/hours.ts";
import { type Event, eventSchema } from "../../src/events/event.ts";
import { type Facts, noFacts } from "../../src/events/facts.ts";

export const AT = "2026-11-23T10:00:00Z";
export const NOW = Date.parse(AT);

export const event = (given: object): Event => eventSchema.parse({ id: "e1", session: "s1", at: AT, ...given });
export const message = (text: string, more: object = {}): Event => event({ type: "customer.message", text, ...more });
export const intent = (confidence: number, name = "order") => ({ intent: { name, confidence } });

export const subject = (facts: Partial<Facts> = {}): Subject => ({
  bot: "b",
  session: "s1",
  conversationId: null,
  facts: { ...noFacts, ...facts },
});

export const valid: FlowInput = {
  name: "f",
  bots: ["b"],
  conversation: { topic: "Chat {{session}}" },
  rules: [{ reason: "r", when: { event: "bot.error" } }],
};

export const flowWith = (more: Partial<FlowInput>): Flow => defineFlow({ ...valid, ...more });

export const escalation = (more: Partial<Escalation> = {}): Escalation => ({
  ...{ rule: "r", reason: "r", tags: [], priority: "NORMAL", queue: null, course: "now", message: "Please wait." },
  ...{ leftOut: { tags: [], queue: null, priority: null }, why: [] },
  ...more,
});

export function scheduleOf(timeZone: string, weekly: Schedule["weekly"], holidays: unknown[] = []): Schedule {
  const hours = hoursSchema.parse({ timeZone, weekly, holidays });
  if (!isSchedule(hours)) throw new Error("no schedule");
  return hours;
}
