import { expect, it } from "vitest";
import { parked } from "../../../../src/handoff/ledger/transitions/park.ts";
import { planned, routed } from "../given.ts";

it("parks a handoff that is pending, for a person unless it waits for credentials", () => {
  expect(parked(planned(), "no luck").handoff).toMatchObject({
    ...{ state: "parked", parkedBecause: "no luck", parkedFor: "person" },
  });
  expect(parked(planned(), "401", "credentials").handoff.parkedFor).toBe("credentials");
});

it("leaves any other as it is", () => {
  const before = routed();
  expect(parked(before, "no luck")).toBe(before);
});
