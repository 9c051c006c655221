/** Actions of bots and people in one schedule, drawn from its seed. */
import { DRAWN_BOTS, SHARING_BOTS, START } from "./flows.ts";
import type { Profile } from "./profile.ts";
import type { Random } from "./random.ts";
import type { Trials } from "./trials.ts";

/** Words of customers. They may be only in the record and on the platform. */
export const PLANTED = "Planted-Words";

export interface Delivery {
  /** Time after the start. */
  atMs: number;
  bot: string;
  session: string;
  path: "events" | "handoffs" | "webhooks/answers";
  body: Record<string, unknown>;
  /** The customer asks for a person, and the flow of this bot has a rule for that. */
  isAsking: boolean;
  headers: Record<string, string>;
  /** Number of times that the bot sends it, accepted or not, and the time between them. */
  copies: number;
  apartMs: number;
}

/**
 * Actions of people on a conversation. `to-bot` gives it to a chatbot of the account, `transfer` to another queue; `look-in` lets
 * it go within seconds.
 */
export type Act =
  | "take"
  | "answer"
  | "solve"
  | "reopen"
  | "close"
  | "unassign"
  | "to-bot"
  | "delete"
  | "transfer"
  | "look-in";

export interface PersonAct {
  atMs: number;
  act: Act;
  /** 0 to 1: position among the open conversations; or the conversation itself. */
  which: number | string;
}

/** All agents are available from then on, or none. */
export interface Presence {
  atMs: number;
  isThere: boolean;
}

export interface OperatorAct {
  atMs: number;
  act: "retry" | "cancel" | "end" | "end-and-close";
  /** 0 to 1: position among the handoffs. */
  which: number;
}

export interface Scenario {
  deliveries: Delivery[];
  people: PersonAct[];
  presence: Presence[];
  operators: OperatorAct[];
  crashesAtMs: number[];
}

const SPREAD_MS = 20_000;

/** Values that programs send for unknown ones. */
const NOTHING: readonly Record<string, unknown>[] = [
  {},
  { customer: { name: "Ana", email: null } },
  { conversationId: null, language: "", channel: null },
  { attributes: { orderId: null }, intent: null },
  { customer: null, at: null },
];

/** `words` are unique, so that they are recognised everywhere. */
function wish(random: Random, existing: readonly string[], words: string): Record<string, unknown> {
  const adopt = existing.length > 0 && random.chance(0.35) ? { conversationId: random.pick(existing) } : {};
  switch (random.int(0, 5)) {
    case 0:
      return { type: "customer.message", text: `${words}: a human, please`, ...adopt };
    case 1:
      return { type: "bot.error", ...adopt };
    case 2:
      return { type: "customer.message", text: words, sentiment: -0.9, ...adopt };
    case 3:
      // The platform lacks its tag.
      return {
        type: "customer.message",
        text: words,
        attributes: { plan: "gold" },
        intent: { name: "x", confidence: 0.1 },
        ...adopt,
      };
    default: {
      const transcript = random.chance(0.2)
        ? { transcript: [{ author: "customer", text: "word ".repeat(1_500) }] }
        : {};
      const tags = random.chance(0.2) ? { tags: ["from.bot"] } : {};
      const queue = random.chance(0.2) ? { queue: random.pick(["VIP", "No such queue"]) } : {};
      return { type: "handoff.requested", reason: PLANTED, ...transcript, ...tags, ...queue, ...adopt };
    }
  }
}

/** Words of one delivery; all are different. */
export const WORDS = /\bword-s\d+-n\d+x\b/g;

/** True if a rule of its flow matches words that ask; the claims desk has one for requests alone. */
const isAsking = (bot: string, { type, text }: Record<string, unknown>): boolean =>
  type === undefined ||
  type === "handoff.requested" ||
  (bot !== "claims-assistant" && type === "customer.message" && String(text).includes("human"));

function deliveriesOf(
  random: Random,
  index: number,
  existing: readonly string[],
  untilMs: number,
  { bot, isShared }: { bot: string; isShared: boolean },
): Delivery[] {
  const session = `s${index}`;
  const deliveries: Delivery[] = [];
  // Most bots count events from one in every chat.
  const isCountedByChat = random.chance(0.7);
  const words = (): string => `${PLANTED} word-s${index}-n${deliveries.length}x`;
  const deliver = (body: Record<string, unknown>, more: Partial<Delivery> = {}): void => {
    const often = random.pick([1, 1, 2, 3]);
    const count = deliveries.length;
    // A counter that restarts repeats its ids with other words.
    const id = typeof body.text === "string" && random.chance(0.1) ? "e0" : `e${count}`;
    const { atMs = random.int(0, SPREAD_MS) } = more;
    // Some events carry the time of their words, and not all arrive in that order.
    const at = random.chance(0.3) ? { at: new Date(START + atMs - random.int(0, 8_000)).toISOString() } : {};
    deliveries.push({
      bot,
      session,
      path: "events",
      body: { ...random.pick(NOTHING), ...at, id: isCountedByChat ? id : `e${index}-${count}`, session, ...body },
      isAsking: isAsking(bot, body),
      headers: random.chance(0.3) ? { prefer: "respond-async" } : {},
      copies: often,
      apartMs: random.pick([0, 0, 5, 400, 15_000]),
      ...more,
      atMs,
    });
  };
  for (let n = random.int(0, 2); n > 0; n -= 1) deliver({ type: "customer.message", text: words() });
  // Each adopts one of its own, as bots do, or one that another session is in, as a customer does who starts a new chat.
  const place = isShared ? 0 : index % 4;
  const own = existing.filter((_, at) => at % 4 === place);
  for (let n = random.pick([1, 1, 1, 2]); n > 0; n -= 1) {
    const { type, ...request } = wish(random, own, words());
    const isKeyed = type === "handoff.requested" && random.chance(0.4);
    if (!isKeyed) deliver({ type, ...request });
    else {
      deliver(request, {
        path: "handoffs",
        headers: { "idempotency-key": `k${index}-${n}` },
        body: { session, ...request },
      });
    }
  }
  if (bot === "claims-assistant") deliver({ type: "handoff.requested", reason: PLANTED });
  // These come while a handoff is open, and after the bot had its customer back.
  for (let n = random.pick([0, 1, 1, 2, 3]); n > 0; n -= 1) {
    const { type, ...request } = wish(random, own, words());
    deliver({ type, ...request }, { atMs: random.int(SPREAD_MS, untilMs) });
  }
  // Words after the request, whoever has the chat by then.
  for (let n = random.pick([0, 0, 1, 3, 5]); n > 0; n -= 1) {
    const text = random.chance(0.2) ? `${words()}: still no human?` : words();
    deliver({ type: "customer.message", text }, { atMs: random.int(0, untilMs) });
  }
  // A chatbot whose element has no ids repeats the same body.
  for (let n = random.pick([0, 0, 0, 1, 3]); n > 0; n -= 1) {
    const body = { uniqueSessionId: session, lastReceivedTextMessage: `${PLANTED}: a human, please` };
    deliver({}, { path: "webhooks/answers", body, atMs: random.int(0, untilMs) });
  }
  if (random.chance(0.15))
    deliver({ type: random.pick(["session.ended", "session.started"]) }, { atMs: random.int(0, untilMs) });
  return deliveries;
}

