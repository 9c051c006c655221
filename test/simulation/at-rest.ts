/** The invariants that hold once nothing is left to do. */
import type { RecordedCall } from "../../src/emulator/calls.ts";
import type { State } from "../../src/emulator/state.ts";
import { controlOf } from "../../src/handoff/keep.ts";
import type { Attempt, Ledger } from "../../src/sessions/ledger.ts";
import type { SessionRecord } from "../../src/sessions/record.ts";
import { tokenIn, type Violation, writeOf } from "./invariants.ts";
import type { Exchange } from "./network.ts";

export interface Rest {
  record: Pick<SessionRecord, "read">;
  state: State;
  /** In the order in which they took effect. */
  calls: readonly RecordedCall[];
  exchanges: readonly Exchange[];
  /** Ids of every handoff that was ever given one. */
  ids: Iterable<string>;
  /** Handoffs that were told of as parked. */
  alerts: ReadonlySet<string>;
  /** Somebody took these at a desk, or had them from the start. */
  withPeople: ReadonlySet<string>;
}

/** Far more than the schedule allows before everything is calm. */
const MAX_ATTEMPTS = 150;

/** What could not be avoided, counted: a request that was repeated while the first was on its way and not to be seen. */
export interface Residual {
  routesRepeated: number;
  notesRepeated: number;
}

/** How often an attempt followed one that was not sent or refused for the rush, in the same millisecond. */
const backToBack = (attempts: readonly Attempt[]): number =>
  attempts.filter(({ sentAt }, index) => {
    const before = attempts[index - 1];
    return before?.endedAt === sentAt && (before.code === "not-sent" || before.code === "throttled");
  }).length;

export function checkRest(rest: Rest, violate: (violation: Violation) => void): Residual & { ledgers: Ledger[] } {
  const { record, state, calls } = rest;
  const conversations = [...state.conversations.values()];
  const ledgers = [...rest.ids].flatMap((id) => record.read((tables) => tables.handoffs.ledger(id)) ?? []);
  const routed = new Map<string, number>();
  for (const { operation, effect, path } of calls) {
    const id = path.split("/")[4] ?? "";
    if (operation === "route" && effect) routed.set(id, (routed.get(id) ?? 0) + 1);
  }
  const residual = { routesRepeated: 0, notesRepeated: 0 };
  const byRound = new Map<string, Set<string>>();
  const openOf = new Map<number, Set<string>>();

  for (const ledger of ledgers) {
    const { handoff, steps } = ledger;
    const { id, sessionId, epoch, token, conversationId, replaces } = handoff;
    const fail = (invariant: number, what: string): void => violate({ invariant, what: `handoff ${id}: ${what}` });
    const marked = conversations.filter((one) => tokenIn(one.summary) === token);
    const own = conversations.find((one) => one.id === conversationId);

    const creates = rest.exchanges.filter((one) => writeOf(one) === "create" && tokenIn(one.body.summary) === token);
    const sweep = steps.find(({ arguments: args }) => args.kind === "sweep");
    if (creates.length > 1 && sweep?.state !== "done") fail(3, "asked for several conversations and took no last look");
    if (handoff.dueAt !== null) fail(5, "still has something to do");
    const round = `${sessionId}/${epoch}`;
    const everRouted = byRound.get(round) ?? new Set();
    for (const one of marked) if (routed.has(one.id)) everRouted.add(one.id);
    byRound.set(round, everRouted);
    const open = openOf.get(sessionId) ?? new Set();
    for (const one of marked) if (one.status !== "CLOSED") open.add(one.id);
    openOf.set(sessionId, open);

    const attempts = record.read((tables) => tables.handoffs.attemptsOf(id));
    for (const { position, name, arguments: args, state: stepState } of steps) {
      const own = attempts.filter((attempt) => attempt.position === position);
      if (own.length > MAX_ATTEMPTS) fail(11, `${own.length} attempts of ${name}`);
      const refusals = own.filter(({ outcome }) => outcome === "refused");
      if (backToBack(own) > 2) fail(11, `${name} was tried again and again without waiting`);
      const isLeftOut = args.kind === "tag" && stepState === "refused";
      if (isLeftOut && refusals.every(({ code }) => code === "unknown-tag"))
        fail(4, `${name} was not made and left out`);
    }
    for (const one of marked) {
      for (const tag of one.tags) {
        if (!handoff.decision.tags.includes(tag) && !replaces.includes(one.id)) fail(4, `has the tag ${tag}`);
      }
    }

    switch (handoff.state) {
      case "routed":
        if ((routed.get(conversationId ?? "") ?? 0) === 0) fail(5, "is said to be routed and is not");
        break;
      case "assigned":
        if (!rest.withPeople.has(conversationId ?? "")) fail(5, "is said to be with a person and is not");
        break;
      case "returned":
        if (own?.status !== "CLOSED") fail(5, "is said to be over while its conversation is open");
        break;
      case "parked":
        if (handoff.parkedBecause === null || !rest.alerts.has(id)) fail(11, "is parked and nobody was told");
        break;
      case "pending":
      case "deferred":
      case "cancelled":
        fail(5, `is ${handoff.state} for good`);
    }
    const session = record.read((tables) => tables.sessions.byId(sessionId));
    const isLatest = record.read((tables) => tables.handoffs.lastOf(sessionId))?.id === id;
    if (isLatest && handoff.state !== "returned") {
      if (session?.control !== controlOf(handoff)) fail(13, `${handoff.state}, but ${session?.control} is in control`);
      if (session?.conversationId !== conversationId) fail(13, "its session has another conversation");
    }
    if (own === undefined || (handoff.state !== "routed" && handoff.state !== "assigned")) continue;

    residual.routesRepeated += Math.max(0, (routed.get(own.id) ?? 0) - 1);
    for (const { arguments: args, state: stepState, name } of steps) {
      if (stepState !== "done") continue;
      if (args.kind === "tag" && !own.tags.includes(args.tag)) fail(13, `${name} is done and the tag is not on`);
      if (args.kind === "metadata" && own.metadata?.baton_handoff !== token) fail(13, "has no metadata");
      if (args.kind !== "note") continue;
      const same = own.notes.filter(({ content }) => content === args.content).length;
      if (same === 0) fail(13, `${name} is done and not there`);
      residual.notesRepeated += Math.max(0, same - 1);
    }
    const left = steps.find((step) => !["done", "skipped", "refused"].includes(step.state));
    if (left !== undefined) fail(13, `${left.name} is ${left.state} for good`);
  }

  for (const [round, ids] of byRound) {
    if (ids.size > 1)
      violate({ invariant: 3, what: `${ids.size} conversations were routed in session/epoch ${round}` });
  }
  for (const [sessionId, ids] of openOf) {
    // Nobody takes a conversation from a person, not even one too many.
    const free = [...ids].filter((id) => !rest.withPeople.has(id));
    if (ids.size > 1 && (free.length === ids.size || free.length > 1)) {
      violate({ invariant: 3, what: `${ids.size} conversations of session ${sessionId} are open` });
    }
  }
  for (const { summary } of conversations) {
    const token = tokenIn(summary);
    if (token !== null && !ledgers.some(({ handoff }) => handoff.token === token)) {
      violate({ invariant: 2, what: `a conversation of ${token}, which is not in the record` });
    }
  }
  return { ...residual, ledgers };
}
