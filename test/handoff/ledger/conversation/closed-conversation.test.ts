import { describe, expect, it } from "vitest";
import { endAsClosed, withoutSuperseded } from "../../../../src/handoff/ledger/conversation/closed-conversation.ts";
import { escalation } from "../../../escalation/given.ts";
import { planned, routed, statesOf, step, withHandoff, withSteps } from "../given.ts";

const untag = step(20, "untag:vip", { kind: "untag", tag: "vip" }, { state: "sent", fence: 1 });

describe("closed", () => {
  it("gives the customer back to the bot, and leaves the steps to their end", () => {
    const before = routed({ escalation: escalation({ tags: ["vip"] }) });
    const after = endAsClosed(before);
    expect(after.handoff).toMatchObject({ state: "returned", returnedBecause: "closed", wordsAt: null });
    expect(after.steps).toBe(before.steps);
  });

  it("skips unfinished steps in the conversation if the bot already had the customer", () => {
    const returned = withHandoff(routed(), { state: "returned", returnedBecause: "solved" });
    const after = endAsClosed({ ...returned, steps: [...returned.steps, untag] });
    expect(after.steps.at(-1)).toMatchObject({ state: "skipped", fence: 2 });
    expect(statesOf(after)).toMatchObject({ route: "done" });
  });

  it("keeps the reason for which Baton closed it", () => {
    const release = step(21, "release", { kind: "release", because: "waited" }, { state: "sent", sends: 1 });
    const before = routed();
    expect(endAsClosed({ ...before, steps: [...before.steps, release] }).handoff.returnedBecause).toBe("waited");
  });

  it("changes nothing once the handoff is cancelled", () => {
    const cancelled = withHandoff(planned(), { state: "cancelled" });
    expect(endAsClosed(cancelled)).toBe(cancelled);
  });
});

describe("superseded", () => {
  it("drops what an earlier round had to do in a conversation that the next one uses", () => {
    const release = step(21, "release", { kind: "release", because: "waited" });
    expect(withoutSuperseded([untag, release, step(1, "sweep", { kind: "sweep" })]).map(({ state }) => state)).toEqual([
      ...["skipped", "skipped", "ready"],
    ]);
    const before = withSteps(planned(), { route: { state: "done" } }).steps;
    expect(withoutSuperseded(before).find(({ name }) => name === "route")?.state).toBe("done");
  });
});
