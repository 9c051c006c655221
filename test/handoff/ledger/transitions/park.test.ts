import { expect, it } from "vitest";
import { park } from "../../../../src/handoff/ledger/transitions/park.ts";
import { planned, routed } from "../given.ts";

it("parks a handoff that is pending, for a person unless it waits for credentials", () => {
  expect(park(planned(), "no luck").handoff).toMatchObject({
    ...{ state: "parked", parkedBecause: "no luck", parkedFor: "person" },
  });
  expect(park(planned(), "401", "credentials").handoff.parkedFor).toBe("credentials");
});

it("leaves any other as it is", () => {
  const before = routed();
  expect(park(before, "no luck")).toBe(before);
});
