import { describe, expect, it } from "vitest";
import { defineFlow, type FlowInput } from "../../src/escalation/flow.ts";
import { createDoor, leftOutOf } from "../support/door.ts";

const common = {
  conversation: { topic: "Chat {{session}}" },
  message: "A colleague comes.",
  tags: ["bot_handoff"],
  rules: [{ reason: "asked", when: { event: "handoff.requested" } }],
  callbacks: { url: "https://bots.example/hooks", events: ["agent.joined", "agent.message", "handoff.returned"] },
} satisfies Partial<FlowInput>;

/** Two banks' bots at one desk. `ours` is the flow that has the conversation. */
function createTwo(ours: Partial<FlowInput> = {}, theirs: Partial<FlowInput> = {}) {
  const flows = [
    defineFlow({ name: "ours", bots: ["our-bot"], ...common, ...ours }),
    defineFlow({ name: "theirs", bots: ["their-bot"], ...common, ...theirs }),
  ];
  const door = createDoor({ flows, bot: "our-bot" });
  door.emulator.settings.pushTypes = "all";
  /** Everything in the outbox for a bot. */
  const toldTo = (bot: string): string =>
    door.record.read((t) =>
      JSON.stringify(
        t.handoffs
          .list({ bot }, 50)
          .flatMap(({ id }) => t.callbacks.ofHandoff(id))
          .map(({ type, data }) => ({ type, data })),
      ),
    );
  return { ...door, toldTo };
}

const ROUTES = {
  events: (conversationId: string) => ["/events", { type: "handoff.requested", session: "s-2", conversationId }],
  handoffs: (conversationId: string) => ["/handoffs", { session: "s-2", conversationId, summary: "mine" }],
  answers: (conversationId: string) => ["/webhooks/answers", { sessionId: "s-2", conversationId }],
  flow: (conversationId: string) => ["/webhooks/flow", { sessionId: "s-2", conversationId }],
} satisfies Record<string, (id: string) => [string, object]>;

