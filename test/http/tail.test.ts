import { describe, expect, it } from "vitest";
import { retailSupport } from "../../flows/retail-support/flow.ts";
import type { TailPage } from "../../src/http/views/tail-view.ts";
import { sampleSchema } from "../../src/replay/sample.ts";
import { realistic } from "../fuzz/payloads.ts";
import { createDoor, type Door } from "../support/door.ts";
import { OPERATOR_TOKEN } from "../support/world.ts";

const asOperator = { authorization: `Bearer ${OPERATOR_TOKEN}` };

async function begin(door: Door, query = ""): Promise<string> {
  const answer = await door.request(`/v1/tail${query}`, { method: "POST", headers: asOperator });
  expect(answer.status).toBe(201);
  return ((await answer.json()) as { id: string }).id;
}
const ask = (door: Door, id: string, after = 0, headers: Record<string, string> = {}) =>
  door.request(`/v1/tail/${id}?after=${after}`, { headers: { ...asOperator, ...headers } });
const look = async (door: Door, id: string, after = 0) => (await (await ask(door, id, after)).json()) as TailPage;

describe("a tail", () => {
  it("shows what bots post as samples that lead to the same again", async () => {
    const door = createDoor();
    const id = await begin(door);
    await door.webhook("voiceflow", {
      user_id: "385911234567",
      last_utterance: "I am Iva Horvat, my card is 4111 1111 1111 1111, get me a human",
      name: "Iva Horvat",
      email: "iva@example.com",
      order_id: "A-1042",
    });
    const { received, next, missed } = await look(door, id);
    expect([next, missed]).toEqual([1, 0]);
    expect(sampleSchema.safeParse(received[0]).success).toBe(true);
    expect(received).toEqual([
      {
        title: "webhooks/voiceflow, answered 200",
        bot: "shop-assistant",
        at: "2026-11-23T10:00:00.000Z",
        posts: [
          {
            to: "webhooks/voiceflow",
            body: {
              user_id: "session-1",
              last_utterance: expect.stringMatching(/^I am Customer 1, my card is .*, get me a human$/),
              name: "Customer 1",
              email: "customer-1@example.invalid",
              order_id: "A-1042",
            },
          },
        ],
      },
    ]);
    const again = createDoor();
    const reply = await again.webhook("voiceflow", received[0]?.posts[0]?.body);
    expect(reply.body).toMatchObject({ control: "queue", reason: "customer-asked" });
  });

  it("keeps a chat one chat, and two customers two", async () => {
    const door = createDoor();
    const id = await begin(door);
    const say = (session: string) => door.events({ type: "customer.message", session, text: "hello" });
    for (const session of ["385911234567", "385921234567", "385911234567"]) await say(session);
    const { received } = await look(door, id);
    expect(received.map(({ posts }) => posts[0]?.body)).toMatchObject([
      { session: "session-1" },
      { session: "session-2" },
      { session: "session-1" },
    ]);
  });

  it.each(Object.entries(realistic).filter(([name]) => name !== "baton"))(
    "of %s has nobody's name, address or session, and reads as before",
    async (name, payloads) => {
      for (const payload of payloads) {
        const door = createDoor();
        const id = await begin(door);
        const first = await door.post(`/webhooks/${name}`, payload, { prefer: "respond-async" });
        const { received } = await look(door, id);
        const text = JSON.stringify(received);
        for (const personal of personalIn(door)) {
          expect(text).not.toMatch(new RegExp(`(?<!\\w)${personal.replace(/[^\w]/g, "\\$&")}(?!\\w)`));
        }
        const body = received[0]?.posts[0]?.body;
        const again = await createDoor().post(`/webhooks/${name}`, body, { prefer: "respond-async" });
        expect([again.status, Object.keys(again.body)], text).toEqual([first.status, Object.keys(first.body)]);
      }
    },
  );

  it("hides who it is in what says nothing of use, too", async () => {
    const door = createDoor();
    const id = await begin(door);
    const from = { id: "29:1abcDEF", name: "Iva Horvat" };
    await door.webhook("bot-framework", { type: "typing", from, conversation: { id: "a:9xyz" } });
    const { received } = await look(door, id);
    expect(received[0]?.posts[0]?.body).toEqual({
      type: "typing",
      from: { id: "session-1", name: "session-2" },
      conversation: { id: "session-3" },
    });
  });

  it("shows CloudEvents with the headers that they are in, and requests for a handoff", async () => {
    const door = createDoor();
    const id = await begin(door);
    const headers = {
      "content-type": "application/json",
      "ce-specversion": "1.0",
      "ce-type": "customer.message",
      "ce-source": "/shop",
      "ce-id": "e-1",
      "ce-subject": "385911234567",
    };
    await door.post("/events", { text: "hello" }, headers);
    await door.ask({ session: "385911234567", reason: "call 385911234567" });
    const { received } = await look(door, id);
    expect(received.map(({ posts }) => posts[0])).toEqual([
      {
        to: "events",
        headers: {
          "ce-specversion": "1.0",
          "ce-type": "customer.message",
          "ce-source": "/shop",
          "ce-id": "e-1",
          "ce-subject": "session-1",
        },
        body: { text: "hello" },
      },
      { to: "handoffs", body: { session: "session-1", reason: "call session-1" } },
    ]);
  });

  it("shows of a body that cannot be read its shape alone", async () => {
    const door = createDoor();
    const id = await begin(door);
    await door.post("/events", '{"session":"chat-1","text":"I am Iva');
    const { received } = await look(door, id);
    expect(received[0]).toMatchObject({ title: "events, answered 400" });
    expect(received[0]?.posts[0]?.body).toBe('{"session":"xxxxxx","text":"x xx xxx');
  });

  it("shows no words of a flow that keeps none", async () => {
    const flow = retailSupport;
    const door = createDoor({ flows: [{ ...flow, note: { ...flow.note, transcript: false } }] });
    const id = await begin(door);
    await door.events({ type: "customer.message", session: "s1", text: "help" });
    await door.ask({ session: "s1", messages: [{ role: "user", content: "my lamp is broken" }] });
    const shown = JSON.stringify((await look(door, id)).received);
    for (const words of ["help", "lamp"]) expect(shown).not.toContain(words);
  });

  it("shows nothing to or of whoever has wrong credentials, and is begun by those alone who may act", async () => {
    const operators = [
      { name: "ana", token: OPERATOR_TOKEN, mayAct: true },
      { name: "grafana", token: "may-look-only", mayAct: false },
    ];
    const door = createDoor({ operators });
    const id = await begin(door);
    await door.post("/events", { type: "session.started", session: "s1" }, { authorization: "Bearer wrong" });
    expect((await look(door, id)).received).toEqual([]);
    expect((await ask(door, id, 0, { authorization: "Bearer wrong" })).status).toBe(401);
    const refused = await door.request("/v1/tail", {
      method: "POST",
      headers: { authorization: "Bearer may-look-only" },
    });
    expect(refused.status).toBe(403);
    const audit = await (await door.request("/v1/audit", { headers: asOperator })).json();
    expect(audit).toMatchObject({
      entries: [
        { act: "tail", operator: "grafana", outcome: "read-only" },
        { act: "tail", operator: "ana", outcome: "done" },
      ],
    });
  });

  it("may be of one bot", async () => {
    const door = createDoor();
    const id = await begin(door, "?bot=another");
    await door.events({ type: "session.started", session: "s1" });
    expect((await look(door, id)).received).toEqual([]);
  });

  it("waits for the next post as long as it is asked to", async () => {
    const door = createDoor();
    const id = await begin(door);
    const pending = ask(door, id, 0, { prefer: "wait=20" });
    await door.tick(5_000);
    await door.events({ type: "session.started", session: "s1" });
    const answer = await pending;
    expect([answer.headers.get("preference-applied"), await answer.json()]).toMatchObject(["wait=20", { next: 1 }]);
    const quiet = ask(door, id, 1, { prefer: "wait=2" });
    await door.tick(2_500);
    expect(await (await quiet).json()).toEqual({ received: [], next: 1, missed: 0 });
  });

  it("holds a bounded number of posts and bytes, and says how many it missed", async () => {
    const door = createDoor();
    const id = await begin(door);
    for (let turn = 0; turn < 205; turn += 1) await door.events({ type: "session.started", session: `s${turn}` });
    const first = await look(door, id);
    expect([first.received.length, first.missed, first.next]).toEqual([200, 5, 205]);
    const long = "The kettle leaks. ".repeat(20_000);
    for (let turn = 0; turn < 10; turn += 1) {
      await door.events({ type: "customer.message", session: "s", id: `m${turn}`, text: `${turn} ${long}` });
    }
    const second = await look(door, id, first.next);
    expect(JSON.stringify(second).length).toBeLessThan(2.2 * 1024 * 1024);
    expect(second.received.length + second.missed).toBe(10);
    await door.events({ type: "customer.message", session: "s", text: long.repeat(2) });
    const third = await look(door, id, second.next);
    expect(third.received).toMatchObject([{ title: expect.stringContaining("too long to show"), posts: [] }]);
  });

  it("ends a minute after the last look, and when four others are begun", async () => {
    const door = createDoor();
    const first = await begin(door);
    await door.later(50_000);
    expect((await ask(door, first)).status).toBe(200);
    await door.later(61_000);
    expect((await ask(door, first)).status).toBe(404);
    const second = await begin(door);
    for (let turn = 0; turn < 4; turn += 1) await begin(door);
    expect((await ask(door, second)).status).toBe(404);
  });

  it("lets whoever waits go when the service stops", async () => {
    const door = createDoor();
    const id = await begin(door);
    const pending = ask(door, id, 0, { prefer: "wait=25" });
    await door.tick(1_000);
    await door.service.stop();
    expect((await pending).status).toBe(200);
  });
});

/** Lists the personal values of customers in the record. */
function personalIn(door: Door): string[] {
  const facts = door.record.read((t) => t.events.list(1_000)).map(({ body }) => body as Record<string, unknown>);
  return facts.flatMap(({ session, customer }) => {
    const { name, ...known } = (customer ?? {}) as Record<string, string>;
    return [session, ...Object.values(known), ...(name?.split(" ") ?? [])].filter(
      (it): it is string => typeof it === "string" && it.length > 3,
    );
  });
}