/**
 * A chat is solved. Its customer goes on there in another session, and asks in the first one again, without the conversation, while
 * that bot may still go back to it.
 */
function comingBack(random: Random, first: number, id: string, from: number): Pick<Scenario, "deliveries" | "people"> {
  const asks = (index: number, no: number, atMs: number, more: object): Delivery => {
    const session = `s${first + index}`;
    const body = { id: `back-${no}`, session, type: "handoff.requested", reason: PLANTED, ...more };
    return {
      atMs,
      bot: "desk-assistant",
      session,
      path: "events",
      body,
      isAsking: true,
      headers: {},
      copies: 1,
      apartMs: 0,
    };
  };
  const takenAtMs = from + random.int(3_000, 12_000);
  const solvedAtMs = takenAtMs + random.int(500, 8_000);
  const elsewhereAtMs = solvedAtMs + random.int(5_000, 40_000);
  return {
    deliveries: [
      asks(0, 0, from, { conversationId: id }),
      asks(1, 1, elsewhereAtMs, { conversationId: id }),
      asks(0, 2, elsewhereAtMs + random.int(500, 12_000), {}),
    ],
    people: [
      { atMs: takenAtMs, act: "take", which: id },
      { atMs: solvedAtMs, act: "solve", which: id },
    ],
  };
}

export function drawScenario(
  random: Random,
  existing: readonly string[],
  { calmAfterMs, crash }: Pick<Profile, "calmAfterMs" | "crash">,
  trials: Trials,
): Scenario {
  const sessions = random.int(1, 3);
  const isShared = existing.length > 0 && random.chance(0.3);
  // Bots name each other's conversations: by mistake, or to hear what is said there.
  const isRival = existing.length > 0 && !isShared && random.chance(0.3);
  // Only the session distinguishes chats of one bot.
  const only = isShared || (!isRival && random.chance(0.3)) ? random.pick(DRAWN_BOTS) : null;
  const deliveries = Array.from({ length: sessions }, (_, index) =>
    deliveriesOf(random, index, existing, calmAfterMs, {
      bot: (trials.isSharing ? SHARING_BOTS[index] : null) ?? only ?? random.pick(DRAWN_BOTS),
      isShared: isShared || isRival || trials.isSharing,
    }),
  ).flat();
  const returning = trials.returnsAtMs.flatMap((atMs, index): Delivery[] => {
    const one = deliveries.find(({ session }) => session === `s${index}`);
    if (one === undefined) return [];
    const { bot, session } = one;
    const body = { id: "returns", session, type: "handoff.requested", reason: PLANTED };
    return [{ atMs, bot, session, path: "events", body, isAsking: true, headers: {}, copies: 1, apartMs: 0 }];
  });
  const people = Array.from(
    { length: random.pick([0, 0, 1, 2, 4]) },
    (): PersonAct => ({
      atMs: random.int(0, calmAfterMs),
      act: random.pick(["take", "take", "take", "close", "close", "solve", "unassign", "to-bot", "delete"]),
      which: random.next(),
    }),
  );
  const [home] = existing;
  const back =
    trials.comesBackMs === null || home === undefined
      ? { deliveries: [], people: [] }
      : comingBack(random, sessions, home, trials.comesBackMs);
  const awayAtMs = random.pick([null, null, null, 0, random.int(0, 60_000)]);
  const presence: Presence[] =
    awayAtMs === null
      ? []
      : [
          { atMs: awayAtMs, isThere: false },
          { atMs: random.int(awayAtMs, calmAfterMs), isThere: true },
        ];
  const operators = Array.from(
    { length: random.pick([0, 0, 0, 1, 2]) },
    (): OperatorAct => ({
      atMs: random.int(0, calmAfterMs),
      act: random.pick(["retry", "cancel"]),
      which: random.next(),
    }),
  );
  const crashesAtMs = Array.from({ length: crash === 0 ? 0 : random.int(0, 2) }, () => random.int(0, 60_000));
  return {
    deliveries: [...deliveries, ...returning, ...back.deliveries],
    people: [...people, ...trials.people, ...back.people],
    presence,
    operators: [...operators, ...trials.operators],
    crashesAtMs,
  };
}
