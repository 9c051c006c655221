import { retailSupport } from "../../flows/retail-support/flow.ts";
import { defineFlow } from "../../src/escalation/flow.ts";

export const SECRET = "simulation-secret";
export const OPERATOR_TOKEN = "operator-token";

const claims = defineFlow({
  name: "claims",
  bots: ["claims-assistant"],
  conversation: { topic: "Claim of {{session}}", queue: "Complaints", keepQueue: "enforce" },
  // One that the account does not have yet.
  tags: ["bot_handoff", "claim.new"],
  message: "A colleague will be with you.",
  rules: [{ reason: "asked", when: { event: "handoff.requested" }, tags: ["customer_asked"] }],
});

/** The reference flow, which leaves the queue to the platform, and one that names a queue and keeps it. */
export const flows = [retailSupport, claims];
export const BOTS = ["shop-assistant", "claims-assistant"] as const;
