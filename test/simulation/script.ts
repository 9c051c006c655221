/** What bots and people do in one schedule, drawn from its seed. */
import type { Emulator } from "../../src/emulator/app.ts";
import type { Conversation } from "../../src/emulator/state.ts";
import { DRAWN_BOTS } from "./flows.ts";
import type { Random } from "./random.ts";

/** What the customer says: it must be nowhere but in the record and on the platform. */
export const PLANTED = "Planted-Words";

export interface Delivery {
  /** After the start. */
  atMs: number;
  bot: string;
  session: string;
  path: "events" | "handoffs";
  body: Record<string, unknown>;
  headers: Record<string, string>;
  /** How often the bot sends it, accepted or not, and how far apart. */
  copies: number;
  apartMs: number;
}

/** What people do with a conversation; `to-bot` gives it to a chatbot of the account. */
export type Act = "take" | "answer" | "solve" | "reopen" | "close" | "unassign" | "to-bot" | "delete";

export interface PersonAct {
  atMs: number;
  act: Act;
  /** 0 to 1: which of the conversations that are open then. */
  which: number;
}

/** All agents are there or none is, from then on. */
export interface Presence {
  atMs: number;
  isThere: boolean;
}

export interface OperatorAct {
  atMs: number;
  act: "retry" | "cancel";
  /** 0 to 1: which of the handoffs there are then. */
  which: number;
}

export interface Script {
  deliveries: Delivery[];
  people: PersonAct[];
  presence: Presence[];
  operators: OperatorAct[];
  crashesAtMs: number[];
}

const SPREAD_MS = 20_000;

function wish(random: Random, existing: readonly string[]): Record<string, unknown> {
  const adopt = existing.length > 0 && random.chance(0.35) ? { conversationId: random.pick(existing) } : {};
  switch (random.int(0, 5)) {
    case 0:
      return { type: "customer.message", text: `${PLANTED}: a human, please`, ...adopt };
    case 1:
      return { type: "bot.error", ...adopt };
    case 2:
      return { type: "customer.message", text: PLANTED, sentiment: -0.9, ...adopt };
    case 3:
      // Its tag is not at the platform yet.
      return {
        type: "customer.message",
        text: PLANTED,
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

function deliveriesOf(
  random: Random,
  index: number,
  existing: readonly string[],
  untilMs: number,
  shared: string | null,
): Delivery[] {
  const isShared = shared !== null;
  const bot = shared ?? random.pick(DRAWN_BOTS);
  const session = `s${index}`;
  const deliveries: Delivery[] = [];
  const deliver = (body: Record<string, unknown>, more: Partial<Delivery> = {}): void => {
    const often = random.pick([1, 1, 2, 3]);
    deliveries.push({
      atMs: random.int(0, SPREAD_MS),
      bot,
      session,
      path: "events",
      body: { id: `e${index}-${deliveries.length}`, session, ...body },
      headers: random.chance(0.3) ? { prefer: "respond-async" } : {},
      copies: often,
      apartMs: random.pick([0, 0, 5, 400, 15_000]),
      ...more,
    });
  };
  for (let n = random.int(0, 2); n > 0; n -= 1) deliver({ type: "customer.message", text: `${PLANTED} ${n}` });
  // Each adopts one of its own, as bots do, or one that another session is in, as a customer does who begins a chat anew.
  const place = isShared ? 0 : index % 4;
  const own = existing.filter((_, at) => at % 4 === place);
  for (let n = random.pick([1, 1, 1, 2]); n > 0; n -= 1) {
    const { type, ...request } = wish(random, own);
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
  // While a handoff is open, and after the bot had its customer back.
  for (let n = random.pick([0, 1, 1, 2, 3]); n > 0; n -= 1) {
    const { type, ...request } = wish(random, own);
    deliver({ type, ...request }, { atMs: random.int(SPREAD_MS, untilMs) });
  }
  if (random.chance(0.1)) deliver({ type: "session.ended" });
  return deliveries;
}

export function scriptOf(random: Random, existing: readonly string[], calmAfterMs: number, crash: number): Script {
  const sessions = random.int(1, 3);
  const shared = existing.length > 0 && random.chance(0.3) ? random.pick(DRAWN_BOTS) : null;
  const deliveries = Array.from({ length: sessions }, (_, index) =>
    deliveriesOf(random, index, existing, calmAfterMs, shared),
  ).flat();
  const people = Array.from(
    { length: random.pick([0, 0, 1, 2, 4]) },
    (): PersonAct => ({
      atMs: random.int(0, calmAfterMs),
      act: random.pick(["take", "take", "take", "close", "close", "solve", "unassign", "to-bot", "delete"]),
      which: random.next(),
    }),
  );
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
  return { deliveries, people, presence, operators, crashesAtMs };
}

/** Conversations that were there before: open, with a bot, with a person, closed. Returns their ids. */
export async function seedConversations(emulator: Emulator, random: Random): Promise<string[]> {
  const ids: string[] = [];
  const send = async (method: string, path: string, body: object): Promise<string> => {
    const response = await emulator.fetch(
      new Request(`https://platform.invalid/ccaas/1/conversations${path}`, {
        method,
        headers: { authorization: "App seed", "content-type": "application/json" },
        body: JSON.stringify(body),
      }),
    );
    return ((await response.json()) as { id: string }).id;
  };
  /** A customer's words, for which the emulator has no call: the address that texts go to. */
  const write = (id: string): void => {
    const conversation = emulator.state.conversations.get(id);
    if (conversation === undefined) return;
    const said = { id: `m-${id}`, channel: "LIVE_CHAT", from: "customer", to: "shop", direction: "INBOUND" } as const;
    const author = { authorId: null, authorType: "CUSTOMER", contentType: "TEXT", content: { text: PLANTED } } as const;
    const { createdAt, updatedAt } = conversation;
    const messages = [{ ...said, ...author, createdAt, updatedAt }];
    (emulator.state.conversations as Map<string, Conversation>).set(id, { ...conversation, messages });
  };
  const [bot] = emulator.state.bots.keys();
  const [agent] = emulator.state.agents.keys();
  const [queue] = emulator.state.queues.keys();
  for (let n = random.pick([0, 2, 4]); n > 0; n -= 1) {
    const agentId = random.pick([null, null, bot, agent]) ?? null;
    const id = await send("POST", "", { topic: "before", agentId, queueId: queue ?? null });
    if (random.chance(0.6)) write(id);
    if (random.chance(0.25)) await send("PATCH", `/${id}`, { status: "CLOSED" });
    ids.push(id);
  }
  return ids;
}
