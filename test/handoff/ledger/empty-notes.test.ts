import { describe, expect, it } from "vitest";
import { withoutDelivered } from "../../../src/handoff/ledger/empty-notes.ts";
import { newStep } from "../../../src/handoff/ledger/step-edits.ts";
import type { Step } from "../../../src/model/handoff.ts";

const note = (state: Step["state"], content: string | null = "words\nmore words\n[ho-1]"): Step => ({
  ...newStep(2, "note", { kind: "note", content, part: 1 }, 0),
  state,
});
const contentOf = ([step]: readonly Step[]): string | null | undefined =>
  step?.arguments.kind === "note" ? step.arguments.content : undefined;

describe("the notes of a handoff that is over", () => {
  it.each([
    ["returned", "done", false],
    ["returned", "refused", false],
    ["returned", "skipped", false],
    ["returned", "unknown", true],
    ["returned", "sent", true],
    ["cancelled", "ready", false],
    ["cancelled", "unknown", false],
    ["cancelled", "sent", true],
  ] as const)("where it is %s and the note %s keep their words: %s", (state, ofNote, isKept) => {
    const content = contentOf(withoutDelivered([note(ofNote)], { state }));
    expect(content?.includes("words\nmore words")).toBe(isKept);
    expect(content?.split("\n").at(-1)).toBe("[ho-1]");
  });

  it("are emptied once, and one that was never written is left as it is", () => {
    const [step] = withoutDelivered([note("done")], { state: "returned" });
    expect(step && withoutDelivered([step], { state: "returned" })[0]).toBe(step);
    const unwritten = note("skipped", null);
    expect(withoutDelivered([unwritten], { state: "returned" })[0]).toBe(unwritten);
  });
});
