/** Invariants that hold once nothing is left to do. */

import type { RecordedCall } from "../../src/emulator/api/call-log.ts";
import type { State } from "../../src/emulator/state/state.ts";
import { withoutWords } from "../../src/handoff/ledger/empty-notes.ts";
import type { Attempt, Ledger } from "../../src/model/handoff.ts";
import type { SessionRecord } from "../../src/store/store.ts";
import type { Agents } from "./agents.ts";
import { checkReturns } from "./final-return-checker.ts";
import { checkWords } from "./final-words-checker.ts";
import { graceMs } from "./flows.ts";
import type { History } from "./history.ts";
import { tagsOf, tokenIn, type Violation, writeOf } from "./invariants.ts";
import type { Exchange } from "./network.ts";
import type { PushChannel } from "./push-channel.ts";

export interface FinalState {
  record: Pick<SessionRecord, "read">;
  state: State;
  /** Sorted by effect. */
  calls: readonly RecordedCall[];
  exchanges: readonly Exchange[];
  /** Ids of all handoffs that ever existed. */
  ids: ReadonlySet<string>;
  /** Handoffs with an alert that they were parked. */
  alerts: ReadonlySet<string>;
  people: Agents;
  history: History;
  pushChannel: PushChannel;
  /** Time of the last change of a conversation's status. */
  statusAt: ReadonlyMap<string, number>;
  /** True if a handoff was forgotten with its session. */
  isForgotten: (token: string) => boolean;
  /** True: the service's clock was set, so what it dated before stands for a later time than what it dated since. */
  hasTwoClocks: boolean;
  now: number;
}

/** Far more than a schedule allows before it is calm. */
const MAX_ATTEMPTS = 150;

/** Counts of unavoidable repetitions: a request was repeated while the first was on its way and could not be seen. */
export interface Residual {
  routesRepeated: number;
  notesRepeated: number;
  /** Conversations of handoffs that were cancelled before the answer to their create arrived. */
  leftByCancel: number;
  /** Texts that the customer got twice. */
  textsRepeated: number;
  /** Chats that changed twice in a millisecond, and differ from the platform. */
  tied: number;
}

/** Number of attempts in the same millisecond in which the one before was not sent, or refused as too many. */
const backToBack = (attempts: readonly Attempt[]): number =>
  attempts.filter(({ sentAt }, index) => {
    const before = attempts[index - 1];
    return before?.endedAt === sentAt && (before.code === "not-sent" || before.code === "throttled");
  }).length;

const isOver = (state: string | undefined): boolean => state === "returned" || state === "cancelled";

/** True if it was cancelled before the record had its conversation: nobody looks for that any more. */
const isLeftByCancel = ({ handoff: { id, state } }: Ledger, { history }: FinalState): boolean =>
  state === "cancelled" && history.of(id).find((one) => one.state === "cancelled")?.conversationId === null;

/** True if a tag was requested before this time. */
const wasPutOn = ({ exchanges }: FinalState, id: string, tag: string, before: number): boolean =>
  exchanges.some(
    (one) => writeOf(one) === "addTag" && one.conversationId === id && one.body.tagName === tag && one.sentAt < before,
  );

