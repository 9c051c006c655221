import { describe, expect, it } from "vitest";
import { applyPolicy, nextThreshold } from "../../../../src/handoff/ledger/transitions/apply-policy.ts";
import type { Handoff, Ledger } from "../../../../src/model/handoff.ts";
import { escalation, subject } from "../../../escalation/given.ts";
import { inContext, NOW, planned, routed, step, withHandoff, withSteps } from "../given.ts";

const withDecision = (ledger: Ledger, more: Partial<Handoff["decision"]>): Ledger =>
  withHandoff(ledger, { decision: { ...ledger.handoff.decision, ...more } });
const threshold = { afterMs: 1_000, message: null, priority: null, tags: [], giveBack: false };
const addedBy = (before: Ledger, after: Ledger) => after.steps.slice(before.steps.length).map(({ name }) => name);
const handBack: Handoff["decision"]["handBack"] = {
  ...{ when: "closed", removeTags: ["vip", "old"], message: "Back in {{conversationId}}." },
};

describe("a handoff that is routed", () => {
  const pending = inContext();

  it("has its text posted if the flow sends texts", () => {
    const sent = withDecision(routed(), { texts: "send" });
    const { ledger, notice } = applyPolicy(pending, sent, NOW);
    expect([addedBy(sent, ledger), notice]).toEqual([["text"], null]);
  });

  it("has its text said in the next answer if nobody was told", () => {
    expect(applyPolicy(pending, routed(), NOW).notice).toBeNull();
    expect(applyPolicy(pending, routed(), NOW, () => false).notice).toBe("Please wait.");
    const deferred = withHandoff(routed(), { deferredUntil: NOW });
    expect(applyPolicy(pending, deferred, NOW, () => false).notice).toBeNull();
  });

  it("has its text in the answer that is owed if it could not be posted, in the next one otherwise", () => {
    const text = (moment: "routed" | "waiting", state: "sent" | "refused") =>
      step(20, "text", { kind: "text", text: "Please wait.", moment }, { state });
    const at = (moment: "routed" | "waiting", state: "sent" | "refused") => ({
      ...withDecision(routed(), { texts: "send" }),
      steps: [...routed().steps, text(moment, state)],
    });
    const owed = applyPolicy(at("routed", "sent"), at("routed", "refused"), NOW, () => true, true);
    expect([owed.ledger.handoff.decision.isUnposted, owed.notice]).toEqual([true, null]);
    expect(applyPolicy(at("waiting", "sent"), at("waiting", "refused"), NOW, () => true, true).notice).toBe(
      "Please wait.",
    );
    expect(applyPolicy(at("routed", "sent"), at("routed", "refused"), NOW).notice).toBe("Please wait.");
    const assigned = withHandoff(at("routed", "refused"), { state: "assigned" });
    expect(applyPolicy(at("routed", "sent"), assigned, NOW).notice).toBeNull();
  });
});

describe("a handoff that waits", () => {
  const waiting = [
    { ...threshold, message: "Soon.", priority: "HIGH" as const, tags: ["late"] },
    { ...threshold, afterMs: 2_000, message: "Sorry.", giveBack: true },
  ];
  const before = withDecision(routed(), { waiting });

  it("passes no threshold before its time", () => {
    const { ledger, isWaiting } = applyPolicy(before, before, NOW + 999);
    expect([ledger, isWaiting]).toEqual([before, false]);
  });

  it("passes each at its time, with tags, priority and a text for the next answer", () => {
    const once = applyPolicy(before, before, NOW + 1_000);
    expect([addedBy(before, once.ledger), once.notice, once.isWaiting]).toEqual([
      ...[["tag:late", "priority:1"], "Soon.", true],
    ]);
    const twice = applyPolicy(once.ledger, once.ledger, NOW + 2_000);
    expect([addedBy(once.ledger, twice.ledger), twice.notice]).toEqual([["release"], "Sorry."]);
  });

  it("passes several at once after a long stop, and says the last text", () => {
    const both = applyPolicy(before, before, NOW + 5_000);
    expect([both.ledger.handoff.waited, both.notice]).toEqual([2, "Sorry."]);
  });

  it("has its texts posted, and steps of its own when it waits again", () => {
    const sending = withDecision(before, { texts: "send" });
    const once = applyPolicy(sending, sending, NOW + 1_000).ledger;
    const again = withHandoff(once, { waited: 0 });
    expect(addedBy(once, applyPolicy(again, again, NOW + 1_000).ledger)).toEqual(["priority:1:2", "text:waiting-1:2"]);
  });

  it("has a tag put on again if it came off at the hand-back or was refused, and not if it is on", () => {
    const once = applyPolicy(before, before, NOW + 1_000).ledger;
    const tagged = (state: "done" | "refused", isRemoved: boolean) => ({
      handoff: { ...once.handoff, waited: 0 },
      steps: [
        ...once.steps.map((it) => (it.name === "tag:late" ? { ...it, state } : it)),
        ...(isRemoved ? [step(40, "untag:late", { kind: "untag", tag: "late" }, { state: "done" })] : []),
      ],
    });
    const tagsAdded = (ledger: Ledger) =>
      addedBy(ledger, applyPolicy(ledger, ledger, NOW + 1_000).ledger).filter((name) => name.startsWith("tag"));
    expect(tagsAdded(tagged("done", true))).toEqual(["tag:late:2"]);
    expect(tagsAdded(tagged("refused", false))).toEqual(["tag:late:2"]);
    expect(tagsAdded(tagged("done", false))).toEqual([]);
  });

  it("says what an earlier threshold says if the last one has no text", () => {
    const silent = withDecision(routed(), { waiting: [{ ...threshold, message: "Soon." }, threshold] });
    expect(applyPolicy(silent, silent, NOW + 1_000).notice).toBe("Soon.");
  });

  it("is released once", () => {
    const release = step(30, "release", { kind: "release", because: "waited" }, { state: "sent" });
    const releasing = { ...before, steps: [...before.steps, release] };
    expect(addedBy(releasing, applyPolicy(releasing, releasing, NOW + 5_000).ledger)).not.toContain("release");
  });

  it("counts from the opening if it waits from the night", () => {
    expect(nextThreshold(withDecision(before, { opensAt: NOW + 500 }).handoff)).toBe(NOW + 1_500);
    expect(
      [{ leftAt: NOW }, { state: "assigned" as const }, { waitingSince: null }, { waited: 2 }].map((more) =>
        nextThreshold({ ...before.handoff, ...more }),
      ),
    ).toEqual([null, null, null, null]);
  });
});

