import { describe, expect, it } from "vitest";
import { defineFlow, type FlowInput } from "../../src/escalation/flow.ts";
import { createWorld } from "../support/world.ts";

const ask = { type: "handoff.requested", reason: "wants a person" };

/** A chat of Answers that waits, in a conversation of the platform's. */
async function createWaiting(more: Partial<FlowInput> = {}, second = "shop-assistant", pushes = true) {
  const base = {
    conversation: { topic: "Chat {{session}}" },
    message: "A colleague comes.",
    tags: ["bot_handoff"],
    rules: [{ reason: "asked", when: { event: "handoff.requested" } }],
  } satisfies Partial<FlowInput>;
  const flows = [defineFlow({ name: "shop", bots: ["shop-assistant"], ...base, ...more })];
  if (second !== "shop-assistant") flows.push(defineFlow({ name: "other", bots: [second], ...base }));
  const world = createWorld((fetch) => fetch, { flows, pushes });
  const { emulator } = world;
  const id = await world.open();
  const [agent] = emulator.state.agents.keys();
  const conversation = () => world.conversations().find((it) => it.id === id);
  const control = (session: string, bot = "shop-assistant") =>
    world.record.read((t) => t.sessions.find(bot, session))?.control;
  const callbacksOf = (session: string) =>
    world.record.read((t) =>
      t.handoffs
        .list({}, 10)
        .flatMap((handoff) => t.callbacks.ofHandoff(handoff.id))
        .filter(({ data }) => data?.session === session)
        .map(({ type }) => type),
    );
  const rest = async () => {
    for (let turn = 0; turn < 4; turn += 1) {
      world.move(1_000);
      await emulator.pushes.idle();
      await world.pass(0);
    }
  };
  return { world, id, agent: agent ?? "", conversation, control, callbacksOf, rest };
}

