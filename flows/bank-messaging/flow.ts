import { defineFlow } from "../../src/escalation/flow.ts";
import * as croatian from "../words/croatian.ts";
import * as english from "../words/english.ts";
import * as german from "../words/german.ts";
import { cardIsGone, cardIsNotGone } from "../words/lost-cards.ts";

const languages = [english, croatian, german];
const wantsNoPerson = languages.flatMap((language) => language.wantsNoPerson);
const meansNoPerson = languages.flatMap((language) => language.meansNoPerson);

/**
 * An external bot connected to Conversations: Infobip posts each message of the customer to it, and it passes them on. The
 * conversation exists and is assigned to the bot. The flow limits the bot's own requests. Baton posts the texts into the
 * conversation, so that they come in order whatever the bot does meanwhile.
 */
export const bankMessaging = defineFlow({
  name: "bank-messaging",
  bots: ["bank-assistant"],
  conversation: {
    topic: ["Card {{attributes.cardType}}", "Bank chat with {{customer.name}}", "Bank chat {{session}}"],
  },
  tags: ["bot_handoff"],
  language: "en",
  message: {
    en: "One moment, please: I am asking a colleague to join.",
    hr: "Trenutak, molim: pozivam kolegu u razgovor.",
    de: "Einen Moment bitte: Ich hole eine Kollegin oder einen Kollegen dazu.",
  },
  accept: { tags: ["callback"], queues: ["VIP"], priorities: ["NORMAL", "HIGH"] },
  note: { maxMessages: 20 },
  // Working hours of the account; this id is the emulator's.
  hours: { workingHoursId: "5EED00000000000000000000000000E1" },
  // What waits until the morning is told so.
  outsideHours: {
    do: "defer",
    message: {
      en: "Our advisers are here on weekdays from nine to five. One of them writes to you here as soon as we open.",
      hr: "Naši su savjetnici tu radnim danom od devet do pet. Netko od njih javit će vam se ovdje čim otvorimo.",
      de: "Unsere Beraterinnen und Berater sind werktags von neun bis fünf da. Jemand von ihnen schreibt Ihnen hier, sobald wir öffnen.",
    },
  },
  noAgent: {
    do: "other-queue",
    queue: "General",
    message: {
      en: "Our advisers are not available now. The next free colleague writes to you here.",
      hr: "Naši savjetnici trenutačno nisu dostupni. Prvi slobodni kolega javit će vam se ovdje.",
      de: "Unsere Beraterinnen und Berater sind gerade nicht da. Wer zuerst frei ist, schreibt Ihnen hier.",
    },
  },
  waiting: [
    {
      afterSeconds: 120,
      message: {
        en: "Thank you for your patience: you are still in line.",
        hr: "Hvala na strpljenju: i dalje ste u redu.",
        de: "Danke für Ihre Geduld: Sie sind noch in der Reihe.",
      },
      tags: ["waiting"],
    },
    { afterSeconds: 300, priority: "URGENT" },
  ],
  texts: "send",
  handBack: {
    removeTags: ["waiting"],
    message: {
      en: "I am your assistant again. If anything is left, write to me: your adviser is not far.",
      hr: "Opet sam ja, vaš asistent. Ako je što ostalo, pišite mi: savjetnik nije daleko.",
      de: "Ich bin wieder Ihr Assistent. Ist noch etwas offen, schreiben Sie mir: Ihre Beraterin ist nicht weit.",
    },
    graceSeconds: 900,
  },
  rules: [
    {
      name: "card-lost",
      reason: "card-blocked",
      when: { text: { contains: cardIsGone } },
      unless: { text: { contains: cardIsNotGone } },
      tags: ["card_blocked"],
      priority: "URGENT",
      // A lost card waits neither for the morning nor for an adviser.
      outsideHours: {
        do: "queue",
        message: {
          en: "Our advisers are here on weekdays from nine to five. If your card is lost, block it now in the app, under Cards.",
          hr: "Naši su savjetnici tu radnim danom od devet do pet. Ako ste izgubili karticu, blokirajte je odmah u aplikaciji, pod Kartice.",
          de: "Unsere Beraterinnen und Berater sind werktags von neun bis fünf da. Ist Ihre Karte weg, sperren Sie sie gleich in der App, unter Karten.",
        },
      },
      noAgent: {
        do: "other-queue",
        queue: "General",
        message: {
          en: "Block your card now in the app, under Cards. The next free colleague writes to you here.",
          hr: "Blokirajte karticu odmah u aplikaciji, pod Kartice. Prvi slobodni kolega javit će vam se ovdje.",
          de: "Sperren Sie Ihre Karte gleich in der App, unter Karten. Wer zuerst frei ist, schreibt Ihnen hier.",
        },
      },
    },
    {
      reason: "sent-a-file",
      when: { event: "customer.message", contentType: ["IMAGE", "DOCUMENT", "AUDIO"] },
      tags: ["file"],
    },
    {
      name: "asked-for-a-person",
      reason: "customer-asked",
      when: {
        event: ["customer.message", "bot.fallback"],
        text: { contains: languages.flatMap(({ asksForPerson }) => asksForPerson) },
      },
      unless: { text: { contains: wantsNoPerson } },
      tags: ["customer_asked"],
      priority: "HIGH",
    },
    {
      reason: "customer-asked",
      when: [
        { event: "handoff.requested" },
        { text: { contains: languages.flatMap(({ namesPerson }) => namesPerson) } },
      ],
      unless: {
        event: ["customer.message", "bot.fallback"],
        text: { contains: [...wantsNoPerson, ...meansNoPerson] },
      },
      tags: ["customer_asked"],
      priority: "HIGH",
    },
    {
      reason: "private-banking",
      when: { event: "customer.message", attributes: { segment: "private" }, confidence: { below: 0.6 } },
      queue: "VIP",
      tags: ["vip"],
      // Their portfolio is not for everybody: the chat stays with the advisers who know it.
      noAgent: {
        do: "queue",
        message: {
          en: "Your adviser is with another client and writes to you here next.",
          hr: "Vaš je savjetnik s drugim klijentom i javit će vam se ovdje čim završi.",
          de: "Ihre Beraterin ist gerade im Gespräch und schreibt Ihnen danach hier.",
        },
      },
    },
  ],
});
