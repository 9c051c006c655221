/** Invariants at rest of the way to the agent and back. */
import { contentId } from "../../src/events/content-id.ts";
import { hashOf } from "../../src/handoff/use-cases/repeats/dedupe-key.ts";
import type { HandoffState, Ledger } from "../../src/model/handoff.ts";
import type { FinalState, Residual } from "./final-checker.ts";
import { checkControl } from "./final-control-checker.ts";
import { closedUntil, hasAskedHours, START } from "./flows.ts";
import { tokenIn, type Violation, writeOf } from "./invariants.ts";

/** An alert must come within this time. */
const ALERT_WITHIN_MS = 60_000;
/** Known working hours are valid for this time, and a start waits at most HOURS_WITHIN_MS for them. */
const BELIEVED_FOR_MS = 10 * 60_000;
const HOURS_WITHIN_MS = 2_000;
const EVERY_EVENT = 100_000;

export type FinalReturns = FinalState & { ledgers: readonly Ledger[]; graceMs: (bot: string) => number };
export type Fail = (invariant: number, what: string) => void;

/** Declined or given back for lack of an agent, a conversation must not stay in the agents' sight. */
function checkGivenBack({ handoff, steps }: Ledger, { state, people, calls }: FinalReturns, fail: Fail): void {
  const { returnedBecause, conversationId, id } = handoff;
  if (handoff.state !== "returned" || (returnedBecause !== "waited" && returnedBecause !== "nobody-there")) return;
  const own = state.conversations.get(conversationId ?? "");
  const isOurs = steps.some(({ arguments: args }) => args.kind === "conversation" && args.adopt === null);
  if (isOurs && own !== undefined && own.status !== "CLOSED" && !people.had.has(own.id)) {
    fail(20, `given back as ${returnedBecause}, and its conversation is ${own.status}`);
  }
  const isRouted = steps.some(({ arguments: args, sends }) => args.kind === "route" && sends > 0);
  if (returnedBecause === "nobody-there" && isRouted) fail(17, `declined and routed: ${id}, ${calls.length} calls`);
}

/** The conversation that an operator ended and closed is closed, or gone, or the next handoff came to it before that. */
function checkEnded({ handoff, steps }: Ledger, { state, ledgers, history }: FinalReturns, fail: Fail): void {
  const own = state.conversations.get(handoff.conversationId ?? "");
  const isNexts = ledgers.some(
    ({ handoff: it }) =>
      it.id > handoff.id && own !== undefined && [it.conversationId, ...it.replaces].includes(own.id),
  );
  if (isNexts) return;
  const standings = history.of(handoff.id);
  const endedAt = standings.findIndex(({ returnedBecause }) => returnedBecause === "ended");
  // A person who has the customer again keeps them, and a later end may leave the conversation open.
  const isTakenBack = standings.slice(endedAt).some(({ state: it }) => it === "assigned");
  const isAsked = steps.some(
    ({ arguments: args, state: it }) =>
      args.kind === "release" && args.because === "ended" && !(it === "skipped" && isTakenBack),
  );
  if (isAsked && handoff.state === "returned" && own !== undefined && own.status !== "CLOSED") {
    fail(20, `was ended and closed by an operator, and its conversation is ${own.status}`);
  }
}

/** A person had the customer: the bot gets them back no sooner than the flow says after that. */
function checkPatience({ handoff }: Ledger, { history }: FinalReturns, fail: Fail): void {
  const { decision, leftAt, id } = handoff;
  const threshold = decision.waiting.find(({ giveBack }) => giveBack);
  if (threshold === undefined || leftAt !== null) return;
  let hadUntil: number | null = null;
  for (const [index, { state, at, returnedBecause }] of history.of(id).entries()) {
    const before = history.of(id)[index - 1];
    if (before?.state === "assigned" && state !== "assigned") hadUntil = at;
    const isGivenBack = state === "returned" && before?.state === "routed" && returnedBecause === "waited";
    if (isGivenBack && hadUntil !== null && at - hadUntil < threshold.afterMs) {
      fail(18, "was given back too soon after a person had it");
    }
  }
}