describe("a handoff that is given back", () => {
  const vip = { escalation: escalation({ tags: ["vip"] }) };
  const before = withDecision(routed(vip), { handBack });
  const back = (returnedBecause: Handoff["returnedBecause"], more: Partial<Handoff> = {}) =>
    withHandoff(before, { state: "returned", returnedBecause, ...more });

  it("loses the tags that Baton put on, and has its text in the next answer", () => {
    const { ledger, notice } = applyPolicy(before, back("solved"), NOW);
    expect([addedBy(before, ledger), notice]).toEqual([["untag:vip"], "Back in c1."]);
  });

  it.each([
    ["is not answered yet", "sent", ["untag:vip"]],
    ["had no answer", "unknown", ["untag:vip"]],
    ["was refused", "refused", []],
    ["was put off", "ready", []],
  ] as const)("loses a tag whose request %s only if it may be its own", (_what, state, names) => {
    const tagged = withSteps(back("solved"), { "tag:vip": { state } });
    expect(addedBy(tagged, applyPolicy(before, tagged, NOW).ledger)).toEqual(names);
  });

  it("loses a tag again that was put on since the last hand-back", () => {
    const again = [
      step(40, "untag:vip", { kind: "untag", tag: "vip" }, { state: "done" }),
      step(41, "tag:vip:2", { kind: "tag", tag: "vip" }, { state: "done" }),
    ];
    const since = { ...back("solved"), steps: [...before.steps, ...again] };
    expect(addedBy(since, applyPolicy(before, since, NOW).ledger)).toEqual(["untag:vip:2"]);
    const off = { ...since, steps: since.steps.slice(0, -1) };
    expect(addedBy(off, applyPolicy(before, off, NOW).ledger)).toEqual([]);
  });

  it("has its text posted if the flow sends texts", () => {
    const sending = withDecision(back("solved"), { handBack, texts: "send" });
    const { ledger, notice } = applyPolicy(before, sending, NOW);
    expect([addedBy(before, ledger), notice]).toEqual([["untag:vip", "text:returned"], null]);
  });

  it("changes nothing in a conversation that is closed", () => {
    const { ledger, notice } = applyPolicy(before, back("closed"), NOW);
    expect([ledger, notice]).toEqual([back("closed"), "Back in c1."]);
  });

  it("says nothing where the customer read why no agent came", () => {
    expect(applyPolicy(before, back("waited"), NOW)).toMatchObject({ ledger: back("waited"), notice: null });
    const adopted = { ...subject(), id: 1, epoch: 1, conversationId: "c1" };
    const anothers = withDecision(routed({ ...vip, subject: adopted }), { handBack });
    const waited = withHandoff(anothers, { state: "returned", returnedBecause: "waited" });
    expect(addedBy(anothers, applyPolicy(anothers, waited, NOW).ledger)).toEqual(["untag:vip"]);
  });

  it("has its text of a decline said in the next answer if nobody was told", () => {
    const declined = withHandoff(back("nobody-there"), { message: "Tomorrow." });
    expect(applyPolicy(planned(), declined, NOW, () => false).notice).toBe("Tomorrow.");
    expect(applyPolicy(planned(), declined, NOW).notice).toBeNull();
    expect(applyPolicy(planned(), back("solved"), NOW, () => false).notice).toBe("Back in c1.");
  });

  it("loses its tags later if the customer had left before", () => {
    expect(addedBy(before, applyPolicy(back(null), back("solved"), NOW).ledger)).toEqual(["untag:vip"]);
    expect(applyPolicy(back(null), back("closed"), NOW).ledger).toEqual(back("closed"));
    // Baton gave up waiting and closed it, as the refusal of a later note tells.
    expect(applyPolicy(back(null), back("waited"), NOW).ledger).toEqual(back("waited"));
    expect(applyPolicy(back("solved"), back("solved"), NOW).ledger).toEqual(back("solved"));
  });
});

it.each([
  ["keep", []],
  ["close", ["release"]],
] as const)(
  "lets the flow say what becomes of a conversation whose customer left the queue: %s",
  (whenCustomerLeaves, names) => {
    const left = withDecision(withHandoff(routed(), { leftAt: NOW }), { whenCustomerLeaves, waiting: [threshold] });
    expect(addedBy(left, applyPolicy(left, left, NOW + 5_000).ledger)).toEqual(names);
  },
);
