/** Invariants of every request, checked as it leaves, with the record and the platform as they are then. */
import type { State } from "../../src/emulator/state/state.ts";
import { handoffSettingsSchema } from "../../src/handoff/settings.ts";
import type { Step } from "../../src/model/handoff.ts";
import type { SessionRecord } from "../../src/store/store.ts";
import { createFindIntent } from "./find-intent.ts";
import type { History } from "./history.ts";
import { isAnswered, isRefused, type Sent, tagsOf, tokenIn, type Violation, writeOf } from "./invariants.ts";
import type { Exchange } from "./network.ts";
import { conversationsIn, createObservations } from "./observations.ts";
import { createReturnChecker } from "./online-return-checker.ts";
import type { PushChannel } from "./push-channel.ts";

interface OnlineCheckerDeps {
  record: Pick<SessionRecord, "read">;
  state: State;
  history: History;
  pushChannel: PushChannel;
  /** Time at which a person moved a conversation to another queue. */
  movedAt: (id: string) => number | undefined;
  violate: (violation: Violation) => void;
}

const settings = handoffSettingsSchema.parse({});
const SETTLED = new Set(["done", "skipped", "refused"]);
/** Codes of attempts that found a conversation closed. */
const CLOSED_CODES = new Set(["closed", "over"]);

