import { beforeAll, describe, expect, it } from "vitest";
import { BOT, request } from "./objects.ts";

beforeAll(async () => {
  // The first request creates the read model.
  expect((await request("/readyz")).status).toBe(200);
});

const post = async (path: string, body: unknown, headers: Record<string, string> = {}) => {
  const answer = await request(`/v1/bots/${BOT}${path}`, {
    method: "POST",
    headers: { authorization: "Bearer development-secret", "content-type": "application/json", ...headers },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
  return { status: answer.status, body: (await answer.json()) as unknown };
};
const text = expect.stringContaining("colleague");

describe("on Workers, a framework", () => {
  it("is answered in its own form", async () => {
    const cx = {
      detectIntentResponseId: "turn-1",
      fulfillmentInfo: { tag: "handoff" },
      sessionInfo: { session: "projects/p/locations/l/agents/a/sessions/cx-1" },
      text: "somebody, please",
      messages: [{ text: { text: ["One moment."] } }],
    };
    expect(await post("/webhooks/dialogflow-cx", cx)).toMatchObject({
      status: 200,
      body: {
        fulfillmentResponse: { messages: [{ text: { text: [text] } }, { liveAgentHandoff: {} }] },
        sessionInfo: { parameters: { baton_control: "queue" } },
      },
    });
    expect(await post("/webhooks/dialogflow-cx", { ...cx, fulfillmentInfo: {}, text: undefined })).toEqual({
      status: 200,
      body: {},
    });
    expect(await post("/webhooks/rasa", "{")).toMatchObject({ status: 422 });
    const rasa = { next_action: "action_human_handoff", sender_id: "rasa-1", tracker: { events: [] } };
    const long = { ...rasa, domain: { responses: "x".repeat(2_000_000) } };
    expect(await post("/webhooks/rasa", long)).toMatchObject({ status: 200, body: { responses: [{ text }] } });
  });

  it("sends events of several kinds at once, and a form", async () => {
    const activity = (fields: object) => ({ conversation: { id: "bf-1" }, from: { id: "u", role: "user" }, ...fields });
    const activities = [
      activity({ type: "message", id: "1", text: "my kettle leaks" }),
      activity({ type: "event", id: "2", name: "handoff.initiate" }),
    ];
    expect(await post("/webhooks/bot-framework", { activities })).toMatchObject({
      status: 200,
      body: { control: "queue", activities: [{ type: "message", text }] },
    });
    const form = { "content-type": "application/x-www-form-urlencoded" };
    expect(await post("/webhooks/http", "session=form-1&text=somebody+please", form)).toMatchObject({
      status: 200,
      body: { control: "queue" },
    });
  });

  it("sends CloudEvents", async () => {
    const event = {
      specversion: "1.0",
      type: "customer.message",
      source: "/bots/1",
      id: "1",
      subject: "ce-1",
      data_base64: btoa(JSON.stringify({ text: "a human, please" })),
    };
    const structured = { "content-type": "application/cloudevents+json" };
    expect(await post("/events", event, structured)).toMatchObject({ status: 200, body: { control: "queue" } });
    const headers = { "ce-specversion": "1.0", "ce-type": "customer.message", "ce-source": "/bots/2", "ce-id": "1" };
    expect(await post("/events", { text: "hello" }, { ...headers, "ce-subject": "ce%2d1" })).toMatchObject({
      body: { outcome: "accepted", control: "queue" },
    });
  });
});
