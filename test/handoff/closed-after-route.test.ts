import { describe, expect, it } from "vitest";
import { defineFlow } from "../../src/escalation/flow.ts";
import { noFacts } from "../../src/events/facts.ts";
import { claimDueSteps } from "../../src/handoff/ledger/claim-due-steps.ts";
import { withoutSuperseded } from "../../src/handoff/ledger/conversation/closed-conversation.ts";
import { plan } from "../../src/handoff/ledger/plan.ts";
import { newStep } from "../../src/handoff/ledger/step-edits.ts";
import { applyConversationState } from "../../src/handoff/ledger/transitions/apply-conversation-state.ts";
import { applyOutcome } from "../../src/handoff/ledger/transitions/apply-outcome.ts";
import { handoffSettingsSchema } from "../../src/handoff/settings.ts";
import type { Refusal } from "../../src/infobip/outcome.ts";
import { unknownState } from "../../src/model/conversation-state.ts";
import type { Ledger, Step } from "../../src/model/handoff.ts";
import { createDoor } from "../support/door.ts";

/** A platform that holds some answers until the test releases them. */
function createHeldPlatform() {
  let isHeld = (_request: Request, _body: string): boolean => false;
  const waiting: (() => void)[] = [];
  return {
    platform: (fetch: (request: Request) => Promise<Response>) => async (request: Request) => {
      const body = await request.clone().text();
      if (isHeld(request, body)) await new Promise<void>((resolve) => waiting.push(resolve));
      return fetch(request);
    },
    waiting,
    hold(which: typeof isHeld): void {
      isHeld = which;
    },
    letGo(): void {
      for (const go of waiting.splice(0)) go();
    },
  };
}

const isRoute = ({ url }: Request): boolean => new URL(url).pathname.endsWith("/route");

describe("a conversation that an agent closes after the route", () => {
  it("has its customer back with the bot, also while a further tag is on its way", async () => {
    const held = createHeldPlatform();
    const door = createDoor({ platform: held.platform });
    held.hold(isRoute);
    const prefer = { prefer: "respond-async" };
    await door.post("/handoffs", { session: "s", reason: "wants a refund" }, prefer);
    await expect.poll(() => held.waiting.length).toBe(1);
    held.hold((_, body) => body.includes("from.bot"));
    await door.post("/handoffs", { session: "s", reason: "still does", tags: ["from.bot"] }, prefer);
    await door.tick(1_000);
    held.letGo();
    await door.tick(1_000);
    expect([door.last().routes, held.waiting.length]).toEqual([1, 1]);
    door.emulator.desk.take(door.last().id, door.agent);
    door.emulator.desk.setStatus(door.last().id, door.agent, "CLOSED");
    held.letGo();
    held.hold(() => false);
    await door.later(120_000);
    expect(door.conversations()).toHaveLength(1);
    expect((await door.session("s")).body).toMatchObject({ control: "bot" });
  });
});

const flow = defineFlow({
  name: "shop",
  bots: ["shop-assistant"],
  conversation: { topic: "Chat" },
  rules: [{ reason: "asked", when: { event: "handoff.requested" } }],
  tags: ["bot_handoff"],
});
/** A routed handoff with a tag on its way and an unfinished step before the route: it still counts as pending. */
function routedWithTagSent(): { ledger: Ledger; tag: Step } {
  const planned = plan({
    id: "01H1",
    flow,
    subject: { id: 1, epoch: 1, bot: "shop-assistant", session: "s", conversationId: "c-1", facts: noFacts },
    escalation: {
      ...{ rule: "asked", reason: "asked", tags: ["bot_handoff"], priority: "NORMAL", queue: null, course: "now" },
      ...{ message: null, leftOut: { tags: [], queue: null, priority: null }, why: [] },
    },
    ...{ continues: null, reopen: false, opensAt: 0, now: 0 },
  });
  const steps = planned.steps.map((step): Step => {
    if (step.arguments.kind === "tag") return { ...step, state: "sent", sends: 1, fence: 1 };
    return step.arguments.kind === "route" ? { ...step, state: "done", sends: 1 } : step;
  });
  const tag = steps.find(({ state }) => state === "sent");
  if (tag === undefined) throw new Error("the flow has a tag");
  return { ledger: { handoff: planned.handoff, steps }, tag };
}

describe("settle", () => {
  it("gives the customer back where a tag finds the conversation closed after the route is done", () => {
    const { ledger, tag } = routedWithTagSent();
    const run = { step: tag, conversationId: "c1", mayHaveHappened: false, isLookupOnly: false, isStale: false };
    const call = { status: 400, requestId: null, ms: 1 };
    const closed = { kind: "refused", refusal: { reason: "closed" }, call } as const;
    const after = applyOutcome(ledger, run, closed, 1_000, 1, handoffSettingsSchema.parse({}));
    expect(after.handoff).toMatchObject({ state: "returned", returnedBecause: "closed", conversationId: "c-1" });
    expect(after.handoff).toMatchObject({ replaces: [], replacements: 0 });
  });
});

