import { defineFlow } from "../../src/escalation/flow.ts";

/**
 * An Infobip Flow (Moments) that sends delivery updates. A Call API element asks for a person when the customer's reply
 * is more than a yes. It has no conversation yet, so Baton opens one, in the queue named here.
 */
export const deliveryMoments = defineFlow({
  name: "delivery-moments",
  bots: ["delivery-journey"],
  conversation: {
    topic: ["Parcel {{attributes.parcel}}", "Delivery for {{customer.phone}}", "Delivery {{session}}"],
    queue: "Support",
    keepQueue: "enforce",
  },
  tags: ["bot_handoff"],
  message: "Thank you. A colleague writes to you about your delivery.",
  hours: {
    timeZone: "Europe/Zagreb",
    weekly: {
      mon: [["08:00", "18:00"]],
      tue: [["08:00", "18:00"]],
      wed: [["08:00", "18:00"]],
      thu: [["08:00", "18:00"]],
      fri: [["08:00", "18:00"]],
    },
    holidays: ["2026-12-25", "2027-01-01"],
  },
  // The journey goes on meanwhile; nobody waits in front of the chat.
  outsideHours: { do: "defer", message: "Thank you. A colleague writes to you as soon as we are back." },
  noAgent: {
    do: "queue",
    message: "Thank you. Everybody is busy just now; a colleague writes to you as soon as one is free.",
  },
  rules: [
    {
      reason: "damaged",
      when: { event: "handoff.requested", attributes: { reply: ["damaged", "broken"] } },
      tags: ["damaged"],
      priority: "HIGH",
      queue: "Complaints",
    },
    {
      reason: "after-hours",
      when: { event: "handoff.requested", hours: "outside" },
      tags: ["call_back"],
    },
    { reason: "delivery-question", when: { event: "handoff.requested" }, tags: ["delivery"] },
  ],
});
