import { defineFlow } from "../../src/escalation/flow.ts";

/**
 * An Infobip Answers chatbot with a To agent element of its own. An API element before that one asks Baton, which puts
 * tags and notes on the conversation that Answers already has; the To agent element finds them, and routes.
 */
export const travelAnswers = defineFlow({
  name: "travel-answers",
  bots: ["travel-assistant"],
  routedBy: "answers",
  conversation: {
    topic: ["Booking {{attributes.bookingCode}}", "Trip of {{customer.name}}", "Travel chat {{session}}"],
    summary: "{{reason}}: {{attributes.topic}}",
  },
  tags: ["bot_handoff", "travel"],
  waiting: [{ afterSeconds: 600, priority: "URGENT", tags: ["waits_long"] }],
  // An agent sets a trip aside as solved while the airline answers; the chatbot gets the customer back when the conversation is
  // closed.
  handBack: { when: "closed" },
  rules: [
    {
      reason: "stranded",
      when: { event: "handoff.requested", attributes: { topic: ["cancelled-flight", "missed-connection"] } },
      tags: ["stranded"],
      priority: "URGENT",
    },
    { reason: "customer-asked", when: { event: "handoff.requested" }, tags: ["customer_asked"], priority: "HIGH" },
  ],
});