describe("a bot that names the conversation of another bot's open handoff", () => {
  it.each(Object.entries(ROUTES))("by %s gets one of its own, and is told so", async (_, route) => {
    const door = createTwo();
    const id = await door.chatAtPlatform("hello");
    await door.ask({ session: "s-1", conversationId: id, summary: "the red one is broken" });
    const before = structuredClone({ ...door.byId(id), notes: door.notesOf(door.byId(id)) });
    const [path, body] = route(id);
    const second = await door.post(path, body, {}, "their-bot");
    expect(leftOutOf(second)).toContain("conversationId");
    expect(second.body).toMatchObject({ handoffState: "routed", control: "queue" });
    expect(second.body.conversationId).not.toBe(id);
    await door.later(10_000);
    const after = door.byId(id);
    expect({ ...after, notes: door.notesOf(after) }).toEqual(before);
    expect(door.conversations()).toHaveLength(2);

    await door.take(id);
    door.emulator.desk.reply(id, door.agent, "your PIN letter is on its way");
    await door.rest();
    expect((await door.session("s-1")).body.control).toBe("agent");
    expect((await door.session("s-2", "their-bot")).body.control).toBe("queue");
    expect(door.toldTo("our-bot")).toContain("PIN letter");
    expect(door.toldTo("their-bot")).not.toContain("PIN letter");
    await door.finish("CLOSED", id);
    expect((await door.session("s-1")).body.control).toBe("bot");
    expect((await door.session("s-2", "their-bot")).body.control).toBe("queue");
    const exported = await door.service.core.exportSession("their-bot", "s-2", 0);
    expect(JSON.stringify(exported)).not.toMatch(/PIN letter|red one/);
    expect(exported?.conversations.map((it) => it.id)).not.toContain(id);
    expect(await door.service.core.eraseSession("our-bot", "s-1")).toMatchObject({ ok: true });
  });

  it("without asking for anything is in none, and hears nothing of it", async () => {
    const door = createTwo();
    const { body } = await door.ask({ session: "s-1" });
    const id = body.conversationId ?? "";
    const said = { type: "customer.message", session: "s-2", text: "hello", conversationId: id };
    const second = await door.events(said, "their-bot");
    expect(second.body).toMatchObject({ control: "bot", conversationId: null, leftOut: ["conversationId"] });
    await door.take(id);
    expect((await door.session("s-2", "their-bot")).body).toMatchObject({ control: "bot", conversationId: null });
  });

  it("gets its own also where both are bots of one flow", async () => {
    const door = createTwo({ bots: ["our-bot", "our-other-bot"] });
    const { body } = await door.ask({ session: "s-1" });
    const second = await door.ask({ session: "s-2", conversationId: body.conversationId }, "our-other-bot");
    expect(second.body).toMatchObject({ leftOut: ["conversationId"], handoffState: "routed" });
    expect(second.body.conversationId).not.toBe(body.conversationId);
  });

  it("comes to it where the flow that has it shares it, and not where only its own flow would", async () => {
    const shared = createTwo({ sharesConversationsWith: ["their-bot"] });
    const conversationId = await shared.chatAtPlatform("hello");
    await shared.ask({ session: "s-1", conversationId });
    const second = await shared.ask({ session: "s-2", conversationId }, "their-bot");
    expect(second.body).toMatchObject({ conversationId, control: "queue" });
    expect(second.body.leftOut).toBeUndefined();
    await shared.take(conversationId);
    shared.emulator.desk.reply(conversationId, shared.agent, "I can help you both");
    await shared.rest();
    expect(shared.toldTo("their-bot")).toContain("help you both");

    const other = createTwo({}, { sharesConversationsWith: ["our-bot"] });
    const ours = await other.ask({ session: "s-1" });
    const theirs = await other.ask({ session: "s-2", conversationId: ours.body.conversationId }, "their-bot");
    expect(theirs.body).toMatchObject({ leftOut: ["conversationId"] });
  });

  it("gets it once that handoff is over, and whoever had it hears no more of it", async () => {
    const door = createTwo();
    const id = await door.chatAtPlatform("hello");
    await door.ask({ session: "s-1", conversationId: id });
    await door.take(id);
    await door.finish("SOLVED", id);
    const second = await door.ask({ session: "s-2", conversationId: id }, "their-bot");
    expect(second.body).toMatchObject({ conversationId: id });
    await door.later(2_000);
    const told = door.toldTo("our-bot");
    door.emulator.desk.reply(id, door.agent, "now about the other matter");
    await door.rest();
    expect(door.toldTo("their-bot")).toContain("other matter");
    expect(door.toldTo("our-bot")).toBe(told);
    expect((await door.session("s-1")).body.control).toBe("bot");
    // The bot remembers the conversation, which is another's now.
    const again = await door.ask({ session: "s-1", conversationId: id });
    expect(again.body).toMatchObject({ leftOut: ["conversationId"], handoffState: "routed" });
    expect(again.body.conversationId).not.toBe(id);
  });

  it("leaves one that it remembers, once another's handoff has it", async () => {
    const door = createTwo();
    const id = await door.chatAtPlatform("hello");
    await door.events({ type: "customer.message", session: "s-2", text: "hi", conversationId: id }, "their-bot");
    await door.ask({ session: "s-1", conversationId: id });
    const second = await door.ask({ session: "s-2" }, "their-bot");
    expect(second.body).toMatchObject({ handoffState: "routed" });
    expect(second.body.leftOut).toBeUndefined();
    expect(second.body.conversationId).not.toBe(id);
  });

  it("does not go back to it within its grace", async () => {
    const door = createTwo({}, { handBack: { graceSeconds: 3_600 } });
    const id = await door.chatAtPlatform("hello");
    await door.ask({ session: "s-2", conversationId: id }, "their-bot");
    await door.take(id);
    await door.finish("SOLVED", id);
    await door.ask({ session: "s-1", conversationId: id });
    const again = await door.ask({ session: "s-2" }, "their-bot");
    expect(again.body.conversationId).not.toBe(id);
  });

  it("does not take it from a chat that a person took without a handoff", async () => {
    const door = createTwo();
    const id = await door.chatAtPlatform("hello");
    const said = { type: "customer.message", session: "s-1", text: "hi", conversationId: id };
    await door.events(said);
    await door.take(id);
    expect((await door.session("s-1")).body.control).toBe("agent");
    const second = await door.ask({ session: "s-2", conversationId: id }, "their-bot");
    expect(second.body).toMatchObject({ leftOut: ["conversationId"] });
    expect(second.body.conversationId).not.toBe(id);
    await door.finish("CLOSED", id);
    expect((await door.session("s-1")).body.control).toBe("bot");
  });

  it("has its own conversation of that id at another account", async () => {
    const door = createTwo({}, { account: "other" });
    const { body } = await door.ask({ session: "s-1" });
    const second = await door.ask({ session: "s-2", conversationId: body.conversationId }, "their-bot");
    expect(second.body.leftOut).toBeUndefined();
  });
});

describe("a session of the same bot", () => {
  it("that a person took without a handoff follows the one that is opened there", async () => {
    const door = createTwo();
    const id = await door.chatAtPlatform("hello");
    await door.events({ type: "customer.message", session: "s-1", text: "hi", conversationId: id });
    await door.take(id);
    const second = await door.ask({ session: "s-2", conversationId: id });
    expect(second.body).toMatchObject({ conversationId: id, control: "agent" });
    await door.finish("CLOSED", id);
    for (const session of ["s-1", "s-2"]) expect((await door.session(session)).body.control).toBe("bot");
  });
});

describe("a conversation that a create made after all", () => {
  it("is its maker's, whoever has named it meanwhile", async () => {
    const door = createTwo();
    const lost = { kind: "reset", operation: "createConversation", when: "after" } as const;
    door.emulator.faults.add(lost, { kind: "status", operation: "listConversations", status: 500 });
    await door.post("/handoffs", { session: "s-1" }, { prefer: "respond-async" });
    await door.tick(100, 50);
    const id = door.last().id;
    door.emulator.faults.add({ kind: "status", operation: "patchConversation", status: 500, times: 2 });
    const prefer = { prefer: "respond-async" };
    await door.post("/handoffs", { session: "s-2", conversationId: id }, prefer, "their-bot");
    await door.later(20_000, 500);
    expect((await door.session("s-1")).body).toMatchObject({ control: "queue", conversationId: id });
    const theirs = await door.session("s-2", "their-bot");
    expect(theirs.body).toMatchObject({ control: "queue", conversationId: expect.any(String) });
    expect(theirs.body.conversationId).not.toBe(id);
    expect(door.byId(theirs.body.conversationId).routes).toBe(1);
  });
});
