import { describe, expect, it } from "vitest";
import { applyNoAgent } from "../../../../src/handoff/ledger/transitions/apply-no-agent.ts";
import { escalation, flowWith } from "../../../escalation/given.ts";
import { NOW, planned, statesOf, withHandoff } from "../given.ts";

const withPolicy = (noAgent: object) =>
  planned({ flow: flowWith({ noAgent } as never), escalation: escalation({ queue: "Returns" }) });

describe("a chat without an available agent", () => {
  it("is queued all the same if the flow says so, with the flow's text", () => {
    const { handoff, steps } = applyNoAgent(withPolicy({ do: "queue", message: "Please be patient." }), NOW);
    expect(handoff).toMatchObject({ state: "pending", message: "Please be patient." });
    expect(steps.at(-1)?.name).toBe("sweep");
  });

  it("goes to the other queue", () => {
    const after = applyNoAgent(withPolicy({ do: "other-queue", queue: "Night" }), NOW + 5);
    expect(statesOf(after)).toMatchObject({
      "queue:after": "skipped",
      "queue:other": "ready",
      "queue:other:after": "ready",
    });
    expect(after.handoff.message).toBe("Please wait.");
  });

  it("is given back, and its conversation released", () => {
    const { handoff, steps } = applyNoAgent(withPolicy({ do: "decline", message: "Tomorrow." }), NOW);
    expect(handoff).toMatchObject({ state: "returned", returnedBecause: "nobody-there", message: "Tomorrow." });
    expect(steps.at(-1)).toMatchObject({ name: "release", arguments: { kind: "release", because: "nobody-there" } });
  });

  it("stays as it is if the flow says nothing", () => {
    expect(applyNoAgent(withHandoff(planned(), {}), NOW)).toEqual(planned());
  });
});
