/** Invariants of every request on the way to the agent and back: hours, waiting, release and hand-back. */

import type { State } from "../../src/emulator/state/state.ts";
import type { Step } from "../../src/model/handoff.ts";
import type { SessionRecord } from "../../src/store/store.ts";
import { closedUntil, hasAskedHours } from "./flows.ts";
import type { History } from "./history.ts";
import { isRefused, type Sent, type Violation, writeOf } from "./invariants.ts";
import type { Exchange } from "./network.ts";
import { conversationsIn, type Observations } from "./observations.ts";
import type { PushChannel } from "./push-channel.ts";

interface CircleDeps {
  record: Pick<SessionRecord, "read">;
  exchanges: readonly Exchange[];
  observations: Observations;
  state: State;
  history: History;
  pushChannel: PushChannel;
  movedAt: (id: string) => number | undefined;
  /** Answers to reads of an attempt. */
  looks: (sent: Sent, path: string, id: string | null) => Exchange[];
  /** Checks that a look came before a doubtful request was repeated. */
  checkLook: (invariant: number, what: string, sent: Sent, doubtful: Exchange, look: Exchange | undefined) => void;
  violate: (violation: Violation) => void;
}

/** Kinds of steps of a handoff that is over. */
// Words from before the hand-back are still sent.
const AFTERWARDS = new Set(["sweep", "untag", "text", "release", "words"]);