describe("words that may not have been told when their conversation is closed", () => {
  const settings = handoffSettingsSchema.parse({});
  const words: Step = {
    ...newStep(9, "note:further", { kind: "words", pages: ["still there?"], batch: 1, after: 0, lost: 0 }, 0),
    ...{ state: "unknown", sends: 1, fence: 1, sentAt: 0 },
  };

  /** A handoff that was given back, with its notes delivered and words still to be sent. */
  function givenBack(returnedBecause: "waited" | "solved", further: readonly Step[]): Ledger {
    const { ledger } = routedWithTagSent();
    const [conversation, ...steps] = ledger.steps;
    if (conversation?.arguments.kind !== "conversation") throw new Error("the first step is the conversation");
    const made: Step = { ...conversation, state: "done", arguments: { ...conversation.arguments, adopt: null } };
    const settled = steps.map((step): Step => (step.state === "ready" ? { ...step, state: "done" } : step));
    const handoff = {
      ...ledger.handoff,
      conversationId: "c-1",
      state: "returned",
      returnedBecause,
      toldUntil: 1,
    } as const;
    return { handoff, steps: [made, ...settled, words, ...further] };
  }
  const release = (state: Step["state"]): Step => ({
    ...newStep(10, "release", { kind: "release", because: "waited" }, 0),
    state,
  });

  it("are looked for as long as it is open, and left once we closed it", () => {
    const openOne = claimDueSteps(givenBack("waited", [release("unknown")]), 60_000, settings);
    expect(openOne.run.map(({ step }) => step.name)).toContain("note:further");
    const closedOne = claimDueSteps(givenBack("waited", [release("done")]), 60_000, settings);
    expect(closedOne.run).toEqual([]);
    expect(closedOne.ledger.handoff.dueAt).toBeNull();
  });

  describe("by us, while the answer to that is still to come", () => {
    const closing: Step = { ...release("unknown"), sends: 1, fence: 1, sentAt: 0 };
    const { handoff, steps } = givenBack("waited", [closing]);
    const routed: Ledger = { handoff: { ...handoff, state: "routed", returnedBecause: null }, steps };
    const wordsIn = (ledger: Ledger) => ledger.steps.find(({ name }) => name === "note:further")?.state;

    it("are left once the platform says that it is closed", () => {
      const seen = { assignee: "none", agentId: null, queueId: null, seenAt: 0, platformAt: 0 } as const;
      const result = { kind: "conversation", conversationId: "c-1", channel: null, ...seen } as const;
      const [conversation, ...others] = steps;
      if (conversation === undefined) throw new Error("the first step is the conversation");
      const known = { ...unknownState("default", "c-1"), status: "closed", statusAt: 1_000, heardAt: 1_000 } as const;
      const after = applyConversationState({ ...routed, steps: [{ ...conversation, result }, ...others] }, known, true);
      expect(after.handoff).toMatchObject({ state: "returned", returnedBecause: "waited" });
      expect(wordsIn(after)).toBe("skipped");
      expect(applyConversationState(after, known, true)).toEqual(after);
    });

    it("are left once another write is refused for as closed", () => {
      const tag = routed.steps.find(({ state }) => state === "sent");
      if (tag === undefined) throw new Error("a tag is on its way");
      const run = { step: tag, conversationId: "c1", mayHaveHappened: false, isLookupOnly: false, isStale: false };
      const call = { status: 400, requestId: null, ms: 1 };
      const after = applyOutcome(
        routed,
        run,
        { kind: "refused", refusal: { reason: "closed" }, call },
        1_000,
        1,
        settings,
      );
      expect(after.handoff).toMatchObject({ state: "returned", returnedBecause: "waited" });
      expect(wordsIn(after)).toBe("skipped");
    });
  });

  it("are left, as is every other write on its way, once one is refused for as closed", () => {
    const untag = (position: number, tag: string): Step => ({
      ...newStep(position, `untag:${tag}`, { kind: "untag", tag }, 0),
      ...{ state: "sent", sends: 1, fence: 1, sentAt: 0 },
    });
    const [first, second] = [untag(10, "one"), untag(11, "two")];
    const ledger = givenBack("solved", [first, second]);
    const call = { status: 400, requestId: null, ms: 1 };
    const runOf = (step: Step) => ({
      step,
      conversationId: "c1",
      mayHaveHappened: false,
      isLookupOnly: false,
      isStale: false,
    });
    const refuse = (before: Ledger, step: Step, refusal: Refusal): Ledger =>
      applyOutcome(before, runOf(step), { kind: "refused", refusal, call }, 1_000, 1, settings);
    const closed = refuse(ledger, first, { reason: "closed" });
    const after = refuse(closed, second, { reason: "throttled", retryAfterMs: null });
    expect(after.steps.filter(({ name }) => name.startsWith("untag:")).map(({ state }) => state)).toEqual([
      "refused",
      "skipped",
    ]);
    expect(after.steps.find(({ name }) => name === "note:further")).toMatchObject({ state: "skipped" });
  });

  it("are left once a tag that nobody waits for found it closed", () => {
    const ledger = givenBack("solved", []);
    const tag = ledger.steps.find(({ state }) => state === "sent");
    if (tag === undefined) throw new Error("the flow has a tag");
    const run = { step: tag, conversationId: "c1", mayHaveHappened: false, isLookupOnly: false, isStale: false };
    const call = { status: 400, requestId: null, ms: 1 };
    const after = applyOutcome(
      ledger,
      run,
      { kind: "refused", refusal: { reason: "closed" }, call },
      1_000,
      1,
      settings,
    );
    expect(after.steps.find(({ name }) => name === "note:further")?.state).toBe("skipped");
    expect(after.handoff).toMatchObject({ state: "returned", returnedBecause: "closed" });
  });
});

