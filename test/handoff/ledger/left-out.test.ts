import { describe, expect, it } from "vitest";
import { leftOutOf, withLeftOut } from "../../../src/handoff/ledger/left-out.ts";
import type { Ledger, Step } from "../../../src/model/handoff.ts";
import { escalation, subject } from "../../escalation/given.ts";
import { handoff, planned, seen, step, withHandoff, withSteps } from "./given.ts";

const asked = planned({ escalation: escalation({ tags: ["vip", "late"], queue: "Returns" }) });
const decisionOf = (ledger: Ledger) => {
  const { tags, queue, leftOut } = withLeftOut(ledger).handoff.decision;
  return { tags, queue, missing: leftOut };
};

describe("the decision", () => {
  it("stays as it is while nothing is refused", () => {
    expect(withLeftOut(asked)).toBe(asked);
  });

  it("loses a tag that the platform refuses, and one that was removed", () => {
    const untag = step(20, "untag:late", { kind: "untag", tag: "late" }, { state: "done" });
    const refused = withSteps(asked, { "tag:vip": { state: "refused" } });
    expect(decisionOf({ ...refused, steps: [...refused.steps, untag] })).toMatchObject({
      ...{ tags: [], missing: { tags: ["vip"] } },
    });
  });

  it("names tags that the flow does not accept, until a later request brings them", () => {
    const { decision } = asked.handoff;
    const leftOut = { ...decision.leftOut, tags: ["secret", "vip"] };
    expect(decisionOf(withHandoff(asked, { decision: { ...decision, leftOut } })).missing.tags).toEqual(["secret"]);
  });

  it("gets its queue back once the step for it starts again", () => {
    const refused = withSteps(asked, { "queue:after": { state: "refused" } });
    const again = { handoff: withLeftOut(refused).handoff, steps: asked.steps };
    expect(decisionOf(again)).toMatchObject({ queue: "Returns", missing: { queue: null } });
  });

  it("keeps a tag without a step", () => {
    const extra = withHandoff(asked, { decision: { ...asked.handoff.decision, tags: ["vip", "late", "old"] } });
    expect(decisionOf(extra).tags).toEqual(["vip", "late", "old"]);
  });

  describe("on the queue", () => {
    const queue = (more: Partial<Step>) => withSteps(asked, { "queue:after": more });
    const returns = { queue: "Returns" };

    it.each([
      ["is refused", queue({ state: "refused" }), null, "Returns"],
      ["is changed by the route", queue({ result: { kind: "moved", queueId: "q2" } }), "q2", "Returns"],
      ["stands", queue({ state: "done" }), "Returns", null],
    ])("follows its steps: it %s", (_, ledger, got, missing) => {
      expect(decisionOf(ledger)).toMatchObject({ queue: got, missing: { queue: missing } });
    });

    const noAgent = (state: Step["state"]): Ledger => {
      const instead = { kind: "queue", queue: "Other", instead: true, moment: "before-route" } as const;
      return { ...asked, steps: [...asked.steps, step(30, "queue:other", instead, { state })] };
    };
    it.each([
      ["skipped", "Returns", null],
      ["done", "Other", "Returns"],
      ["refused", null, "Returns"],
    ] as const)("is another one if no agent is available: %s", (state, got, missing) => {
      expect(decisionOf(noAgent(state))).toMatchObject({ queue: got, missing: { queue: missing } });
    });

    it("is the adopted conversation's if a person has that", () => {
      const adopted = planned({
        escalation: escalation(returns),
        subject: { ...subject(), id: 1, epoch: 1, conversationId: "c1" },
      });
      const skipped = { state: "skipped" } as const;
      const kept = withSteps(adopted, { queue: skipped, "queue:after": skipped });
      expect(decisionOf(kept)).toMatchObject({ queue: null, missing: { queue: "Returns" } });
      const read = withSteps(kept, { conversation: { result: seen({ queueId: "q7" }) } });
      expect(decisionOf(read)).toMatchObject({ queue: "q7", missing: { queue: "Returns" } });
    });

    it("keeps one left out that the flow does not accept", () => {
      const leftOut = { tags: [], queue: "VIP", priority: null };
      const refused = planned({ escalation: escalation({ leftOut }) });
      expect(decisionOf(refused).missing.queue).toBe("VIP");
    });
  });
});

it("names what was left out as an answer does", () => {
  const leftOut = { tags: ["vip"], queue: "Q", priority: "HIGH", conversationId: "c9" } as const;
  const { decision } = handoff();
  expect(leftOutOf(handoff({ decision: { ...decision, leftOut: { ...leftOut, tags: ["vip"] } } }))).toEqual([
    ...["tags.vip", "queue", "priority", "conversationId"],
  ]);
  expect(leftOutOf(handoff())).toEqual([]);
});
