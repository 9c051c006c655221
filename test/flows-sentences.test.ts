/** Sentences that people say to the shipped flows: some hand over, and some must not. */
import { describe, expect, it } from "vitest";
import { flows } from "../flows/index.ts";
import { decide } from "../src/escalation/decide.ts";
import { message, NOW, subject } from "./escalation/given.ts";

interface Sentences {
  handsOver: Record<string, string[]>;
  doesNot: string[];
}

const sentences: Record<string, Sentences> = {
  "retail-support": {
    handsOver: {
      "customer-asked": [
        ...["I want to talk to a person", "talk to someone please", "connect me to support", "representative"],
        ...[
          "customer service!",
          "are there any humans?",
          "agents",
          "speak with someone",
          "Agent",
          "AN AGENT PLEASE!!!",
        ],
        ...[
          "Can I speak to a real human?",
          "I need a human",
          "is anybody there??",
          "live agent",
          "put me through to an operator",
        ],
        ...[
          "I don't want a bot, I want a human",
          "I dont want to talk to a bot, get me a person",
          "¡OPERÁTOR, por favor!",
        ],
        ...[
          "Id like a human",
          "not a bot, a real 🙏 person",
          "can you transfer me to somebody",
          "someone please help",
          "I want your customer care",
          "speak with your manager",
          "Am I talking to a human?",
          "still no human?",
          "why is there no agent here",
          "No human, no answer. Hello?",
        ],
      ],
    },
    doesNot: [
      ...["I don't want an agent, just tell me the price", "I do NOT want an agent", "no human please"],
      ...["I work as a real estate agent", "my travel agent booked it", "which user agent do you support"],
      ...["a human error on my bill", "human resources department", "human resources email?"],
      ...["my mobile operator changed", "my mobile operator sent me", "I have spoken to an agent yesterday, thank you"],
      ...[
        "the cleaning agent damaged my floor",
        "Somebody stole my parcel",
        "agentless backups",
        "I dont need a human",
      ],
      ...[
        "I don’t want to speak to anyone",
        "without an agent please",
        "never mind the agent",
        "the agent was great yesterday",
        "no need to talk to a human",
        "where is my order?",
      ],
    ],
  },
  "web-chat": {
    handsOver: {
      "customer-asked": [
        ...["I need a person", "a person please", "Is somebody there?", "somebody real please", "agent", "human"],
        ...["let me talk to somebody", "chat with a human", "live chat", "Can I have a person?", "speak to an adviser"],
        ...["customer support", "real people please"],
      ],
    },
    doesNot: [
      ...[
        "Somebody stole my parcel",
        "is somebody home at noon ok",
        "a person of 30 kg",
        "a seat for a person with a dog",
      ],
      ...[
        "I do not want an agent",
        "no agents please",
        "no humans please",
        "human hair brushes",
        "tour operators near me",
      ],
      ...["Is it made by humankind?", "your agent told me it is free", "I am an agent", "person", "somebody"],
    ],
  },
  "bank-messaging": {
    handsOver: {
      "card-blocked": [
        ...["My card was stolen yesterday", "I lost my bank card", "I've lost my debit card!", "I lost my credit card"],
        ...["my card is lost", "stolen card, this is the bill", "Please block my card", "I cant find my card"],
        ...["Izgubila sam karticu", "izgubio sam karticu", "ukradena mi je kartica", "Kartica mi je ukradena!"],
        ...[
          "Meine Karte wurde gestohlen",
          "Ich habe meine Karte verloren",
          "Kreditkarte sperren",
          "meine EC-Karte ist weg",
        ],
        ...["昨日カードを紛失しました", "カードを盗まれました", "カードをなくしました"],
      ],
      "customer-asked": [
        ...["Mogu li razgovarati sa savjetnikom?", "trebam savjetnika", "savjetnicu molim", "želim pričati s čovjekom"],
        ...[
          "Kann ich eine Beraterin sprechen?",
          "Kundenberater",
          "mit meinen Beratern",
          "Ich möchte mit einem Menschen sprechen",
        ],
        ...["I want to speak to a human", "An adviser, please", "agent", "One more question for the adviser"],
      ],
    },
    doesNot: [
      ...["ne želim savjetnika, samo saldo", "ne želim razgovarati sa savjetnikom", "bez savjetnika molim"],
      ...["moj mobilni operater je promijenio broj", "Razgovarala sam jučer sa savjetnikom, hvala", "nova kartica"],
      ...[
        "kein Berater bitte",
        "keinen Kontakt zum Berater",
        "Ich will keine Beraterin",
        "Mein Steuerberater fragt nach dem Auszug",
      ],
      ...[
        "Ich habe gestern mit der Beraterin gesprochen, danke",
        "Ich habe den Schlüssel verloren",
        "Visitenkarte verloren",
      ],
      ...["I don't want an adviser", "I lost my SIM card", "I found my lost card", "Agenti?", "カードの残高"],
      ...["I lost my way to your branch", "izgubila sam ključ", "which card is free?"],
    ],
  },
};

describe.each(Object.entries(sentences))("%s", (name, { handsOver, doesNot }) => {
  const flow = flows.find((it) => it.name === name);
  const reasonOf = (text: string): string | null =>
    (flow && decide(flow, subject(), message(text), NOW).escalation?.reason) ?? null;

  const asked = Object.entries(handsOver).flatMap(([reason, texts]) => texts.map((text) => [text, reason] as const));
  it.each(asked)("hands over: %s (%s)", (text, reason) => {
    expect(reasonOf(text)).toBe(reason);
  });

  it.each(doesNot)("does not hand over: %s", (text) => {
    expect(reasonOf(text)).toBeNull();
  });
});
