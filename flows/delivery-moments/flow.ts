import { defineFlow } from "../../src/escalation/flow.ts";
import * as croatian from "../words/croatian.ts";
import { isBroken, isMissing, isNotBroken } from "../words/damaged-parcels.ts";
import * as english from "../words/english.ts";

const languages = [english, croatian];

/**
 * An Infobip Flow (Moments) that sends delivery updates. A Call API element asks for a person when the customer's reply
 * is more than a yes. It has no conversation yet, so Baton opens one, in the queue named here. A journey that passes on every
 * reply (`"type": "customer.message"`) leaves the choice to the words below.
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
  language: "en",
  message: {
    en: "Thank you. A colleague writes to you about your delivery.",
    hr: "Hvala. Kolega će vam pisati o vašoj dostavi.",
  },
  hours: {
    timeZone: "Europe/Zagreb",
    weekly: {
      mon: [["08:00", "18:00"]],
      tue: [["08:00", "18:00"]],
      wed: [["08:00", "18:00"]],
      thu: [["08:00", "18:00"]],
      fri: [["08:00", "18:00"]],
    },
    holidays: [
      "--01-01",
      "--01-06",
      "2027-03-29",
      "--05-01",
      { date: "--12-24", open: [["08:00", "12:00"]] },
      { from: "--12-25", to: "--12-26" },
    ],
  },
  // The journey goes on meanwhile; nobody waits in front of the chat.
  outsideHours: {
    do: "defer",
    message: {
      en: "Thank you. A colleague writes to you as soon as we are back.",
      hr: "Hvala. Kolega će vam pisati čim ponovno radimo.",
    },
  },
  noAgent: {
    do: "queue",
    message: {
      en: "Thank you. Everybody is busy just now; a colleague writes to you as soon as one is free.",
      hr: "Hvala. Svi su kolege trenutačno zauzeti; javit će vam se prvi koji bude slobodan.",
    },
  },
  rules: [
    {
      reason: "damaged",
      when: [
        { event: "handoff.requested", attributes: { reply: ["damaged", "broken"] } },
        { text: { contains: isBroken } },
      ],
      unless: { event: "customer.message", text: { contains: isNotBroken } },
      tags: ["damaged"],
      priority: "HIGH",
      queue: "Complaints",
    },
    {
      reason: "not-delivered",
      when: { event: "customer.message", text: { contains: isMissing } },
      tags: ["not_delivered"],
      priority: "HIGH",
    },
    {
      reason: "customer-asked",
      when: {
        event: "customer.message",
        text: { contains: languages.flatMap(({ asksForPerson, namesPerson }) => [...asksForPerson, ...namesPerson]) },
      },
      unless: {
        text: {
          contains: languages.flatMap(({ wantsNoPerson, meansNoPerson }) => [...wantsNoPerson, ...meansNoPerson]),
        },
      },
      tags: ["customer_asked"],
    },
    {
      reason: "after-hours",
      when: { event: "handoff.requested", hours: "outside" },
      tags: ["call_back"],
    },
    { reason: "delivery-question", when: { event: "handoff.requested" }, tags: ["delivery"] },
  ],
});
