/** Words in which people ask for a person, in English. */
import { inRow } from "./in-row.ts";

const people = ["agent*", "human*", "operator*", "representative*", "adviser*", "advisor*", "person"];
const talking = ["talk to", "talk with", "speak to", "speak with", "chat to", "chat with"];
const wishes = ["give me", "get me", "i want", "i need", "i'd like", "can i have"];
const not = ["don't", "do not", "wouldn't", "didn't"];

/** Explicit wishes. */
export const asksForPerson = [
  ...inRow(talking, [
    "someone",
    "somebody",
    "anyone",
    "anybody",
    "support",
    "customer service",
    "customer care",
    "people",
    ...["a manager", "your manager", "a supervisor", "your supervisor"],
  ]),
  ...inRow(
    talking,
    people.map((person) => `… ${person}`),
  ),
  ...inRow(["connect me", "transfer me", "pass me", "put me through", "hand me over"], ["to", "with"]),
  ...inRow(wishes, ["… human", "a person"]),
  ...inRow(inRow(wishes, ["a", "an", "your"]), people),
  ...inRow(["real", "live", "actual"], ["person", "human*", "agent*", "people", "operator*"]),
  ...inRow(["somebody", "someone", "anybody", "anyone"], ["real", "there"]),
  ...["live chat", "live support", "person please", "someone please", "somebody please"],
];

/** Words that mostly mean the wish, and occur in other sentences too: see `meansNoPerson`. */
export const namesPerson = [
  ...["agent", "agents", "human", "humans", "operator*", "representative", "representatives", "a person"],
  ...["adviser*", "advisor*", "customer service", "customer support", "customer care"],
];

/** Phrases of customers who want no person. "I don't want a bot, agent please" does not match. */
export const wantsNoPerson = [
  ...inRow(inRow(not, ["want", "need", "want a", "want an", "want any", "want your", "need a", "need an"]), people),
  ...inRow(inRow(not, ["want to", "like to", "need to"]), inRow(["talk to", "speak to"], ["a", "an", "any"])).flatMap(
    (wish) => inRow([wish], people),
  ),
  ...inRow(inRow(not, ["want to", "like to", "need to"]), inRow(["talk to", "speak to"], ["anyone", "anybody"])),
  ...inRow(["without", "without a", "without an", "no need for a", "no need for an", "no need to talk to a"], people),
  // "Still no human?" and "there is no agent here" are complaints of customers who want one.
  ...inRow(inRow(["no"], people), ["please", "thanks", "thank you", "needed", "necessary", "just"]),
  ...inRow(inRow(["not a", "not an"], people), ["please", "thanks", "just", "only"]),
  ...inRow(["please no"], people),
  ...inRow(inRow(["rather not"], ["talk to", "speak to"]), [
    ...people.map((person) => `… ${person}`),
    "anyone",
    "anybody",
  ]),
  ...inRow(["don't", "do not"], ["transfer me", "connect me", "pass me", "hand me over"]),
];

/** Sentences that name a person without a wish for one. */
export const meansNoPerson = [
  // Trades and things: a travel agent, a cleaning agent, a user agent, a mobile operator.
  ...inRow(
    [
      "estate",
      "travel",
      "user",
      "insurance",
      "customs",
      "delivery",
      "sales",
      "press",
      "free",
      "double",
      "change",
      ...["gate", "ticket", "collection", "patent", "secret", "fbi"],
      "*ing",
    ],
    ["agent", "agents"],
  ),
  ...inRow(
    [
      ...["mobile", "network", "phone", "tour", "internet", "cable", "*ing", "my"],
      ...["crane", "machine", "forklift", "drone", "bus", "train", "ferry"],
    ],
    ["operator*"],
  ),
  ...inRow(["human"], ["error*", "resource*", "hair", "rights", "mistake*", "body", "size*"]),
  ...["only human", "are you human", "are you a human", "is this a human", "humans make"],
  ...inRow(["a person"], ["of", "who", "that", "with", "in", "at", "from", "under", "over", "aged", "limit"]),
  ...inRow(["tax", "legal"], ["adviser*", "advisor*"]),
  ...inRow(["adviser*", "advisor*"], ["fee", "fees", "cost", "costs"]),
  ...inRow(["our", "as a", "i am a", "i'm a"], ["… representative*"]),
  ...[
    "as an agent",
    "as a … agent",
    "i am an agent",
    "i'm an agent",
    "legal representative*",
    "never mind",
    "operator manual*",
  ],
  // Persons in the past.
  ...inRow(
    ["spoke", "spoken", "talked", "chatted", "was talking", "was speaking"],
    people.map((person) => `… ${person}`),
  ),
  ...inRow(
    ["agent", "operator", "representative", "adviser", "advisor"],
    ["said", "told", "promised", "called", "was", "who"],
  ),
];