/** Tags that the flow removes at the hand-back are gone, if the conversation is open and no other round is in it. */
function checkTagsOff(
  { handoff, steps }: Ledger,
  { record, history, state, ledgers, exchanges }: FinalReturns,
  fail: Fail,
): void {
  const { id, conversationId, returnedBecause, decision } = handoff;
  const own = state.conversations.get(conversationId ?? "");
  const hasNext = ledgers.some((it) => it.handoff.id > id && it.handoff.conversationId === conversationId);
  if (handoff.state !== "returned" || returnedBecause !== "solved" || hasNext || own?.status !== "SOLVED") return;
  const isDone = (kind: "tag" | "untag", tag: string): boolean =>
    steps.some(({ arguments: args, state: it }) => args.kind === kind && args.tag === tag && it === "done");
  const returnedAt =
    history.of(id).findLast((one, index, all) => one.state === "returned" && all[index - 1]?.state !== "returned")
      ?.at ?? 0;
  const attempts = record.read((tables) => tables.handoffs.attemptsOf(id));
  // A tag whose request was still on its way may not be on.
  const wasOn = (tag: string): boolean =>
    steps.some(
      ({ arguments: args, position }) =>
        args.kind === "tag" &&
        args.tag === tag &&
        attempts.some(
          (it) => it.position === position && it.outcome === "ok" && (it.endedAt ?? returnedAt) < returnedAt,
        ),
    );
  for (const tag of decision.handBack.removeTags.filter((one) => isDone("tag", one) && wasOn(one))) {
    const isAsked = steps.some(({ arguments: args }) => args.kind === "untag" && args.tag === tag);
    // A tag that was added twice may be added late.
    const adds = exchanges.filter(
      (one) => writeOf(one) === "addTag" && one.conversationId === conversationId && one.body.tagName === tag,
    );
    const isStillOn = isDone("untag", tag) && adds.length === 1 && own.tags.includes(tag);
    if (!isAsked || isStillOn) fail(20, `has its customer back and ${tag} on`);
  }
}

/** A handoff that no agent took in time raised an alert, within a minute in which a service ran. */
function checkAlert({ handoff }: Ledger, { history, now }: FinalReturns, fail: Fail): void {
  const standings = history.of(handoff.id);
  const isWaiting = ({ state }: { state: HandoffState }): boolean => state === "pending" || state === "routed";
  const { alertAfterMs } = handoff.decision;
  const firstAt = handoff.deferredUntil ?? handoff.createdAt;
  let from: number | null = null;
  for (const [index, standing] of standings.entries()) {
    const { state, at, alertedAt } = standing;
    if (state !== standings[index - 1]?.state) from = isWaiting(standing) ? at : null;
    const next = standings[index + 1];
    if (from === null || handoff.leftAt !== null) continue;
    // A routed handoff waits since its route, any other since its request.
    const lateAt = (state === "routed" ? from : firstAt) + alertAfterMs;
    const toldBy = history.after(Math.max(lateAt, from), ALERT_WITHIN_MS);
    if (toldBy < (next?.at ?? now) && (alertedAt === null || alertedAt > toldBy)) {
      fail(19, `waits for an agent and nobody was told by then`);
      return;
    }
    const isToldNow = alertedAt !== null && standings[index - 1]?.alertedAt === null;
    if (isToldNow && alertedAt < Math.min(lateAt, Math.max(firstAt, handoff.createdAt) + 30_000)) {
      fail(19, "was told of as late before it was");
    }
  }
}

/** Working hours that Baton reads at the platform count only as far as the instance that resumed a handoff had read them. */
function checkHours({ handoff }: Ledger, { history, exchanges }: FinalReturns, fail: Fail): void {
  const { bot, deferredUntil, createdAt, id } = handoff;
  const until = closedUntil(bot) ?? 0;
  if (bot === "counter-assistant" && createdAt < until) fail(17, "was opened while its people decline");
  if (!hasAskedHours(bot)) {
    const wasPutOff = history.of(id).some(({ state }) => state === "deferred");
    if (createdAt < until && !wasPutOff) fail(17, "was not put off");
    return;
  }
  const woken = history.of(id).find(({ state }) => state !== "deferred");
  if (deferredUntil === null || woken === undefined || woken.state === "cancelled" || woken.at >= until) return;
  const asked = exchanges.filter(
    ({ instance, path, sentAt }) => instance.no === woken.by && path[0] === "working-hours" && sentAt <= woken.at,
  );
  // An instance that stood still may have an answer that it does not know yet.
  if (asked.some(({ instance }) => instance.hasStood)) return;
  const told = asked.findLast(({ status, deliveredAt }) => status === 200 && (deliveredAt ?? woken.at) < woken.at);
  const isTold = told !== undefined && woken.at - (told.deliveredAt ?? 0) < BELIEVED_FOR_MS;
  const isUnheard = asked.every(
    ({ sentAt, deliveredAt }) =>
      (deliveredAt === null || deliveredAt > woken.at) && woken.at - sentAt < HOURS_WITHIN_MS,
  );
  if (isTold && JSON.stringify(told.answer).includes("OUTSIDE")) fail(17, "was taken up though nobody is there");
  if (isUnheard) fail(17, "was taken up without a question whether anybody is there");
}

