import { beforeAll, describe, expect, it } from "vitest";
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
} from "./objects.ts";

const OTHER = "travel-assistant";

beforeAll(async () => {
  // The first request creates the read model.
  expect((await request("/readyz")).status).toBe(200);
});

async function takeAs(bot: string, session: string, given: object) {
  const events = [{ event: createEvent(session, { type: "handoff.requested", ...given }), hasSenderId: true }];
  const [answer] = await stubFor(bot, session).take(bot, "baton", events, 20_000);
  if (answer === undefined) throw new Error("an event has an answer");
  return answer;
}
const ownersOf = async (id: string) => (await conversationOf(id).owners()).map(({ bot }) => bot);
const over = (session: string) =>
  sqlOf(stubOf(session), "UPDATE handoffs SET state = 'returned', returned_because = 'solved', due_at = NULL");

describe("a conversation's object", () => {
  it("keeps a conversation with the bot whose open handoff has it", async () => {
    const first = await takeAs(BOT, "own-1", {});
    const id = first.conversationId ?? "";
    const second = await takeAs(OTHER, "own-2", { conversationId: id });
    expect(second).toMatchObject({ handoffState: "routed", leftOut: ["conversationId"] });
    expect(second.conversationId).not.toBe(id);
    await expect.poll(() => ownersOf(id)).toEqual([BOT]);
    const closed = push("own-closed", id, { type: "conversation.status", status: "closed" });
    await conversationOf(id).receivePushes("default", [closed]);
    expect((await stubOf("own-1").session(BOT, "own-1"))?.session.control).toBe("bot");
    expect((await stubFor(OTHER, "own-2").session(OTHER, "own-2"))?.session.control).toBe("queue");
  });

  it("refuses a claim while another bot's handoff is open, and grants it afterwards", async () => {
    const { conversationId } = await takeAs(BOT, "claim-1", {});
    const id = conversationId ?? "";
    await expect.poll(() => ownersOf(id)).toEqual([BOT]);
    const other = { object: stubFor(OTHER, "claim-2").id.toString(), bot: OTHER };
    for (const by of ["has", "named"] as const) {
      expect(await conversationOf(id).claim("default", id, other, by)).toEqual({ kind: "refused" });
    }
    expect(await ownersOf(id)).toEqual([BOT]);
    await over("claim-1");
    // The former owner still learns whether a person reopens it, until another's handoff has it.
    expect(await conversationOf(id).claim("default", id, other, "named")).toEqual({ kind: "overlooked" });
    expect(await conversationOf(id).claim("default", id, other, "has")).toMatchObject({ kind: "granted" });
    expect(await ownersOf(id)).toEqual([OTHER]);
  });

  it("gives it to one of two that ask in the same moment, and the other goes on with one of its own", async () => {
    const id = await openConversation();
    const answers = await Promise.all([
      takeAs(BOT, "race-1", { conversationId: id }),
      takeAs(OTHER, "race-2", { conversationId: id }),
    ]);
    expect(answers.map(({ handoffState }) => handoffState)).toEqual(["routed", "routed"]);
    expect(answers.filter(({ conversationId }) => conversationId === id)).toHaveLength(1);
    const other = answers.find(({ conversationId }) => conversationId !== id);
    expect(other).toMatchObject({ leftOut: ["conversationId"] });
    // Nothing of the other session was written to it.
    const written = (await calls()).filter(({ path, operation }) => path.includes(id) && operation === "createNote");
    expect(written).toHaveLength(1);
    expect(await ownersOf(id)).toHaveLength(1);
  });

  it("is with whoever had it made, and the other leaves it", async () => {
    const id = await openConversation();
    await takeAs(OTHER, "made-2", { conversationId: id });
    await expect.poll(() => ownersOf(id)).toEqual([OTHER]);
    await stubFor(OTHER, "made-2").leaveConversation("default", id);
    const view = await stubFor(OTHER, "made-2").session(OTHER, "made-2");
    expect(view).toMatchObject({ session: { control: "bot", conversationId: null } });
  });
});
