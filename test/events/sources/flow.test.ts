import { describe, expect, it } from "vitest";
import { flow } from "../../../src/events/sources/flow.ts";
import { eventFrom, problemFrom, reportedFrom } from "../support/payloads.ts";

describe("flow", () => {
  it("reads a free body as a request for a handoff", () => {
    const body = {
      participant_id: "p-77",
      msisdn: "385911234567",
      message: "Call me, please",
      reason: "asked in the flow",
      campaign: "spring",
    };
    expect(reportedFrom(flow, body)).toMatchObject({
      hasSenderId: false,
      event: {
        type: "handoff.requested",
        session: "p-77",
        customer: { phone: "385911234567" },
        transcript: [{ author: "customer", text: "Call me, please" }],
        reason: "asked in the flow",
        attributes: { campaign: "spring" },
      },
    });
  });

  it.each([
    [{ session: "s", sessionId: "i", participantId: "p" }, "s"],
    [{ sessionId: "i", participantId: "p" }, "i"],
    [{ participantId: "p", phoneNumber: "385911234567" }, "p"],
    [{ phoneNumber: "+385 91 123 4567", identifier: "x" }, "385911234567"],
    [{ phone: 385911234567 }, "385911234567"],
    [{ email: "Ana@Example.com" }, "ana@example.com"],
    [{ identifier: "user-7", email: "ana@example.com" }, "user-7"],
    [{ phoneNumber: "žaba", email: "ana@example.com" }, "ana@example.com"],
    [{ customer: { phone: "385911234567" } }, "385911234567"],
  ])("finds the session in %j", (body, session) => {
    expect(eventFrom(flow, body).session).toBe(session);
  });

  it("says what would name the session where nothing does", () => {
    const [issue] = problemFrom(flow, { orderId: "A-1" }).issues;
    expect(issue?.field).toBe("session");
    expect(issue?.message).toContain("participantId");
    expect(issue?.message).toContain("phoneNumber");
  });

  it("carries what the bot says under its other name", () => {
    expect(eventFrom(flow, { session: "s1", type: "bot.message", message: "Hello" })).toMatchObject({ text: "Hello" });
  });
});
