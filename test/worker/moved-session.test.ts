import { beforeAll, describe, expect, it } from "vitest";
import { GUEST_BOT, SHARING_BOT } from "./flows.ts";
import {
  BOT,
  calls,
  conversationOf,
  createEvent,
  openConversation,
  push,
  request,
  sqlOf,
  stubFor,
  stubOf,
  take,
} from "./objects.ts";

beforeAll(async () => {
  // The first request creates the read model.
  expect((await request("/readyz")).status).toBe(200);
});

const asked = (conversationId: string, more: object = {}) => ({ type: "handoff.requested", conversationId, ...more });
const said = (text: string) => ({ text });
const notesOf = async (id: string): Promise<string> =>
  (await calls())
    .filter(({ operation, path }) => operation === "createNote" && path.includes(id))
    .map(({ body }) => JSON.stringify(body))
    .join("\n");
const close = (id: string) =>
  conversationOf(id).receivePushes("default", [
    push(`${id}-closed`, id, { type: "conversation.status", status: "closed" }),
  ]);

async function isToldInOrder(id: string, texts: readonly string[]): Promise<void> {
  await expect.poll(async () => (await notesOf(id)).includes(texts.at(-1) ?? "")).toBe(true);
  const notes = await notesOf(id);
  const places = texts.map((text) => notes.indexOf(text));
  expect(places).not.toContain(-1);
  expect(places).toEqual(places.toSorted((one, other) => one - other));
  for (const text of texts) expect(notes.split(text)).toHaveLength(2);
}

describe("a session that goes on in another's object", () => {
  it("brings what was said in it before to the agent, and what is known of its customer", async () => {
    const id = await openConversation();
    await take("has-the-line", asked(id));
    await take("comes-late", said("my parcel is broken"));
    await take("comes-late", { ...said("it leaks"), customer: { name: "Ana Anić" } });
    expect(await take("comes-late", asked(id, { summary: "A leak" }))).toMatchObject({ handoffState: "routed" });
    await isToldInOrder(id, ["my parcel is broken", "it leaks", "A leak"]);
    expect((await stubOf("comes-late").session(BOT, "comes-late"))?.session.facts.customer).toEqual({
      name: "Ana Anić",
    });
    const exported = await stubOf("comes-late").exportSession(BOT, "comes-late", 0);
    expect(exported?.events.map(({ type }) => type)).toEqual([
      "customer.message",
      "customer.message",
      "handoff.requested",
    ]);
  });

  it("knows again what it was told before", async () => {
    const id = await openConversation();
    await take("known-host", asked(id));
    const event = createEvent("known-late", said("my parcel is broken"));
    const deliver = async () =>
      (await stubOf("known-late").take(BOT, "baton", [{ event, hasSenderId: true }], 0))[0]?.outcome;
    expect(await deliver()).toBe("accepted");
    await take("known-late", asked(id));
    expect(await deliver()).toBe("duplicate");
  });

  it("names the handoff of a repeated request also where that stayed behind", async () => {
    const [own, next] = [await openConversation(), await openConversation()];
    const event = createEvent("left-behind", asked(own));
    const deliver = async () =>
      (await stubOf("left-behind").take(BOT, "baton", [{ event, hasSenderId: true }], 20_000))[0];
    const first = await deliver();
    expect(first).toMatchObject({ outcome: "accepted", handoffState: "routed" });
    await close(own);
    await take("next-host", asked(next));
    await take("left-behind", asked(next, { summary: "Again" }));
    const { handoffId, reason } = first ?? {};
    expect(await deliver()).toMatchObject({ outcome: "duplicate", handoffId, reason });
  });

  it("takes its words along from one to the next, and back", async () => {
    const [first, second, third] = [await openConversation(), await openConversation(), await openConversation()];
    await take("host-1", asked(first));
    await take("host-2", asked(second));
    await take("wanders", asked(first));
    await close(first);
    await take("wanders", said("where is my refund"));
    await take("wanders", asked(second, { summary: "A refund" }));
    await isToldInOrder(second, ["where is my refund", "A refund"]);
    await close(second);
    await take("wanders", said("it did not come"));
    await take("host-1", asked(third));
    await take("wanders", asked(third, { summary: "Still none" }));
    await isToldInOrder(third, ["it did not come", "Still none"]);
    const exported = await stubOf("wanders").exportSession(BOT, "wanders", 0);
    expect(exported?.events).toHaveLength(5);
    expect(exported?.handoffs).toHaveLength(0);
  });

  it("has them in a handoff of its own, where it is another bot's", async () => {
    const id = await openConversation();
    const takeAs = (bot: string, session: string, given: object) =>
      stubFor(bot, session).take(bot, "baton", [{ event: createEvent(session, given), hasSenderId: true }], 20_000);
    await takeAs(SHARING_BOT, "shares", asked(id));
    await takeAs(GUEST_BOT, "is-guest", { ...said("my flight is late"), customer: { phone: "+385911234567" } });
    await takeAs(GUEST_BOT, "is-guest", asked(id, { summary: "A flight" }));
    await isToldInOrder(id, ["A flight", "my flight is late"]);
    expect(await notesOf(id)).toContain("+385911234567");
  });

  it("is exported and erased with all that it left on its way", async () => {
    const [own, first, second] = [await openConversation(), await openConversation(), await openConversation()];
    const { handoffId } = await take("leaves", asked(own));
    await close(own);
    await take("way-1", asked(first));
    await take("way-2", asked(second));
    await take("leaves", asked(first, { summary: "canary-of-leaves" }));
    await expect.poll(() => notesOf(first)).toContain("canary-of-leaves");
    await close(first);
    await take("leaves", asked(second));
    await close(second);
    const exported = await stubOf("leaves").exportSession(BOT, "leaves", 0);
    expect(exported?.handoffs.map(({ handoff }) => handoff.id)).toEqual([handoffId]);
    expect(exported?.events.filter(({ type }) => type === "handoff.requested")).toHaveLength(3);
    const erased = await stubOf("leaves").eraseSession(BOT, "leaves");
    expect(erased).toMatchObject({ ok: true, value: { conversations: [first, own, second].toSorted() } });
    for (const name of ["leaves", "way-1", "way-2"]) {
      for (const table of ["sessions", "events", "steps"]) {
        const rows = JSON.stringify(await sqlOf(stubOf(name), `SELECT * FROM ${table}`));
        expect(rows).not.toMatch(/canary-of-leaves|"leaves"/);
      }
    }
    expect(await stubOf("leaves").exportSession(BOT, "leaves", 0)).toBeNull();
    expect(await stubOf("way-1").session(BOT, "way-1")).not.toBeNull();
  });
});
