import { describe, expect, it } from "vitest";
import { withoutDelivered } from "../../src/handoff/ledger/empty-notes.ts";
import { newStep } from "../../src/handoff/ledger/step-edits.ts";
import type { Step } from "../../src/model/handoff.ts";
import { createEnded, createPast, dump } from "../support/ended-chat.ts";

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

  it("are kept as long as an agent has the chat, and say afterwards that their words are not", async () => {
    const past = await createPast();
    const notes = () => past.world.record.read((t) => t.handoffs.ledger(past.handoffId)?.steps ?? []);
    const contents = () => notes().flatMap(({ arguments: args }) => (args.kind === "note" ? [args.content ?? ""] : []));
    expect(contents().join()).toContain("words-canary");
    await past.close();
    await past.world.pass(1_000);
    expect(past.world.handoff(past.handoffId)).toMatchObject({ state: "returned" });
    expect(contents().join()).not.toContain("words-canary");
    for (const content of contents()) expect(content).toMatch(/^\(The words .* not kept.*\)\n.*ho-01H0001/);
    const at = `/bots/shop-assistant/sessions/${encodeURIComponent("+385915550147")}/export`;
    const exported = (await (await past.world.operate(at, "GET")).json()) as {
      handoffs: { sent: { notes: string[] } }[];
    };
    expect(exported.handoffs[0]?.sent.notes.join()).toContain("are not kept");
  });

  it("leave the platform's as they are", async () => {
    const { world, conversationId, file } = await createEnded();
    const [conversation] = world.conversations().filter(({ id }) => id === conversationId);
    expect(JSON.stringify(conversation?.notes)).toContain("words-canary");
    expect(dump(file)).toContain("not kept");
  });
});
