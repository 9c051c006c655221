import { beforeAll, describe, expect, it } from "vitest";
import { defineFlow, type FlowInput, flowsByBot } from "../../src/escalation/flow.ts";
import { sharingBots, sharingFlows } from "../../src/worker/session/sharing-bots.ts";
import { GUEST_BOT, SHARING_BOT } from "./flows.ts";
import { calls, conversationOf, createEvent, openConversation, push, request, shown, stubFor } from "./objects.ts";

beforeAll(async () => {
  // The first request creates the read model.
  expect((await request("/readyz")).status).toBe(200);
});

async function takeAs(bot: string, session: string, given: object, waitMs = 20_000) {
  const events = [{ event: createEvent(session, { type: "handoff.requested", ...given }), hasSenderId: true }];
  const [answer] = await stubFor(bot, session).take(bot, "baton", events, waitMs);
  if (answer === undefined) throw new Error("an event has an answer");
  return answer;
}
const routesOf = async (id: string) =>
  (await calls()).filter(({ operation, path }) => operation === "route" && path.includes(id)).length;
const controlOf = async (bot: string, session: string) =>
  (await stubFor(bot, session).session(bot, session))?.session.control;
const close = (id: string) =>
  conversationOf(id).receivePushes("default", [
    push(`${id}-closed`, id, { type: "conversation.status", status: "closed" }),
  ]);
const stateOf = async ({ handoffId }: { handoffId: string | null }) => (await shown(handoffId ?? "")).state;

describe("sharingBots", () => {
  const flow = (name: string, more: Partial<FlowInput> = {}) =>
    defineFlow({
      name,
      bots: [name],
      conversation: { topic: "Chat" },
      message: "A colleague comes.",
      rules: [{ reason: "asked", when: { event: "handoff.requested" } }],
      ...more,
    });

  it("are those that share with a bot or get shared, also by way of another, in one account", () => {
    const byBot = flowsByBot([
      flow("a", { bots: ["a", "a-too"], sharesConversationsWith: ["b"] }),
      flow("b", { sharesConversationsWith: ["c", "elsewhere"] }),
      flow("c"),
      flow("alone", { bots: ["alone", "alone-too"] }),
      flow("elsewhere", { account: "other" }),
    ]);
    for (const bot of ["a", "a-too", "b", "c"]) {
      expect([...sharingBots(byBot, bot)].toSorted()).toEqual(["a", "a-too", "b", "c"]);
    }
    expect([...sharingBots(byBot, "alone")]).toEqual(["alone"]);
    expect([...sharingBots(byBot, "unknown")]).toEqual(["unknown"]);
    expect(sharingFlows(byBot, ["c", "unknown"]).map(({ name }) => name)).toEqual(["c", "b", "a"]);
  });
});

describe("two bots, of which one shares its conversations with the other", () => {
  it("route a conversation once where both come to it in the same moment", async () => {
    const id = await openConversation();
    const asked = { conversationId: id };
    const answers = await Promise.all([
      takeAs(SHARING_BOT, "at-once-1", asked),
      takeAs(GUEST_BOT, "at-once-2", asked),
      takeAs(SHARING_BOT, "at-once-3", asked),
      takeAs(GUEST_BOT, "at-once-4", asked),
    ]);
    expect(answers.map(({ conversationId }) => conversationId)).toEqual([id, id, id, id]);
    // Each bot has a handoff of its own.
    expect(new Set(answers.map(({ handoffId }) => handoffId)).size).toBe(2);
    await expect.poll(() => Promise.all(answers.map(stateOf))).toEqual(Array(4).fill("routed"));
    expect(await routesOf(id)).toBe(1);
    await close(id);
    expect(await controlOf(SHARING_BOT, "at-once-1")).toBe("bot");
    expect(await controlOf(GUEST_BOT, "at-once-2")).toBe("bot");
  });

  it("route it once also where nobody waits, whoever is first", async () => {
    const id = await openConversation();
    const answers = await Promise.all([
      takeAs(GUEST_BOT, "first-2", { conversationId: id }, 0),
      takeAs(SHARING_BOT, "first-1", { conversationId: id }, 0),
    ]);
    await expect.poll(() => Promise.all(answers.map(stateOf))).toEqual(["routed", "routed"]);
    expect(await routesOf(id)).toBe(1);
  });

  it("route it once where one comes while the other waits", async () => {
    const { conversationId } = await takeAs(SHARING_BOT, "waits-1", {});
    const id = conversationId ?? "";
    const second = await takeAs(GUEST_BOT, "waits-2", { conversationId: id });
    expect(second).toMatchObject({ handoffState: "routed", control: "queue", conversationId: id });
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(await routesOf(id)).toBe(1);
    await close(id);
    expect(await controlOf(SHARING_BOT, "waits-1")).toBe("bot");
    expect(await controlOf(GUEST_BOT, "waits-2")).toBe("bot");
    // Both go on, each with a conversation of its own.
    expect(await takeAs(GUEST_BOT, "waits-2", {})).toMatchObject({ handoffState: "routed", control: "queue" });
  });

  it("have one each where the one that shares nothing was first", async () => {
    const { conversationId } = await takeAs(GUEST_BOT, "keeps-2", {});
    const id = conversationId ?? "";
    const second = await takeAs(SHARING_BOT, "keeps-1", { conversationId: id });
    expect(second).toMatchObject({ handoffState: "routed", leftOut: ["conversationId"] });
    expect(second.conversationId).not.toBe(id);
    expect(await routesOf(id)).toBe(1);
  });

  it("keep what is each one's: its handoff, its key, its erasure", async () => {
    const { conversationId, handoffId } = await takeAs(SHARING_BOT, "own-1", {});
    const id = conversationId ?? "";
    const theirs = await takeAs(GUEST_BOT, "own-2", { conversationId: id });
    expect(theirs.handoffId).not.toBe(handoffId);
    expect(await stubFor(SHARING_BOT, "own-1").session(SHARING_BOT, "own-2")).toBeNull();
    expect(await stubFor(GUEST_BOT, "own-2").session(GUEST_BOT, "own-1")).toBeNull();
    await close(id);
    expect(await stubFor(GUEST_BOT, "own-2").eraseSession(GUEST_BOT, "own-2")).toMatchObject({ ok: true });
    expect(await stubFor(GUEST_BOT, "own-2").session(GUEST_BOT, "own-2")).toBeNull();
    expect(await stubFor(SHARING_BOT, "own-1").session(SHARING_BOT, "own-1")).not.toBeNull();
  });
});