describe("another session of the bot that names a waiting conversation", () => {
  it("comes to its handoff: a note, no second route, and both follow it to its end", async () => {
    const { world, id, agent, conversation, control, rest } = await createWaiting();
    const first = await world.deliver({ ...ask, session: "u-1", conversationId: id });
    const notes = conversation()?.notes.length ?? 0;
    const second = await world.deliver({ ...ask, session: "u-2", conversationId: id, summary: "It is still broken" });
    expect(second.answer).toMatchObject({
      outcome: "accepted",
      control: "queue",
      handoffId: first.answer.handoffId,
      handoffState: "routed",
      conversationId: id,
      message: "A colleague comes.",
    });
    await world.pass(5_000);
    expect(conversation()).toMatchObject({ routes: 1 });
    expect(conversation()?.notes).toHaveLength(notes + 1);
    expect(JSON.stringify(conversation()?.notes.at(-1))).toContain("It is still broken");

    world.emulator.desk.take(id, agent);
    await rest();
    expect([control("u-1"), control("u-2")]).toEqual(["agent", "agent"]);
    world.emulator.desk.setStatus(id, agent, "SOLVED");
    await rest();
    expect([control("u-1"), control("u-2")]).toEqual(["bot", "bot"]);
    const view = await world.service.core.session("shop-assistant", "u-2");
    expect(view).toMatchObject({ lastHandoff: { id: first.answer.handoffId, state: "returned" } });

    const again = await world.deliver({ ...ask, session: "u-2", conversationId: id });
    expect(again.answer.handoffId).not.toBe(first.answer.handoffId);
    // The agent who solved it still has it.
    expect(again.answer).toMatchObject({ handoffState: "assigned", conversationId: id });
    expect([control("u-1"), control("u-2")]).toEqual(["bot", "agent"]);
    const third = await world.deliver({ ...ask, session: "u-1", conversationId: id });
    expect(third.answer).toMatchObject({ control: "agent", handoffId: again.answer.handoffId });
    expect(conversation()).toMatchObject({ routes: 1 });
  });

  it("follows it though it only names the conversation, and is answered by the same handoff", async () => {
    const { world, id, control } = await createWaiting();
    const first = await world.deliver({ ...ask, session: "u-1", conversationId: id });
    const said = await world.deliver({ type: "customer.message", text: "hello", session: "u-2", conversationId: id });
    expect(said.answer).toMatchObject({ control: "queue", handoffId: first.answer.handoffId });
    expect(control("u-2")).toBe("queue");
  });

  it("shows the agent what it said before it came, once, also where it came by an event without words", async () => {
    const { world, id, conversation } = await createWaiting();
    await world.deliver({ ...ask, session: "u-1", conversationId: id });
    const say = (text: string, session: string) => world.deliver({ type: "customer.message", text, session });
    await say("a parrot", "u-2");
    await say("an owl", "u-1");
    await world.deliver({ type: "bot.error", error: "timeout", session: "u-2", conversationId: id });
    const said = () =>
      [...JSON.stringify(conversation()?.notes).matchAll(/a parrot|an owl|a heron/g)].map(([words]) => words);
    await world.pass(5_000);
    expect(said()).toEqual(["a parrot", "an owl"]);
    await say("a heron", "u-1");
    await world.pass(5_000);
    expect(said()).toEqual(["a parrot", "an owl", "a heron"]);
  });

  it("hears of what happens by callbacks of its own", async () => {
    const { world, id, agent, callbacksOf, rest } = await createWaiting({
      callbacks: { url: "https://bot.example/hooks", events: ["agent.joined", "agent.message", "handoff.returned"] },
    });
    world.emulator.settings.pushTypes = "all";
    await world.deliver({ ...ask, session: "u-1", conversationId: id });
    await world.deliver({ ...ask, session: "u-2", conversationId: id });
    world.emulator.desk.write(id, { channel: "WHATSAPP", from: "385911", to: "shop", text: "hello" });
    world.emulator.desk.take(id, agent);
    await rest();
    world.emulator.desk.reply(id, agent, "Hello, I am Ana");
    await rest();
    world.emulator.desk.setStatus(id, agent, "CLOSED");
    await rest();
    for (const session of ["u-1", "u-2"]) {
      expect(callbacksOf(session)).toEqual(["agent.joined", "agent.message", "handoff.returned"]);
    }
  });

  it("comes to the handoff that goes on where its own last chat was, though it names nothing, while it may go back there", async () => {
    const { world, id, agent, conversation, control, rest } = await createWaiting({ handBack: { graceSeconds: 60 } });
    await world.deliver({ ...ask, session: "u-1", conversationId: id });
    world.emulator.desk.take(id, agent);
    await rest();
    world.emulator.desk.setStatus(id, agent, "SOLVED");
    world.emulator.desk.assign(id, agent, null);
    await rest();
    const again = await world.deliver({ ...ask, session: "u-2", conversationId: id });
    const routes = conversation()?.routes;
    const back = await world.deliver({ ...ask, session: "u-1" });
    expect(back.answer).toMatchObject({
      handoffId: again.answer.handoffId,
      handoffState: "routed",
      conversationId: id,
    });
    expect(control("u-1")).toBe("queue");
    await world.pass(5_000);
    expect(conversation()).toMatchObject({ routes });
  });

  it.each([
    ["brought", null],
    ["brought, in an answer that was lost,", "after"],
    ["may have brought, as far as Baton knows,", "before"],
  ] as const)("ends with it where that one of another bot %s the customer to whoever closed it", async (_, lost) => {
    const { world, id, conversation, control } = await createWaiting(
      { sharesConversationsWith: ["other-assistant"] },
      "other-assistant",
      lost === null,
    );
    const { faults } = world.emulator;
    // The first looks after it fail, too.
    if (lost !== null) {
      faults.add({ operation: "route", kind: "status", status: 500, when: lost, times: 1 });
      faults.add({ operation: "getConversation", kind: "status", status: 500, times: 3 });
    }
    // It has this tag to put on when the other one's route is under way.
    faults.add({ operation: "addTag", kind: "refuse", times: 3 });
    const late = await world.deliver({ ...ask, session: "u-1", conversationId: id });
    await world.pass(1_000);
    await world.pass(1_000);
    const other = await world.deliver({ ...ask, session: "u-2", conversationId: id }, "other-assistant");
    expect(other.answer.handoffState).toBe(lost === null ? "routed" : "pending");
    expect(world.handoff(late.answer.handoffId ?? "")?.state).toBe("pending");
    // Somebody closes it without taking it first.
    await world.emulator.fetch(
      new Request(`https://emulator.invalid/ccaas/1/conversations/${id}`, {
        method: "PATCH",
        headers: { authorization: "App k", "content-type": "application/json" },
        body: JSON.stringify({ status: "CLOSED" }),
      }),
    );
    expect(conversation()).toMatchObject({ status: "CLOSED" });
    for (let second = 0; second < 60; second += 1) await world.pass(1_000);
    expect(world.conversations()).toHaveLength(1);
    for (const { answer } of [late, other]) {
      expect(world.handoff(answer.handoffId ?? "")).toMatchObject({ state: "returned", returnedBecause: "closed" });
    }
    expect(control("u-1")).not.toBe("queue");
  });

  it("while its handoff is parked waits with the bot, and hears when that goes on", async () => {
    const { world, id, control, conversation } = await createWaiting();
    world.emulator.faults.add({ kind: "error-answer", operation: "route", text: "no" });
    const first = await world.deliver({ ...ask, session: "u-1", conversationId: id });
    expect(first.answer.handoffState).toBe("parked");
    const second = await world.deliver({ ...ask, session: "u-2", conversationId: id });
    expect(second.answer).toMatchObject({ control: "bot", handoffId: first.answer.handoffId, handoffState: "parked" });
    await world.operate(`/handoffs/${first.answer.handoffId}/retry`);
    await world.pass(1_000);
    expect([control("u-1"), control("u-2")]).toEqual(["queue", "queue"]);
    expect(conversation()).toMatchObject({ routes: 1 });
  });

  it("while its handoff is on its way waits for the same answer", async () => {
    const { world, id, conversation } = await createWaiting();
    const [first, second] = await Promise.all([
      world.deliver({ ...ask, session: "u-1", conversationId: id }),
      world.deliver({ ...ask, session: "u-2", conversationId: id }),
    ]);
    expect(second.answer).toMatchObject({ handoffId: first.answer.handoffId, handoffState: "routed" });
    expect(conversation()).toMatchObject({ routes: 1 });
  });

  it("is with the bot again where an operator cancels the handoff", async () => {
    const { world, id, control } = await createWaiting();
    world.emulator.faults.add({ kind: "error-answer", operation: "route", text: "no" });
    const first = await world.deliver({ ...ask, session: "u-1", conversationId: id });
    await world.deliver({ ...ask, session: "u-2", conversationId: id });
    await world.operate(`/handoffs/${first.answer.handoffId}/cancel`);
    const next = await world.deliver({ ...ask, session: "u-2" });
    expect(next.answer.handoffId).not.toBe(first.answer.handoffId);
    expect(control("u-1")).toBe("bot");
  });

  it("is assigned again with the handoff that a person takes up again", async () => {
    const { world, id, agent, control, rest } = await createWaiting();
    await world.deliver({ ...ask, session: "u-1", conversationId: id });
    await world.deliver({ ...ask, session: "u-2", conversationId: id });
    world.emulator.desk.take(id, agent);
    await rest();
    world.emulator.desk.setStatus(id, agent, "SOLVED");
    await rest();
    world.emulator.desk.setStatus(id, agent, "OPEN");
    await rest();
    expect([control("u-1"), control("u-2")]).toEqual(["agent", "agent"]);
  });
});

