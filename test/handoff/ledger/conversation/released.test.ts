import { describe, expect, it } from "vitest";
import { isClosedByUs, releasedBecause } from "../../../../src/handoff/ledger/conversation/released.ts";
import type { Step } from "../../../../src/model/handoff.ts";
import { subject } from "../../../escalation/given.ts";
import { planned, seen, step } from "../given.ts";

const own = planned().steps;
const adopted = planned({ subject: { ...subject(), id: 1, epoch: 1, conversationId: "c1" } }).steps;
const release = (because: "waited" | "nobody-there" | "ended", more: Partial<Step> = {}): Step =>
  step(9, "release", { kind: "release", because }, more);
const done = { state: "done", sends: 1 } as const;

describe("a conversation", () => {
  it.each([
    ["of its own", own, release("waited", done), true],
    ["that an operator ended", adopted, release("ended", done), true],
    ["that was adopted", adopted, release("waited", done), false],
    ["whose release is on its way", own, release("waited", { state: "sent", sends: 1 }), false],
  ])("%s is closed by Baton: %s", (_, steps, last, isClosed) => {
    expect(isClosedByUs([...steps, last])).toBe(isClosed);
  });

  it.each([
    ["waited", own, release("waited", done), "waited"],
    ["nobody-there", own, release("nobody-there", { sends: 1 }), "nobody-there"],
    ["nothing: an operator ended it", own, release("ended", done), null],
    ["nothing: the release was not sent", own, release("waited"), null],
    [
      "nothing: a person had it",
      own,
      release("waited", { state: "skipped", sends: 1, result: seen({ assignee: "human" }) }),
      null,
    ],
    ["waited", own, release("waited", { state: "skipped", sends: 1 }), "waited"],
    ["nothing: it was adopted", adopted, release("waited", done), null],
  ])("was released because of %s", (_, steps, last, because) => {
    expect(releasedBecause([...steps, last])).toBe(because);
  });
});
