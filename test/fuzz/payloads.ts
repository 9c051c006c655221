/** Real payloads of each source. */
import { readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { postsOf, readSample, samplePaths } from "../../src/replay/sample.ts";

const SAMPLES = resolve(import.meta.dirname, "../../flows/retail-support/samples");

/** Bodies in a framework's samples that its source accepts. */
function bodiesIn(folder: string): unknown[] {
  return samplePaths(join(SAMPLES, folder)).flatMap((path) => {
    const file = readSample(path);
    if (!file.ok) throw new Error(`${path} ${file.error}`);
    // An answer names its status if that is not 200.
    const { answers } = file.value.sample.expected as { answers: unknown[] };
    const isTaken = (answer: unknown): boolean =>
      typeof answer === "object" && answer !== null && !("status" in answer);
    return postsOf(file.value.sample).flatMap(({ to, body }, index) =>
      to === `webhooks/${folder}` && isTaken(answers[index]) && typeof body === "object" ? [body] : [],
    );
  });
}

const folders = readdirSync(SAMPLES, { withFileTypes: true }).filter((entry) => entry.isDirectory());
const ofSamples = Object.fromEntries(folders.map(({ name }) => [name, bodiesIn(name)]));

const conversationId = "0123456789ABCDEF0123456789ABCDEF";
const at = "2026-11-23T10:00:00.000+0000";

export const realistic: Record<string, readonly unknown[]> = {
  ...ofSamples,
  baton: [
    {
      id: "e1",
      session: "s1",
      at: "2026-11-23T10:00:00Z",
      type: "customer.message",
      text: "Where is my order?",
      conversationId,
      channel: "WHATSAPP",
      customer: { name: "Ana", phone: "+385911234567", email: "ana@example.com", externalId: "c-1" },
      attributes: { orderId: "A-1042", plan: "gold", items: 3, isNew: false },
      language: "en",
      intent: { name: "order", confidence: 0.9 },
      sentiment: -0.2,
    },
    {
      id: "e2",
      session: "s1",
      type: "handoff.requested",
      reason: "the customer asked",
      summary: "Wants to return a jacket.",
      transcript: [
        { author: "customer", text: "hello", at: "2026-11-23T10:00:00Z" },
        { author: "bot", text: "Hi, how can I help?" },
      ],
      tags: ["returns", "web"],
      priority: "HIGH",
      queue: "Support",
    },
    [
      { id: "e3", session: "s1", type: "bot.fallback", text: "?" },
      { id: "e4", session: "s1", type: "bot.error", error: "timeout" },
    ],
  ],
  answers: [
    {
      uniqueSessionId: "u-1",
      sessionId: "s-1",
      conversationId,
      sourceType: "WHATSAPP",
      phoneNumber: "385911234567",
      displayName: "Ana",
      lastReceivedTextMessage: "I want a person",
      reason: "the customer asked",
      tags: "returns, web",
      orderId: "A-1042",
    },
    {
      id: "a-2",
      type: "customer_message",
      uniqueSessionId: "u-1",
      text: '{"type":"TEXT","content":"hello"}',
      intent: "order",
      confidence: "0.8",
      sentiment: "-0.5",
      transcript: '[{"role":"user","content":"hello"}]',
    },
  ],
  flow: [
    {
      participantId: "p-1",
      msisdn: "+385 91 123 4567",
      identifier: "385911234567",
      message: "help",
      timestamp: 1_795_000_000,
    },
    { session: "s1", type: "bot.fallback", customer: '{"name":"Ana"}', attributes: { step: "3" } },
  ],
  "infobip-bot": [
    {
      id: "m-1",
      conversationId,
      direction: "INBOUND",
      channel: "WHATSAPP",
      from: "385911234567",
      to: "447860000000",
      contentType: "TEXT",
      content: { text: "I want a person" },
      createdAt: at,
      singleSendMessage: {
        from: { type: "PHONE_NUMBER", phoneNumber: "385911234567" },
        socialContext: { username: "ana" },
      },
    },
  ],
};