/** A customer who returns within the flow's grace goes back to the solved conversation, and none goes back later. */
function checkGrace(ledger: Ledger, { ledgers, history, exchanges, state, graceMs }: FinalReturns, fail: Fail): void {
  const { handoff } = ledger;
  const before = ledgers.findLast(
    ({ handoff: one }) => one.sessionId === handoff.sessionId && one.epoch === handoff.epoch - 1,
  )?.handoff;
  const id = before?.conversationId;
  const isOurs = exchanges.some((one) => writeOf(one) === "create" && tokenIn(one.body.summary) === before?.token);
  const stood = history.of(before?.id ?? "").filter(({ at: when }) => when <= handoff.createdAt);
  const at = stood.find((one) => one.state === "returned");
  const isSteady =
    stood.filter((one, index) => one.state === "returned" && stood[index - 1]?.state !== "returned").length === 1;
  const isStill = stood.at(-1)?.returnedBecause === "solved";
  if (id == null || !isOurs || !isStill || at === undefined || at.returnedBecause !== "solved" || !isSteady) return;
  const isBack = handoff.conversationId === id || handoff.replaces.includes(id);
  const since = handoff.createdAt - at.at;
  if (isBack && since >= graceMs(handoff.bot)) fail(20, "went back to what was solved too long ago");
  const isMeant = before?.state === "returned" && state.conversations.get(id)?.status !== "CLOSED";
  // The bot named another conversation, which existed before.
  const isElsewhere = [...handoff.replaces, handoff.conversationId].some(
    (one) => one !== null && one !== id && (state.conversations.get(one)?.createdAt ?? START) === START,
  );
  const isOver = handoff.state === "cancelled" || handoff.conversationId === null;
  if (!isBack && !isOver && isMeant && !isElsewhere && since < graceMs(handoff.bot) && state.conversations.has(id)) {
    fail(20, "did not go back to what was solved just now");
  }
}

/** The record has every answered push, and none twice. */
function checkPushes({ record, pushChannel }: FinalReturns, violate: (violation: Violation) => void): void {
  const recorded = record
    .read((tables) => tables.events.list(EVERY_EVENT))
    .filter(({ source }) => source === "conversations");
  const { accepted } = pushChannel;
  for (const push of accepted.values()) {
    const { id, message } = push.payload as { id?: string; message?: { id?: string } };
    // A message goes by its own id in any envelope.
    const ids = [contentId(push), ...(message === undefined ? [] : [contentId(["message", id, message.id])])];
    const keys = ids.map((one) => hashOf("default", "conversations", one));
    if (keys.every((key) => record.read((tables) => tables.events.byKey(key, null)) === null)) {
      violate({ invariant: 15, what: `${push.type} was answered and is not in the record` });
    }
  }
  // The poll also records agents' messages, if no push brings them.
  const pushed = recorded.filter(({ type }) => type !== "agent.wrote");
  if (recorded.length < accepted.size || pushed.length > pushChannel.sent()) {
    const what = `${pushChannel.sent()} pushes came, ${accepted.size} were answered, ${recorded.length} are recorded`;
    violate({ invariant: 15, what });
  }
}

/** Counts texts of one round: the next one in the same conversation may say the same. */
function textsRepeated({ handoff, steps }: Ledger, { state, ledgers }: FinalReturns): number {
  const own = state.conversations.get(handoff.conversationId ?? "");
  const next = ledgers.find(
    (one) => one.handoff.id > handoff.id && one.handoff.conversationId === handoff.conversationId,
  );
  const until = next?.handoff.createdAt ?? Number.POSITIVE_INFINITY;
  const said = (own?.messages ?? []).filter(({ createdAt }) => createdAt >= handoff.createdAt && createdAt < until);
  const texts = new Set(steps.flatMap(({ arguments: args }) => (args.kind === "text" ? [args.text] : [])));
  return [...texts].reduce((sum, text) => {
    const same = said.filter(({ content }) => JSON.stringify(content) === JSON.stringify({ text }));
    return sum + Math.max(0, same.length - 1);
  }, 0);
}

export function checkReturns(
  circle: FinalReturns,
  violate: (violation: Violation) => void,
): Pick<Residual, "textsRepeated" | "tied"> {
  const residual = { textsRepeated: 0, tied: 0 };
  for (const ledger of circle.ledgers) {
    const { handoff } = ledger;
    const fail: Fail = (invariant, what) => violate({ invariant, what: `handoff ${handoff.id}: ${what}` });
    const disagreements: Parameters<Fail>[] = [];
    checkControl(ledger, circle, (...said) => void disagreements.push(said));
    if (disagreements.length > 0) {
      if (circle.pushChannel.isTied(handoff.conversationId ?? "")) residual.tied += 1;
      else for (const said of disagreements) fail(...said);
    }
    checkGivenBack(ledger, circle, fail);
    checkEnded(ledger, circle, fail);
    checkPatience(ledger, circle, fail);
    checkTagsOff(ledger, circle, fail);
    checkAlert(ledger, circle, fail);
    checkHours(ledger, circle, fail);
    checkGrace(ledger, circle, fail);
    residual.textsRepeated += textsRepeated(ledger, circle);
  }
  checkPushes(circle, violate);
  return residual;
}
