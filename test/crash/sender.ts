/** A bot that delivers as senders do: it repeats a delivery without an answer, with the same id. */
import { createHash } from "node:crypto";
import { answerSchema } from "../../src/handoff/use-cases/event-answer.ts";
import { BOT, SECRET } from "./service-process.ts";

export interface Delivery {
  session: string;
  /** Id of the event in the record. */
  eventId: string;
  asksForPerson: boolean;
  path: "events" | "handoffs";
  headers: Record<string, string>;
  body: Record<string, unknown>;
  /** Every answer with 2xx. */
  answers: { handoffId: string | null }[];
  /** Answers other than 2xx. */
  refusals: string[];
}

/** Longer than any answer waits. */
const ANSWER_WITHIN_MS = 30_000;

/**
 * Returns the deliveries of one chat: a first message, and one of the ways to ask for a person. `conversationId`: the chat
 * already has a conversation.
 */
export function deliveriesOf(session: string, way: number, conversationId?: string): Delivery[] {
  const common = { session, ...(conversationId !== undefined && { conversationId }) };
  const delivery = (given: Pick<Delivery, "eventId" | "body"> & Partial<Delivery>): Delivery => ({
    session,
    asksForPerson: true,
    path: "events",
    headers: way % 2 === 0 ? { prefer: "respond-async" } : {},
    answers: [],
    refusals: [],
    ...given,
  });
  const event = (eventId: string, fields: object, asksForPerson: boolean): Delivery =>
    delivery({ eventId, asksForPerson, body: { ...common, id: eventId, ...fields } });

  const greeting = event(`${session}-1`, { type: "customer.message", text: "Where is my order?" }, false);
  switch (way % 3) {
    case 0:
      return [greeting, event(`${session}-2`, { type: "handoff.requested", reason: "stuck" }, true)];
    case 1:
      return [greeting, event(`${session}-2`, { type: "customer.message", text: "Get me an agent" }, true)];
    default: {
      const key = `${session}-key`;
      const eventId = `key-${createHash("sha256").update(key).digest("base64url")}`;
      const headers = { ...(way % 2 === 0 && { prefer: "respond-async" }), "idempotency-key": key };
      return [greeting, delivery({ eventId, path: "handoffs", headers, body: common })];
    }
  }
}

export const isAnswered = ({ answers }: Delivery): boolean => answers.length > 0;

/** Delivers once; true: the answer was 2xx. A broken connection is no answer. */
export async function deliver(url: string, delivery: Delivery): Promise<boolean> {
  try {
    const response = await fetch(`${url}/v1/bots/${BOT}/${delivery.path}`, {
      method: "POST",
      headers: { ...delivery.headers, authorization: `Bearer ${SECRET}`, "content-type": "application/json" },
      body: JSON.stringify(delivery.body),
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
    });
    const text = await response.text();
    if (response.ok) delivery.answers.push(answerSchema.parse(JSON.parse(text)));
    else delivery.refusals.push(`${response.status} ${text}`);
    return response.ok;
  } catch {
    // The process is gone.
    return false;
  }
}

/** Sends a chat's deliveries in their order, up to the first without an answer. */
export async function deliverInOrder(url: string, deliveries: readonly Delivery[]): Promise<void> {
  for (const delivery of deliveries) {
    if (!(await deliver(url, delivery))) return;
  }
}
