/** Payloads of frameworks that no sample shows. */
import { describe, expect, it } from "vitest";
import type { EventAnswer } from "../../../src/events/source.ts";
import { botFramework } from "../../../src/events/sources/bot-framework.ts";
import { dialogflowCx } from "../../../src/events/sources/dialogflow-cx.ts";
import { dialogflowEs } from "../../../src/events/sources/dialogflow-es.ts";
import { http } from "../../../src/events/sources/http.ts";
import { infobipBot } from "../../../src/events/sources/infobip-bot.ts";
import { rasa } from "../../../src/events/sources/rasa.ts";
import { now } from "../support/payloads.ts";

const eventsOf = ({ toEvents }: typeof rasa, payload: unknown) => {
  const read = toEvents(payload, { now });
  return read.ok ? read.value.map(({ event }) => event) : read.error;
};
const nothing: EventAnswer = {
  ...{ outcome: "accepted", control: "bot", handoffId: null, handoffState: null },
  ...{ reason: null, conversationId: null, message: null },
};

describe("Bot Framework", () => {
  const activity = {
    id: "a1",
    channelId: "directline",
    conversation: { id: "c1" },
    recipient: { id: "b1" },
    from: { id: "u1" },
  };

  it("begins a session where the bot is added to the conversation, and not where a person is", () => {
    const added = (id: string) => ({ ...activity, type: "conversationUpdate", membersAdded: [{ id }] });
    expect(eventsOf(botFramework, added("b1"))).toMatchObject([{ type: "session.started", session: "c1" }]);
    expect(eventsOf(botFramework, added("u1"))).toEqual([]);
  });

  const statusOf = (more: Partial<EventAnswer>) =>
    botFramework.answer?.({ ...activity, type: "message" }, [{ ...nothing, ...more }]);
  const failed = (value: object) => ({ type: "event", name: "handoff.status", value });

  it.each<[Partial<EventAnswer>, object[]]>([
    [{}, []],
    [{ handoffId: "h", handoffState: "parked" }, [failed({ state: "failed" })]],
    [{ handoffId: "h", handoffState: "assigned" }, [failed({ state: "accepted" })]],
    [{ reason: "asked", outcome: "duplicate" }, []],
    [
      { reason: "asked", message: "We are closed." },
      [{ type: "message", text: "We are closed." }, failed({ state: "failed", message: "We are closed." })],
    ],
  ])("says what became of a request: %j", (answer, activities) => {
    expect(statusOf(answer)).toMatchObject({ activities });
  });
});

describe("Dialogflow", () => {
  it("CX reports a webhook that failed as an error of the bot", () => {
    const payload = { sessionInfo: { session: "projects/p/sessions/s1" }, triggerEvent: "webhook.error.timeout" };
    expect(eventsOf(dialogflowCx, payload)).toMatchObject([{ type: "bot.error", error: "webhook.error.timeout" }]);
  });

  const es = (payload: object) => ({
    session: "projects/p/agent/sessions/s1",
    queryResult: { queryText: "hello" },
    originalDetectIntentRequest: { source: "x", payload },
  });

  it.each<[string, object, object]>([
    ["telephony", { telephony: { caller_id: "+385911234567" } }, { phone: "+385911234567" }],
    ["Twilio's WhatsApp", { data: { From: "whatsapp:+385911234567" } }, { phone: "+385911234567" }],
    ["a social network", { data: { sender: { id: "4711" } } }, { externalId: "4711" }],
  ])("ES reads the customer of %s", (_, payload, customer) => {
    expect(eventsOf(dialogflowEs, es(payload))).toMatchObject([{ type: "customer.message", customer }]);
  });

  it("ES sets no context of a payload without a session", () => {
    expect(dialogflowEs.answer?.({}, [{ ...nothing, control: "queue" }])).not.toHaveProperty("outputContexts");
  });
});

it("Rasa does not report the payload of a button as the customer's words", () => {
  const tracker = { sender_id: "r1", latest_message: { text: "/affirm", message_id: "m1" }, events: [] };
  const [event] = eventsOf(rasa, { next_action: "action_human_handoff", sender_id: "r1", tracker }) as [object];
  expect(JSON.stringify(event)).not.toContain("/affirm");
});

it("an Infobip chatbot's webhook has no use for the push of an event of Conversations", () => {
  const push = { from: "385911234567", to: "1", contentType: "EVENT", payload: { type: "TYPING" } };
  expect(eventsOf(infobipBot, push)).toEqual([]);
});

it("a flow builder's placeholder that nobody filled says nothing, and names no session", () => {
  const read = (body: object) => http.toEvents(body, { now });
  expect(read({ session: "%x%" })).toMatchObject({ ok: false });
  expect(read({ session: "{chatId}", phone: "+385911234567" })).toMatchObject({
    value: [{ event: { session: "385911234567" } }],
  });
  expect(read({ session: "s1", name: "%n%" })).toMatchObject({ value: [{ event: { session: "s1" } }] });
  expect(read({ session: "s1", userId: "u1", contactId: "c1" })).toMatchObject({
    value: [{ event: { customer: { externalId: "u1" } } }],
  });
});

it("a request without words of the customer's keeps the history's last of the bot's", () => {
  const messages = [{ role: "assistant", content: "Hello" }];
  expect(http.toEvents({ type: "customer.message", session: "s1", messages }, { now })).toMatchObject({
    value: [{ event: { text: "" }, leftOut: ["messages"] }],
  });
  expect(http.toEvents({ type: "customer.message", session: "s1", messages: [] }, { now })).toMatchObject({
    value: [{ event: { text: "" } }],
  });
});