describe("a session that comes to a handoff with words that it said before", () => {
  const said = (session: string, text: string) => ({ type: "customer.message", session, text });

  it("brings them to the agent, in their order and once", async () => {
    const { world, id, conversation } = await createWaiting();
    await world.deliver(said("u-2", "my parcel is broken"));
    world.move(1_000);
    await world.deliver(said("u-2", "it leaks"));
    world.move(1_000);
    await world.deliver({ ...ask, session: "u-1", conversationId: id });
    world.move(1_000);
    await world.deliver(said("u-2", "hello?"));
    await world.deliver({ ...ask, session: "u-2", conversationId: id, summary: "It is still broken" });
    await world.pass(5_000);
    await world.deliver({ ...said("u-2", "thank you"), conversationId: id });
    await world.pass(5_000);
    const notes = JSON.stringify(conversation()?.notes.map(({ content }) => content));
    const words = ["my parcel is broken", "it leaks", "hello?", "It is still broken", "thank you"];
    const places = words.map((text) => notes.indexOf(text));
    expect(places).not.toContain(-1);
    expect(places).toEqual(places.toSorted((one, other) => one - other));
    for (const text of words) expect(notes.split(text)).toHaveLength(2);
    expect(conversation()).toMatchObject({ routes: 1 });
  });

  it("brings them by their times where they were delivered in another order, some before and some after the first note", async () => {
    const { world, id, conversation } = await createWaiting();
    const at = (seconds: number) => new Date(world.now() + seconds * 1_000).toISOString();
    const [first, second, third] = [at(-30), at(-20), at(-10)];
    await world.deliver({ ...said("u-2", "it leaks"), at: second });
    await world.deliver({ ...ask, session: "u-1", conversationId: id });
    await world.deliver({ ...said("u-2", "and it is loud"), at: third });
    await world.deliver({ ...said("u-2", "my parcel is broken"), at: first });
    await world.deliver({ ...ask, session: "u-2", conversationId: id, summary: "It is still broken" });
    await world.pass(5_000);
    const notes = JSON.stringify(conversation()?.notes.map(({ content }) => content));
    const words = ["my parcel is broken", "it leaks", "and it is loud"];
    const places = words.map((text) => notes.indexOf(text));
    expect(places).not.toContain(-1);
    expect(places).toEqual(places.toSorted((one, other) => one - other));
  });

  it("has none of them told twice that it says while the first note is still to be written", async () => {
    const { world, id, conversation } = await createWaiting();
    world.emulator.faults.add({ kind: "status", status: 429, operation: "patchConversation", times: 1 });
    await world.deliver({ ...ask, session: "u-1", conversationId: id });
    await world.deliver({ type: "session.started", session: "u-2", conversationId: id });
    await world.deliver(said("u-2", "are you there?"));
    await world.pass(5_000);
    await world.deliver(said("u-2", "thank you"));
    await world.pass(5_000);
    const notes = JSON.stringify(conversation()?.notes.map(({ content }) => content));
    for (const text of ["are you there?", "thank you"]) expect(notes.split(text)).toHaveLength(2);
  });
});

