/** Flows whose texts name their kind, and chats with any turns: the properties run on these. */

import { defineFlow, type Flow, type FlowInput } from "../../src/escalation/flow.ts";
import { fc } from "../fuzz/fast-check.ts";
import type { Door, Reply } from "../support/door.ts";

/** Marks every text that speaks of a transfer, and no other. */
export const TRANSFER = "TRANSFER";
/** Marks every text that says that no agent is available, or not now. */
export const NOBODY = "NOBODY";

/** A text that may have a gap, with one to fall back to. */
const textOf = (mark: string) =>
  fc.constantFrom<string | string[]>(
    `${mark}.`,
    [`${mark} {{customer.name}}.`, `${mark}.`],
    [`${mark} {{attributes.orderId}} {{customer.name}}.`, `${mark} {{session}}.`],
  );

const hours = { timeZone: "Europe/Zagreb", weekly: { mon: [["09:00", "12:00"]], tue: [["09:00", "12:00"]] } } as const;

/** A flow for `shop-assistant`. Every kind of text in it is marked. */
export const anyFlow: fc.Arbitrary<Flow> = fc
  .record({
    message: textOf(TRANSFER),
    ruleMessage: fc.option(textOf(TRANSFER), { nil: undefined }),
    outside: fc.option(fc.record({ do: fc.constantFrom("queue", "defer", "decline"), message: textOf(NOBODY) })),
    noAgent: fc.option(fc.record({ do: fc.constantFrom("queue", "decline"), message: textOf(NOBODY) })),
    handBack: textOf("BACK"),
    waiting: fc.boolean(),
    texts: fc.constantFrom("return", "send"),
    graceSeconds: fc.constantFrom(0, 900),
  })
  .map(({ message, ruleMessage, outside, noAgent, handBack, waiting, texts, graceSeconds }) => {
    const input: unknown = {
      name: "shop",
      bots: ["shop-assistant"],
      conversation: { topic: ["Order {{attributes.orderId}}", "Chat {{session}}"] },
      tags: ["bot_handoff"],
      message,
      rules: [
        {
          reason: "customer-asked",
          when: [
            { event: "handoff.requested" },
            { event: ["customer.message", "bot.fallback"], text: { contains: ["a person"] } },
          ],
          ...(ruleMessage !== undefined && { message: ruleMessage }),
        },
        { reason: "bot-lost", when: { event: "bot.fallback", fallbacks: { atLeast: 2 } } },
      ],
      ...(outside !== null && { hours, outsideHours: outside }),
      ...(noAgent !== null && { noAgent }),
      ...(waiting && {
        waiting: [
          { afterSeconds: 60, message: "WAITING." },
          { afterSeconds: 600, giveBack: true, message: `${NOBODY} WAITING.` },
        ],
      }),
      handBack: { message: handBack, graceSeconds },
      texts,
    };
    return defineFlow(input as FlowInput);
  });

/** One turn of a chat. */
export type Turn =
  | { does: "say" | "fall-back" | "error" | "ask" | "ask-for-a-person" | "start" | "end"; named: boolean }
  | { does: "wait"; ms: number }
  | { does: "take" | "solve" | "close" | "leave-desk" | "come-to-desk" };

const MINUTE = 60_000;
export const anyTurn: fc.Arbitrary<Turn> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ does: fc.constantFrom("say", "fall-back", "ask-for-a-person"), named: fc.boolean() }),
  },
  { weight: 2, arbitrary: fc.record({ does: fc.constantFrom("error", "ask", "start", "end"), named: fc.boolean() }) },
  { weight: 3, arbitrary: fc.record({ does: fc.constantFrom("take", "solve", "close") }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constantFrom("leave-desk", "come-to-desk") }) },
  {
    weight: 3,
    arbitrary: fc.record({
      does: fc.constant("wait" as const),
      ms: fc.constantFrom(1_000, 30_000, 2 * MINUTE, 11 * MINUTE, 180 * MINUTE, 25 * 60 * MINUTE),
    }),
  },
) as fc.Arbitrary<Turn>;

const TYPES = {
  say: "customer.message",
  "fall-back": "bot.fallback",
  error: "bot.error",
  ask: "handoff.requested",
  "ask-for-a-person": "customer.message",
  start: "session.started",
  end: "session.ended",
} as const;

/**
 * Returns the body that a bot posts for a turn; null: the turn is no post. Ids count from one in every session, as many bots
 * count.
 */
function bodyOf(turn: Turn, session: string, n: number): Record<string, unknown> | null {
  if (!("named" in turn)) return null;
  const text = turn.does === "ask-for-a-person" ? "I want a person" : `words ${n}`;
  return {
    id: String(n),
    type: TYPES[turn.does],
    session,
    text,
    ...(turn.named && { customer: { name: "Ana" }, attributes: { orderId: "A-1" } }),
  };
}

/** Performs a turn that is no post: time, and people at the desk. */
async function play(door: Door, turn: Turn): Promise<void> {
  const { desk } = door.emulator;
  const newest = door.conversations().at(-1);
  switch (turn.does) {
    case "wait":
      return door.later(turn.ms, Math.max(1_000, turn.ms / 20));
    case "take":
      if (newest !== undefined) await door.take(newest.id);
      return;
    case "solve":
    case "close":
      if (newest !== undefined) await door.finish(turn.does === "solve" ? "SOLVED" : "CLOSED", newest.id);
      return;
    case "leave-desk":
    case "come-to-desk":
      for (const { id } of door.emulator.state.agents.values()) {
        desk.setAvailability(id, turn.does === "leave-desk" ? "AWAY" : "ACTIVE");
      }
      return;
    default:
      return;
  }
}

/** Posts or performs a turn. */
export async function take(door: Door, turn: Turn, session: string, n: number): Promise<Reply | null> {
  const body = bodyOf(turn, session, n);
  if (body === null) {
    await play(door, turn);
    return null;
  }
  const reply = await door.post("/events", body, { prefer: "wait=0" });
  await door.rest();
  return reply;
}