export function checkFinalState(
  rest: FinalState,
  violate: (violation: Violation) => void,
): Residual & { ledgers: Ledger[] } {
  const { record, state, calls } = rest;
  const conversations = [...state.conversations.values()];
  const ledgers = [...rest.ids].flatMap((id) => record.read((tables) => tables.handoffs.ledger(id)) ?? []);
  const routed = new Map<string, number>();
  const routedAt = new Map<string, number>();
  for (const { at, operation, effect, path } of calls) {
    if (operation !== "route" || !effect) continue;
    const id = path.split("/")[4] ?? "";
    routed.set(id, (routed.get(id) ?? 0) + 1);
    routedAt.set(id, at);
  }
  const residual = { routesRepeated: 0, notesRepeated: 0, leftByCancel: 0 };
  const withPeople = rest.people.had;
  const byRound = new Map<string, Set<string>>();
  const openOf = new Map<number, Set<string>>();
  /** The conversation is solved and its customer given back: it is over, though the platform leaves it open. */
  const handedBack = new Set(
    ledgers.flatMap(({ handoff }) => (handoff.state === "returned" && handoff.conversationId) || []),
  );
  /** All tags that were ever decided for a chat, since a conversation may see several rounds. */
  const tagsOfSession = new Map<number, Set<string>>();
  for (const { handoff, steps } of ledgers) {
    // A removed tag is no longer decided, and a first request to add it may still arrive.
    const put = steps.flatMap(({ arguments: args }) => (args.kind === "tag" ? [args.tag] : []));
    const tags = [...(tagsOfSession.get(handoff.sessionId) ?? []), ...tagsOf(handoff), ...put];
    tagsOfSession.set(handoff.sessionId, new Set(tags));
  }

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
    // An earlier round may have routed it before it came to this one.
    for (const one of marked) if ((routedAt.get(one.id) ?? 0) >= handoff.createdAt) everRouted.add(one.id);
    byRound.set(round, everRouted);
    const open = openOf.get(sessionId) ?? new Set();
    for (const one of marked) {
      // The bot named another conversation for the next round.
      const isLeft = isOver(handoff.state) && ledgers.some((it) => it.handoff.continues === one.id);
      // Its agent does not get the customer again, and it stays as it is.
      if (handoff.returnedBecause === "ended") continue;
      if (isLeft || isLeftByCancel(ledger, rest)) {
        if (one.status !== "CLOSED") residual.leftByCancel += 1;
        continue;
      }
      const hasEnded = one.status === "CLOSED" || (one.status === "SOLVED" && handedBack.has(one.id));
      if (!hasEnded) open.add(one.id);
    }
    openOf.set(sessionId, open);

    const attempts = record.read((tables) => tables.handoffs.attemptsOf(id));
    for (const { position, name, arguments: args, state: stepState } of steps) {
      const own = attempts.filter((attempt) => attempt.position === position);
      // One step sends all later words, however long the chat is.
      const atMost = args.kind === "words" ? MAX_ATTEMPTS * Math.max(1, args.batch) : MAX_ATTEMPTS;
      if (own.length > atMost) fail(11, `${own.length} attempts of ${name}`);
      const refusals = own.filter(({ outcome }) => outcome === "refused");
      if (backToBack(own) > 2) fail(11, `${name} was tried again and again without waiting`);
      // A handoff that is over sends nothing more, not even the creation of a tag. A person may have taken it up again since.
      const wasOver = refusals.some(({ endedAt }) => isOver(rest.history.before(id, endedAt ?? rest.now)?.state));
      const isWanted = (handoff.state === "routed" || handoff.state === "assigned") && !wasOver;
      const isLeftOut = args.kind === "tag" && stepState === "refused" && isWanted;
      if (isLeftOut && refusals.every(({ code }) => code === "unknown-tag"))
        fail(4, `${name} was not made and left out`);
    }
    for (const one of marked) {
      for (const tag of one.tags) {
        // Rounds of other sessions are or were in this conversation.
        const isOthers = ledgers.some(
          ({ handoff: it }) => [it.conversationId, ...it.replaces].includes(one.id) && tagsOf(it).includes(tag),
        );
        // A forgotten round added it. A clock that was set back may have dated the next one before that.
        const before = rest.hasTwoClocks ? Number.POSITIVE_INFINITY : handoff.createdAt;
        const isForgottens = ledgers.length < rest.ids.size && wasPutOn(rest, one.id, tag, before);
        if (!tagsOfSession.get(sessionId)?.has(tag) && !isOthers && !isForgottens && !replaces.includes(one.id))
          fail(4, `has the tag ${tag}`);
      }
    }

    switch (handoff.state) {
      case "routed": {
        const id = conversationId ?? "";
        // An agent who moved it to another queue put it in line too.
        const wasRouted = routed.has(id) || withPeople.has(id) || rest.people.movedAt(id) !== undefined;
        if (!wasRouted) fail(5, "is said to be routed and is not");
        break;
      }
      case "assigned":
        if (!withPeople.has(conversationId ?? "")) fail(5, "is said to be with a person and is not");
        break;
      case "returned":
      case "cancelled":
        break;
      case "parked":
        if (handoff.parkedBecause === null || !rest.alerts.has(id)) fail(11, "is parked and nobody was told");
        break;
      case "pending":
      case "deferred":
        fail(5, `is ${handoff.state} for good`);
    }
    if (own === undefined || (handoff.state !== "routed" && handoff.state !== "assigned")) continue;

    const routes = calls.filter(
      ({ at, operation, effect, path }) =>
        operation === "route" && effect && path.split("/")[4] === own.id && at >= handoff.createdAt,
    );
    residual.routesRepeated += Math.max(0, routes.length - 1);
    for (const { arguments: args, state: stepState, name } of steps) {
      if (stepState !== "done") continue;
      const isTakenOff = steps.some(
        ({ arguments: it, sends }) => it.kind === "untag" && "tag" in args && it.tag === args.tag && sends > 0,
      );
      // A removal by an earlier round may arrive late.
      const isLate =
        args.kind === "tag" &&
        rest.exchanges.some(
          (one) =>
            writeOf(one) === "removeTag" &&
            one.conversationId === own.id &&
            one.path[3] === args.tag &&
            one.sentAt <= handoff.createdAt,
        );
      if (args.kind === "tag" && !isTakenOff && !isLate && !own.tags.includes(args.tag))
        fail(13, `${name} is done and the tag is not on`);
      // Metadata of an earlier round may arrive late, also if that round was forgotten since.
      const isOfChat =
        rest.isForgotten(String(own.metadata?.baton_handoff)) ||
        ledgers.some(
          ({ handoff: it }) =>
            it.token === own.metadata?.baton_handoff &&
            (it.sessionId === sessionId || [it.conversationId, ...it.replaces].includes(own.id)),
        );
      if (args.kind === "metadata" && !isOfChat) fail(13, "has no metadata");
      if (args.kind !== "note") continue;
      // A delivered note loses its words at the first end of its handoff, and keeps its last line.
      const isSame = (content: unknown): boolean =>
        content === args.content || withoutWords(String(content)) === args.content;
      const same = own.notes.filter(({ content }) => isSame(content)).length;
      if (same === 0) fail(13, `${name} is done and not there`);
      residual.notesRepeated += Math.max(0, same - 1);
    }
    // A step for the hand-back waits for the next hand-back if a person took the chat again. A step for a waiting customer is
    // left out if an agent was faster.
    const left = steps.find(
      ({ state, arguments: args }) =>
        !["done", "skipped", "refused"].includes(state) &&
        args.kind !== "untag" &&
        (args.kind !== "text" || (args.moment !== "returned" && handoff.state === "routed")),
    );
    if (left !== undefined) fail(13, `${left.name} is ${left.state} for good`);
  }

  for (const [round, ids] of byRound) {
    if (ids.size > 1)
      violate({ invariant: 3, what: `${ids.size} conversations were routed in session/epoch ${round}` });
  }
  for (const [sessionId, ids] of openOf) {
    // Baton takes no conversation from a person, not even one too many.
    const free = [...ids].filter((id) => !withPeople.has(id));
    if (ids.size > 1 && (free.length === ids.size || free.length > 1)) {
      violate({ invariant: 3, what: `${ids.size} conversations of session ${sessionId} are open` });
    }
  }
  for (const { summary } of conversations) {
    const token = tokenIn(summary);
    if (token !== null && !rest.isForgotten(token) && !ledgers.some(({ handoff }) => handoff.token === token)) {
      violate({ invariant: 2, what: `a conversation of ${token}, which is not in the record` });
    }
  }
  checkWords(rest, ledgers, violate);
  return { ...residual, ...checkReturns({ ...rest, ledgers, graceMs }, violate), ledgers };
}