export function createOnlineChecker({ record, state, history, pushChannel, movedAt, violate }: OnlineCheckerDeps) {
  const exchanges: Exchange[] = [];
  const observations = createObservations();
  /** Creates by the round of a handoff: a replacement conversation begins a new one. */
  const creates = new Map<string, Sent[]>();
  const isBot = (id: string): boolean => state.bots.has(id);

  /** Answers to reads of this attempt, the newest last. */
  const looks = ({ exchange: { instance }, attempt }: Sent, path: string, id: string | null): Exchange[] =>
    exchanges.filter(
      (one) =>
        one.instance === instance &&
        one.method === "GET" &&
        one.path.join("/").startsWith(path) &&
        one.conversationId === id &&
        !one.query.has("conversationIds") &&
        one.sentAt >= attempt.sentAt &&
        isAnswered(one),
    );

  const intentOf = createFindIntent({ record, state, violate });

  function checkCreate(sent: Sent): void {
    const { handoff } = sent.ledger;
    const round = `${handoff.id}/${handoff.replaces.length}`;
    const before = creates.get(round) ?? [];
    creates.set(round, [...before, sent]);
    const isRouted = exchanges.some(
      (one) =>
        writeOf(one) === "route" &&
        handoff.replaces.includes(one.conversationId ?? "") &&
        one.sentAt >= handoff.createdAt &&
        !isRefused(one),
    );
    if (isRouted) violate({ invariant: 3, what: "a new conversation after one that may have been routed" });
    const doubtful = before.filter((one) => !isRefused(one.exchange)).at(-1);
    if (doubtful === undefined) return;
    checkLook(3, "create", sent, doubtful.exchange, looks(sent, "conversations", null).at(-1));
  }

  /** Number of handoffs whose first create left at this time. */
  const firstCreatesAt = (at: number): number =>
    record.read((tables) =>
      tables.handoffs
        .list({}, 100)
        .flatMap(({ id }) => tables.handoffs.ledger(id)?.steps ?? [])
        .filter((step) => step.arguments.kind === "conversation" && step.firstSentAt === at),
    ).length;

  /** A doubtful request is repeated only after a look that must have seen it. */
  function checkLook(
    invariant: number,
    what: string,
    { exchange: { instance } }: Sent,
    doubtful: Exchange,
    look: Exchange | undefined,
  ): void {
    // Another service's request, or a dead one's, has only its time of sending.
    const until = (doubtful.instance === instance ? doubtful.deliveredAt : null) ?? doubtful.sentAt;
    if (look === undefined) violate({ invariant, what: `${what} repeated without a look` });
    else if (look.sentAt < until + settings.quietMs) {
      violate({ invariant, what: `${what} repeated after a look that came too early` });
    }
  }

  function checkClose({ exchange, ledger, step }: Sent): void {
    const target = state.conversations.get(exchange.conversationId ?? "");
    if (target === undefined || step.arguments.kind === "release") return;
    if (target.routes > 0) violate({ invariant: 3, what: "a routed conversation closed as a duplicate" });
    if (target.id === ledger.handoff.conversationId) violate({ invariant: 3, what: "its own conversation closed" });
    if (observations.of(target.id)?.agentId != null)
      violate({ invariant: 6, what: "a conversation somebody has, closed" });
    const mine = [...state.conversations.values()].filter(
      (one) => one.status !== "CLOSED" && tokenIn(one.summary) === ledger.handoff.token,
    );
    const isOldest = mine.every((one) => one === target || one.createdAt > target.createdAt);
    if (step.arguments.kind === "conversation" && isOldest && mine.every(({ agentId }) => agentId === null)) {
      violate({ invariant: 3, what: "the oldest of the duplicates closed" });
    }
  }

  /** A sweep must have followed the last of several creates: it looked for their conversations and closed those that it saw. */
  function checkSweep({ exchange, ledger }: Sent, last: Exchange): void {
    const { handoff, steps } = ledger;
    const firstSentAt = steps.find(({ arguments: args }) => args.kind === "conversation")?.firstSentAt ?? 0;
    // The start of its window identifies a sweep, so two handoffs of the same time cannot be distinguished.
    if (firstCreatesAt(firstSentAt) > 1) return;
    const since = new Date(firstSentAt - settings.skewMs).toISOString().replace("Z", "+0000");
    const look = exchanges.findLast((one) => one.query.get("createdAfter") === since && isAnswered(one));
    if (look === undefined || look.sentAt < last.sentAt) {
      violate({ invariant: 3, what: "route after several creates without a look for duplicates" });
      return;
    }
    for (const { id, status, agentId, summary } of conversationsIn(look.answer)) {
      const isSpare = tokenIn(summary) === handoff.token && id !== exchange.conversationId;
      const isAsked = exchanges.some((one) => one.conversationId === id && writeOf(one) === "close");
      if (isSpare && status !== "CLOSED" && agentId == null && !isAsked) {
        violate({ invariant: 3, what: "route while a duplicate that was seen is open" });
      }
    }
  }

  /** A step that got ERROR does not hold up the route, nor do the notes after it. */
  const isBeside = ({ arguments: args, result }: Step, steps: readonly Step[]): boolean =>
    result?.kind === "error-answer" ||
    (args.kind === "note" &&
      steps.some(
        (it) => it.arguments.kind === "note" && it.arguments.part < args.part && it.result?.kind === "error-answer",
      ));

  /** True if an earlier round in the same conversation removed it; that may arrive late. */
  const isTakenOff = (id: string, tag: string): boolean =>
    exchanges.some((one) => writeOf(one) === "removeTag" && one.conversationId === id && one.path[3] === tag);

  function checkRoute(sent: Sent): void {
    const { exchange, ledger, step, attempt } = sent;
    const id = exchange.conversationId ?? "";
    const unsettled = ledger.steps.find(
      (one) => one.position < step.position && !SETTLED.has(one.state) && !isBeside(one, ledger.steps),
    );
    if (unsettled !== undefined) violate({ invariant: 7, what: `route left before ${unsettled.name}` });
    const creates = exchanges.filter(
      (one) => writeOf(one) === "create" && tokenIn(one.body.summary) === ledger.handoff.token && !isRefused(one),
    );
    const last = creates.at(-1);
    if (creates.length > 1 && last !== undefined) checkSweep(sent, last);
    const now = state.conversations.get(id);
    for (const { arguments: args, state: stepState } of ledger.steps) {
      if (
        args.kind === "tag" &&
        stepState === "done" &&
        now?.tags.includes(args.tag) === false &&
        !isTakenOff(id, args.tag)
      ) {
        violate({ invariant: 7, what: `route left while tag ${args.tag} was not on` });
      }
    }
    const view = observations.of(id);
    const assignee = observations.assigneeOf(id);
    if (assignee != null && !isBot(assignee)) {
      violate({ invariant: 6, what: "route of a conversation that was seen with a human" });
    }
    if (view !== undefined && attempt.sentAt - view.at > settings.freshMs) {
      violate({ invariant: 6, what: "route without a fresh look at who has the conversation" });
    }
    const doubtful = exchanges
      .filter((one) => one.conversationId === id && writeOf(one) === "route" && !isRefused(one))
      .filter((one) => tokenIn(now?.summary) === ledger.handoff.token && one.sentAt >= ledger.handoff.createdAt)
      .at(-1);
    const look = looks(sent, `conversations/${id}`, id).at(-1);
    if (conversationsIn(look?.answer)[0]?.status === "CLOSED") {
      violate({ invariant: 6, what: "route of a conversation just seen closed" });
    }
    if (doubtful === undefined) return;
    checkLook(6, "route", sent, doubtful, look);
    const queues = ledger.steps.flatMap(({ result }) =>
      result?.kind === "conversation" || result?.kind === "queue" ? [result.queueId] : [],
    );
    if (look !== undefined && view !== undefined && !queues.includes(view.queueId)) {
      violate({ invariant: 6, what: "route repeated though its queue had changed" });
    }
  }

  function checkNote(sent: Sent): void {
    const { exchange } = sent;
    const id = exchange.conversationId;
    const doubtful = exchanges.findLast(
      (one) =>
        one.conversationId === id &&
        writeOf(one) === "createNote" &&
        one.body.content === exchange.body.content &&
        !isRefused(one),
    );
    if (doubtful === undefined) return;
    const look = looks(sent, `conversations/${id}/notes`, id).at(-1);
    checkLook(8, "note", sent, doubtful, look);
    if (look !== undefined && JSON.stringify(look.answer).includes(JSON.stringify(exchange.body.content))) {
      violate({ invariant: 8, what: "note repeated though it was seen" });
    }
  }

  function check(sent: Sent): void {
    const { exchange, write, ledger, attempt } = sent;
    const { conversationId: id } = exchange;
    const closedAt = observations.closedAt(id ?? "") ?? Number.POSITIVE_INFINITY;
    // Baton does not know what it saw and could not record.
    const isKnown = record
      .read((tables) => (closedAt < attempt.sentAt ? tables.handoffs.attemptsOf(ledger.handoff.id) : []))
      .some(
        ({ code, endedAt }) =>
          CLOSED_CODES.has(code ?? "") && endedAt !== null && endedAt >= closedAt && endedAt < attempt.sentAt,
      );
    if (isKnown) violate({ invariant: 6, what: `${write} to a conversation seen closed` });
    if (write === "addTag" && !tagsOf(ledger.handoff).includes(String(exchange.body.tagName))) {
      violate({ invariant: 4, what: "a tag that was not decided" });
    }
    circle.check(sent);
    if (write === "create") checkCreate(sent);
    if (write === "close") checkClose(sent);
    if (write === "route") checkRoute(sent);
    if (write === "createNote") checkNote(sent);
  }

  const circle = createReturnChecker({
    record,
    exchanges,
    observations,
    state,
    history,
    pushChannel,
    movedAt,
    looks,
    checkLook,
    violate,
  });

  return {
    exchanges: exchanges as readonly Exchange[],
    onRequest(exchange: Exchange, ids: Iterable<string>): void {
      const write = writeOf(exchange);
      if (write === "forbidden") violate({ invariant: 2, what: `${exchange.method} ${exchange.path.join("/")}` });
      // Requests that a service had begun when it stood still leave afterwards, whatever happened meanwhile.
      else if (write !== null && !exchange.instance.hasStood) {
        const sent = intentOf(exchange, write, ids);
        if (sent !== null) check(sent);
      }
      exchanges.push(exchange);
    },
    onAnswer: observations.onAnswer,
  };
}
