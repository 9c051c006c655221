import { expect, it } from "vitest";
import { parkForCredentials } from "../../../../src/handoff/ledger/transitions/park-for-credentials.ts";
import { planned, routed } from "../given.ts";

it("parks a pending handoff until the account accepts the credentials", () => {
  expect(parkForCredentials(planned()).handoff).toMatchObject({ state: "parked", parkedFor: "credentials" });
  const before = routed();
  expect(parkForCredentials(before)).toBe(before);
});