describe("another bot that the flow shares its conversations with, and that names a waiting one", () => {
  it("brings its context and no second route, and both hear of the end", async () => {
    const { world, id, agent, conversation, control, rest } = await createWaiting(
      { sharesConversationsWith: ["other-bot"] },
      "other-bot",
    );
    await world.deliver({ ...ask, session: "u-1", conversationId: id });
    const second = await world.deliver({ ...ask, session: "u-2", conversationId: id }, "other-bot");
    expect(second.answer).toMatchObject({ handoffId: "01H0002", handoffState: "routed", control: "queue" });
    expect(conversation()).toMatchObject({ routes: 1 });
    world.emulator.desk.take(id, agent);
    await rest();
    expect([control("u-1"), control("u-2", "other-bot")]).toEqual(["agent", "agent"]);
    world.emulator.desk.setStatus(id, agent, "CLOSED");
    await rest();
    expect([control("u-1"), control("u-2", "other-bot")]).toEqual(["bot", "bot"]);
  });
});

describe("a poll", () => {
  it("finds the end for all sessions of a conversation", async () => {
    const { world, id, agent, control } = await createWaiting(
      { sharesConversationsWith: ["other-bot"] },
      "other-bot",
      false,
    );
    await world.deliver({ ...ask, session: "u-1", conversationId: id });
    await world.deliver({ ...ask, session: "u-2", conversationId: id });
    await world.deliver({ ...ask, session: "u-3", conversationId: id }, "other-bot");
    world.move(1_000);
    world.emulator.desk.take(id, agent);
    world.emulator.desk.setStatus(id, agent, "CLOSED");
    await world.service.resume();
    await world.pass(31_000);
    await world.pass(31_000);
    expect([control("u-1"), control("u-2"), control("u-3", "other-bot")]).toEqual(["bot", "bot", "bot"]);
  });
});

describe("erasing one of the sessions of a conversation", () => {
  const BOT = "shop-assistant";
  it("waits for their handoff, takes what it said out of the other's, and leaves the other whole", async () => {
    const { world, id, agent, control, rest } = await createWaiting();
    await world.deliver({ ...ask, session: "u-1", conversationId: id });
    await world.deliver({ ...ask, session: "u-2", conversationId: id, summary: "canary-of-u-2" });
    await world.pass(5_000);
    const { core } = world.service;
    expect(await core.eraseSession(BOT, "u-2")).toMatchObject({ ok: false, error: { reason: "handoff-open" } });
    world.emulator.desk.take(id, agent);
    world.emulator.desk.setStatus(id, agent, "CLOSED");
    await rest();
    expect(await core.eraseSession(BOT, "u-2")).toMatchObject({ ok: true });
    const kept = JSON.stringify(await core.exportSession(BOT, "u-1", 0));
    expect(kept).not.toContain("canary-of-u-2");
    expect(kept).toContain(id);
    expect(control("u-1")).toBe("bot");
  });

  it("of the one whose handoff it was leaves the other able to ask", async () => {
    const { world, id, agent, rest } = await createWaiting();
    await world.deliver({ ...ask, session: "u-1", conversationId: id });
    await world.deliver({ ...ask, session: "u-2", conversationId: id });
    await world.pass(5_000);
    world.emulator.desk.take(id, agent);
    world.emulator.desk.setStatus(id, agent, "CLOSED");
    await rest();
    expect(await world.service.core.eraseSession(BOT, "u-1")).toMatchObject({ ok: true });
    expect(await world.service.core.session(BOT, "u-2")).toMatchObject({ session: { control: "bot", follows: null } });
    expect((await world.deliver({ ...ask, session: "u-2" })).answer.handoffState).toBe("routed");
  });
});