export function createReturnChecker(deps: CircleDeps) {
  const { record, exchanges, observations, state, history, pushChannel, movedAt, looks, checkLook, violate } = deps;
  const isHuman = (id: unknown): boolean => typeof id === "string" && id !== "" && !state.bots.has(id);

  /** True if the last news of a conversation, from pushes and answers alike, was a person who has it. */
  function wasToldOfHuman(id: string, before: number): boolean {
    const told = pushChannel.assigneeOf(id, before);
    const look = observations.lookOf(id);
    return told?.kind === "human" && (look === undefined || look.changedAt < told.at);
  }

  /** A handoff that is deferred, cancelled or over sends only what belongs there. */
  function checkStanding({ write, ledger, step, attempt }: Sent): void {
    const { id } = ledger.handoff;
    const { kind } = step.arguments;
    const before = history.before(id, attempt.sentAt)?.state;
    if (before === "deferred") {
      const isNow = history.of(id).some(({ at, state: one }) => at === attempt.sentAt && one !== "deferred");
      if (!isNow) violate({ invariant: 17, what: `${write} for a handoff that is put off` });
    }
    const isStill = !history.of(id).some(({ at, state: one }) => at === attempt.sentAt && one !== before);
    if (before === "cancelled" && isStill && kind !== "sweep") {
      violate({ invariant: 2, what: `${write} for a handoff that was cancelled` });
    }
    if (before === "returned" && isStill && !AFTERWARDS.has(kind)) {
      violate({ invariant: 20, what: `${write} for a handoff whose customer the bot has again` });
    }
  }

  function checkHours({ attempt, ledger, write }: Sent): void {
    const { bot } = ledger.handoff;
    if (hasAskedHours(bot) || attempt.sentAt >= (closedUntil(bot) ?? 0)) return;
    violate({ invariant: 17, what: `${write} for ${bot} before its people come` });
  }

  function checkRoute({ exchange, attempt, ledger }: Sent): void {
    const isNobody = ledger.steps.some(
      ({ arguments: args, result }) =>
        args.kind === "agents" &&
        result?.kind === "agents" &&
        (result.isAnybody === false || (result.waiting ?? 0) >= (args.orWaiting ?? Number.POSITIVE_INFINITY)),
    );
    if (isNobody && ledger.handoff.decision.noAgent?.do === "decline") {
      violate({ invariant: 17, what: "route where nobody is there and that is declined" });
    }
    if (wasToldOfHuman(exchange.conversationId ?? "", attempt.sentAt)) {
      violate({ invariant: 6, what: "route of a conversation that a push had shown with a human" });
    }
  }

  function checkRelease(sent: Sent): void {
    const { exchange, attempt, ledger } = sent;
    const id = exchange.conversationId ?? "";
    const look = looks(sent, `conversations/${id}`, id).at(-1);
    const [seen] = conversationsIn(look?.answer);
    if (look === undefined) violate({ invariant: 6, what: "release without a look at who has it" });
    // An operator knows that the agent does not get the customer again, and also closes a conversation that another one brought.
    // Its close may leave beside the release that had begun for another reason.
    const isEnding = ({ arguments: args, state }: Step): boolean =>
      args.kind === "release" && args.because === "ended" && state === "sent";
    if (ledger.steps.some(isEnding)) return;
    if (isHuman(seen?.agentId) || wasToldOfHuman(id, attempt.sentAt)) {
      violate({ invariant: 6, what: "release of a conversation that was seen with a human" });
    }
    const isOurs = ledger.steps.some(({ arguments: args }) => args.kind === "conversation" && args.adopt === null);
    if (sent.write === "close" && !isOurs)
      violate({ invariant: 20, what: "another's conversation closed by a release" });
  }

  /** Steps for a waiting customer must not reach one with an agent. */
  function checkWaiting({ exchange, write, step, attempt }: Sent): void {
    const { arguments: args } = step;
    const isFirst = step.sends === 1;
    // A repeated request for a priority is the bot's wish, whoever has the customer by then.
    const isAskedFor = step.name.startsWith("priority:raised");
    const isForWaiting =
      (args.kind === "priority" && !isAskedFor) || (args.kind === "text" && args.moment !== "returned");
    if (isForWaiting && isFirst && wasToldOfHuman(exchange.conversationId ?? "", attempt.sentAt)) {
      violate({ invariant: 18, what: `${write} of ${step.name} while an agent has the customer` });
    }
  }

  /** A text may be said twice only if the first could not be seen. */
  function checkText(sent: Sent): void {
    const { exchange, ledger, step } = sent;
    const id = exchange.conversationId ?? "";
    const doubtful = exchanges.findLast(
      (one) =>
        one.conversationId === id &&
        writeOf(one) === "message" &&
        JSON.stringify(one.body.content) === JSON.stringify(exchange.body.content) &&
        one.sentAt >= (step.firstSentAt ?? ledger.handoff.createdAt) &&
        !isRefused(one),
    );
    if (doubtful === undefined) return;
    const look = looks(sent, `conversations/${id}/messages`, id).find(({ query }) => !query.has("orderBy"));
    checkLook(18, step.name, sent, doubtful, look);
  }

  /** Another queue is a person's choice once the step has set its queue, or found it set. */
  function checkQueue({ exchange, step, ledger }: Sent): void {
    const wasSet = record
      .read((tables) => tables.handoffs.attemptsOf(ledger.handoff.id))
      .find(({ position, outcome }) => position === step.position && outcome === "ok");
    const moved = movedAt(exchange.conversationId ?? "");
    if (wasSet?.endedAt == null || moved === undefined || moved <= wasSet.endedAt) return;
    violate({ invariant: 26, what: "a conversation that a person moved was put back into its queue" });
  }

  function checkUntag({ exchange, ledger, attempt }: Sent): void {
    const { decision, state: now, id } = ledger.handoff;
    const tag = exchange.path[3] ?? "";
    const next = record.read((tables) =>
      tables.handoffs.ofConversation(ledger.handoff.account, exchange.conversationId ?? ""),
    );
    if (next !== null && next.id !== id && next.createdAt < attempt.sentAt) {
      violate({ invariant: 20, what: `${tag} taken off though the next round is in the conversation` });
    }
    // It may be reopened in the moment in which the request left.
    const wasReturned = history.of(id).some((one) => one.at === attempt.sentAt && one.state === "returned");
    if (now !== "returned" && !wasReturned) {
      violate({ invariant: 20, what: `${tag} taken off while the handoff is ${now}` });
    }
    if (!decision.handBack.removeTags.includes(tag)) {
      violate({ invariant: 4, what: `${tag} taken off, which the flow does not say` });
    }
    const wasPutOn = exchanges.some(
      (one) =>
        writeOf(one) === "addTag" &&
        one.conversationId === exchange.conversationId &&
        one.body.tagName === tag &&
        !isRefused(one),
    );
    if (!wasPutOn) violate({ invariant: 4, what: `${tag} taken off, which handoff ${id} did not put on` });
  }

  return {
    check(sent: Sent): void {
      const { kind } = sent.step.arguments;
      checkStanding(sent);
      checkHours(sent);
      checkWaiting(sent);
      if (sent.write === "route") checkRoute(sent);
      if (kind === "release") checkRelease(sent);
      if (sent.write === "queue") checkQueue(sent);
      if (sent.write === "message") checkText(sent);
      if (sent.write === "removeTag") checkUntag(sent);
    },
  };
}
