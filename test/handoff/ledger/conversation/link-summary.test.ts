import { expect, it } from "vitest";
import { linkSummary } from "../../../../src/handoff/ledger/conversation/link-summary.ts";

it("names the conversation before, and still ends with the token", () => {
  expect(linkSummary("Asked. [ho-1]", "ho-1", "c0")).toBe("Asked. · continues c0 [ho-1]");
});

it.each([null, undefined])("leaves the summary of a first conversation", (previous) => {
  expect(linkSummary("Asked. [ho-1]", "ho-1", previous)).toBe("Asked. [ho-1]");
});
