/** The CloudEvents SDK for JavaScript, as somebody sends events with it. */
import { CloudEvent, emitterFor, HTTP, httpTransport, Mode } from "cloudevents";
import { expect, it } from "vitest";
import { toCloudEvent } from "../../src/callbacks/envelope.ts";
import type { Callback } from "../../src/model/callback.ts";
import { createServedDoor } from "../support/served.ts";
import { SECRET } from "../support/world.ts";

const headers = { authorization: `Bearer ${SECRET}` };
const about = { source: "https://bots.example/shop", subject: "chat-1" };

async function sender(mode: Mode) {
  const door = await createServedDoor();
  const emit = emitterFor(httpTransport(`${door.url}/v1/bots/shop-assistant/events`), { mode });
  const send = async (event: CloudEvent<unknown>): Promise<Record<string, unknown>> => {
    const { body } = (await emit(event, { headers })) as { body: string };
    return JSON.parse(body) as Record<string, unknown>;
  };
  return { door, send };
}

it.each([Mode.STRUCTURED, Mode.BINARY])("the SDK sends events in mode %s", async (mode) => {
  const { door, send } = await sender(mode);
  const started = new CloudEvent({ ...about, type: "com.example.session.started", data: { channel: "web" } });
  expect(await send(started)).toMatchObject({ outcome: "accepted", control: "bot" });
  expect(await send(started)).toMatchObject({ outcome: "duplicate" });
  const asks = new CloudEvent({
    ...about,
    type: "customer.message",
    data: { text: "a human, please" },
    partitionkey: "7",
  });
  const answer = await send(asks);
  expect(answer).toMatchObject({ outcome: "accepted", control: "queue", reason: "customer-asked" });
  expect(answer).not.toHaveProperty("leftOut");
  const said = new CloudEvent({
    ...about,
    type: "customer.message",
    datacontenttype: "text/plain",
    data: "it is urgent",
  });
  expect(await send(said)).toMatchObject({ outcome: "accepted", control: "queue" });
  await door.later(3_000);
  expect(door.note()).toContain("it is urgent");
  const ended = new CloudEvent({ ...about, type: "session.ended", data: {} });
  expect(await send(ended)).toMatchObject({ outcome: "accepted", control: "nobody" });
});

it("the SDK's events go in a batch, too", async () => {
  const door = await createServedDoor();
  const events = ["one", "a human, please"].map(
    (text) => new CloudEvent({ ...about, type: "customer.message", data: { text } }),
  );
  const answer = await fetch(`${door.url}/v1/bots/shop-assistant/events`, {
    method: "POST",
    headers: { ...headers, "content-type": "application/cloudevents-batch+json" },
    body: `[${events.map((event) => HTTP.structured(event).body).join(",")}]`,
  });
  expect([answer.status, await answer.json()]).toMatchObject([200, [{ reason: null }, { reason: "customer-asked" }]]);
});

it("the SDK reads what Baton tells a bot", () => {
  const callback = {
    id: "01H0001-agent-joined-1",
    bot: "shop-assistant",
    type: "agent.joined",
    createdAt: 0,
  } as Callback;
  const body = toCloudEvent(callback, {
    bot: "shop-assistant",
    session: "chat-1",
    handoffId: "01H0001",
    state: "assigned",
    control: "agent",
    reason: null,
    conversationId: "C",
  });
  const read = HTTP.toEvent({ headers: { "content-type": "application/cloudevents+json" }, body });
  expect(read).toMatchObject({ type: expect.stringContaining("agent.joined"), data: { control: "agent" } });
});
