import { describe, expect, it } from "vitest";
import { defineFlow } from "../../src/escalation/flow.ts";
import { createDoor, type Reply } from "../support/door.ts";

const common = {
  conversation: { topic: "Chat {{session}}" },
  message: "A colleague comes.",
  rules: [{ reason: "asked", when: { event: "handoff.requested" } }],
} as const;
const SECRET_WORDS = "the red one is broken";
const THEIRS = "their-bot";

/**
 * Our bot has a session, a handoff with an agent's messages, a key, an event and a conversation. The other bot tries each of
 * them.
 */
async function createOurs(isShared: boolean) {
  const sharesConversationsWith = isShared ? [THEIRS] : [];
  const flows = [
    defineFlow({ name: "ours", bots: ["our-bot"], ...common, rules: [...common.rules], sharesConversationsWith }),
    defineFlow({ name: "theirs", bots: [THEIRS], ...common, rules: [...common.rules] }),
  ];
  const door = createDoor({ flows, bot: "our-bot" });
  door.emulator.settings.pushTypes = "all";
  const conversation = await door.chatAtPlatform("hello");
  const body = { session: "s-1", conversationId: conversation, summary: SECRET_WORDS };
  const first = await door.post("/handoffs", body, { "idempotency-key": "k-1" });
  await door.events({ id: "e-1", type: "customer.message", session: "s-1", text: SECRET_WORDS });
  await door.later(5_000);
  const handoff = first.body.handoffId ?? "";
  const ours = async (): Promise<string> => {
    const { events, handoffs, session } = (await door.service.core.exportSession("our-bot", "s-1", 0)) ?? {};
    const at = door.byId(conversation);
    return JSON.stringify({ events, handoffs, session, at: { ...at, notes: door.notesOf(at) } });
  };
  return { door, conversation, handoff, ours };
}

type Named = { conversation: string; handoff: string };
/** Every route of the API for bots, with each name of ours that it can carry. */
const TRIES: Record<string, (door: ReturnType<typeof createDoor>, named: Named) => Promise<Reply>> = {
  "an event of the session's name": (door) =>
    door.events({ id: "x-1", type: "customer.message", session: "s-1", text: "hi" }, THEIRS),
  "an event of the same id": (door) =>
    door.events({ id: "e-1", type: "customer.message", session: "s-1", text: SECRET_WORDS }, THEIRS),
  "the end of the session": (door) => door.events({ id: "x-2", type: "session.ended", session: "s-1" }, THEIRS),
  "a request with the same key": (door, { conversation }) =>
    door.post(
      "/handoffs",
      { session: "s-1", conversationId: conversation, summary: SECRET_WORDS },
      { "idempotency-key": "k-1" },
      THEIRS,
    ),
  "a request in the conversation": (door, { conversation }) =>
    door.ask({ session: "s-2", conversationId: conversation }, THEIRS),
  "an event in the conversation": (door, { conversation }) =>
    door.events({ type: "customer.message", session: "s-3", text: "hi", conversationId: conversation }, THEIRS),
  "the end of a session in the conversation": (door, { conversation }) =>
    door.events({ type: "session.ended", session: "s-3", conversationId: conversation }, THEIRS),
  "answers in the conversation": (door, { conversation }) =>
    door.webhook("answers", { sessionId: "s-4", conversationId: conversation }, THEIRS),
  "flow in the conversation": (door, { conversation }) =>
    door.webhook("flow", { sessionId: "s-5", conversationId: conversation }, THEIRS),
  "infobip-bot in the conversation": (door, { conversation }) =>
    door.webhook(
      "infobip-bot",
      {
        ...{ id: "msg-1", channel: "VIBER", from: "385912345678", to: "shop", direction: "INBOUND" },
        ...{ conversationId: conversation, contentType: "TEXT", content: { text: "agent" } },
      },
      THEIRS,
    ),
  "the handoff": (door, { handoff }) => door.send(`/handoffs/${handoff}`, {}, THEIRS),
  "the session": (door) => door.session("s-1", THEIRS),
  "a session of the conversation's id": (door, { conversation }) => door.session(conversation, THEIRS),
};
/** These join a conversation that is shared. */
const COMES_IN = new Set(
  Object.keys(TRIES).filter((name) => name.includes("conversation") || name.includes("same key")),
);

describe.each([false, true])("what is another bot's, where conversations are shared: %s", (isShared) => {
  it.each(Object.keys(TRIES))("is not read, written or ended by %s", async (name) => {
    const { door, conversation, handoff, ours } = await createOurs(isShared);
    const before = await ours();
    const reply = await TRIES[name]?.(door, { conversation, handoff });
    await door.later(5_000);
    expect(reply?.text).not.toContain(handoff);
    expect(reply?.text).not.toContain(SECRET_WORDS);
    const isLet = isShared && COMES_IN.has(name);
    if (!isLet) {
      expect(reply?.body.conversationId ?? null).not.toBe(conversation);
      expect(await ours()).toBe(before);
    }
    expect((await door.session("s-1")).body).toMatchObject({ control: "queue", conversationId: conversation });
    expect((await door.send(`/handoffs/${handoff}`)).status).toBe(200);
    // An agent takes the chat, writes and ends it: only the bot that has it gets that.
    await door.take(conversation);
    expect((await door.session("s-1")).body.control).toBe("agent");
    for (const session of ["s-1", "s-2", "s-3", "s-4", "s-5", conversation]) {
      const view = await door.session(session, THEIRS);
      if (!isLet && view.status === 200) expect(view.body.control).not.toBe("agent");
    }
    await door.finish("CLOSED", conversation);
    expect((await door.session("s-1")).body.control).toBe("bot");
  });

  it("stays unread by whoever asks for what is not theirs", async () => {
    const { door, handoff } = await createOurs(isShared);
    expect((await door.send(`/handoffs/${handoff}`, {}, THEIRS)).status).toBe(404);
    expect((await door.session("s-1", THEIRS)).status).toBe(404);
  });
});