describe("a conversation that is closed before the route", () => {
  const settings = handoffSettingsSchema.parse({});
  const call = { status: 400, requestId: null, ms: 1 };
  const closed = { kind: "refused", refusal: { reason: "closed" }, call } as const;
  const runOf = (step: Step) => ({
    step,
    conversationId: "c1",
    mayHaveHappened: false,
    isLookupOnly: false,
    isStale: false,
  });

  it("is replaced once, though a raised priority finds it closed as well, and the new one has that priority", () => {
    const { ledger, tag } = routedWithTagSent();
    const raised: Step = {
      ...newStep(20, "priority:raised-1", { kind: "priority", priority: "URGENT" }, 0),
      ...{ state: "sent", sends: 1, fence: 1, sentAt: 0 },
    };
    const pending = {
      handoff: {
        ...ledger.handoff,
        ...{ state: "pending" as const, conversationId: "c-1", routedAt: null },
        decision: { ...ledger.handoff.decision, priority: "URGENT" as const },
      },
      steps: [
        ...ledger.steps.map(
          (it): Step => (it.arguments.kind === "route" ? { ...it, state: "ready", sends: 0, result: null } : it),
        ),
        raised,
      ],
    };
    const once = applyOutcome(pending, runOf(tag), closed, 1_000, 1, settings);
    expect(once.handoff).toMatchObject({ replaces: ["c-1"], replacements: 1, conversationId: null });
    expect(once.steps.find(({ arguments: args }) => args.kind === "conversation")?.arguments).toMatchObject({
      adopt: null,
      priority: "URGENT",
    });
    expect(once.steps.find(({ name }) => name === raised.name)).toMatchObject({ state: "skipped", fence: 2 });
    const opened = { ...once, handoff: { ...once.handoff, conversationId: "c-2" } };
    expect(applyOutcome(opened, runOf(raised), closed, 2_000, 1, settings)).toBe(opened);
  });

  it("leaves no step on its way as it was", () => {
    const { ledger, tag } = routedWithTagSent();
    const kinds = [
      { kind: "text", text: "Hello", moment: "routed" },
      { kind: "untag", tag: "vip" },
      { kind: "release", because: "ended" },
      { kind: "priority", priority: "URGENT" },
    ] as const;
    const sent = kinds.map(
      (args, n): Step => ({
        ...newStep(20 + n, args.kind, args, 0),
        ...{ state: "sent", sends: 1, fence: 1, sentAt: 0 },
      }),
    );
    const handoff = { ...ledger.handoff, state: "pending" as const, conversationId: "c-1", routedAt: null };
    const steps = ledger.steps.map(
      (it): Step => (it.arguments.kind === "route" ? { ...it, state: "ready", sends: 0 } : it),
    );
    const after = applyOutcome({ handoff, steps: [...steps, ...sent] }, runOf(tag), closed, 1_000, 1, settings);
    expect(after.handoff.replaces).toEqual(["c-1"]);
    expect(after.steps.filter(({ state }) => state === "sent" || state === "unknown")).toEqual([]);
  });
});

describe("superseded", () => {
  it("leaves out the release of a round, once the next round is in its conversation", () => {
    const release = newStep(9, "release", { kind: "release", because: "waited" }, 0);
    const note = newStep(2, "note", { kind: "note", content: null, part: 1 }, 0);
    expect(withoutSuperseded([note, release]).map(({ state }) => state)).toEqual(["ready", "skipped"]);
    expect(withoutSuperseded([{ ...release, state: "done" }]).map(({ state }) => state)).toEqual(["done"]);
  });
});
