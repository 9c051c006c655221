/** Faults that a developer could plant, each a change of one text in the product. */
import { ofTrials, type PlantedIn } from "./mutants-of-trials.ts";

export interface Mutant {
  name: string;
  file: string;
  /** Text that the file has exactly once. */
  from: string;
  to: string;
}

const OF_EVERY_SCHEDULE: PlantedIn = {
  "src/handoff/ledger/transitions/outside-hours.ts": [
    [
      "what was put off is not looked at again at its time",
      'state: deferredUntil <= at ? "pending" : "deferred"',
      'state: "pending"',
    ],
  ],
  "src/store/tables/handoffs/failures.ts": [
    ["what a dead service had on its way is forgotten", 'endInFlightOf(id, "crash", now);', ""],
  ],
  "src/handoff/ledger/attempt-end.ts": [
    ["what is not known waits with what is", 'outcome.kind === "done" &&', 'outcome.kind !== "refused" &&'],
  ],
  "src/handoff/run/executor.ts": [
    [
      "what waited is forgotten",
      "const ended = work.withheld.splice(0);\n    const next",
      "const ended = work.withheld.splice(-1);\n    work.withheld = [];\n    const next",
    ],
  ],
  "src/store/tables/handoffs/kept-ledgers.ts": [
    ["what is changed in bulk stays in memory as it was", "    forget(ledgers);\n", ""],
  ],
  "src/store/tables/handoffs/handoffs.ts": [
    ["a step in memory stays as it was before it was written", "it.position === step.position ? step : it", "it"],
  ],
  "src/handoff/save/save-ledger.ts": [
    ["counters go on after the hand-back", "facts: factsOfNextRound(facts),", "facts,"],
    [
      "the step is not saved before it is sent",
      "tables.handoffs.saveStep(handoff.id, step);",
      'if (!before.steps.includes(step) && step.state !== "sent") tables.handoffs.saveStep(handoff.id, step);',
    ],
    [
      "who talks to the customer is not kept",
      "tables.sessions.save(notice === null ? next : { ...next, notice }, at, session);",
      "if (notice !== null) tables.sessions.save({ ...session, notice }, at);",
    ],
  ],
  "src/handoff/ledger/claim-due-steps.ts": [
    [
      "an attempt has the fence of the one before",
      "nextAt: now,\n      fence: step.fence + 1,",
      "nextAt: now,\n      fence: step.fence,",
    ],
    ["what is not seen yet is repeated at once", "now < (step.sentAt ?? 0) + settings.quietMs", "false"],
    [
      "what a dead service sent is sent again without a look",
      'const mayHaveHappened = step.state === "unknown";',
      "const mayHaveHappened = false;",
    ],
    ["the late sweep comes too early", "now + settings.lateMs", "now + settings.quietMs"],
    ["a human at adoption is ignored", "hasHuman ? withoutMootWithHuman(ledger.steps) : ledger.steps", "ledger.steps"],
    [
      "what was put off is forgotten once it was looked at",
      'after.handoff.state === "deferred" ? after.handoff.deferredUntil : nextThreshold(after.handoff)',
      "nextThreshold(after.handoff)",
    ],
    [
      "what is closed is written to after the hand-back",
      'returnedBecause === "closed" || returnedBecause === "deleted" ? "over" : "returned"',
      '"returned"',
    ],
    [
      "a route is never looked at first",
      "const isStale = rulesOf(step).goesStale && !isFresh;",
      "const isStale = false;",
    ],
  ],
  "src/handoff/ledger/transitions/apply-outcome.ts": [
    [
      "the quiet period counts from the sending",
      "run.isLookupOnly ? current :",
      "run.isLookupOnly !== undefined ? current :",
    ],
    ["the fence is forgotten", 'step.state !== "sent" || step.fence !== run.step.fence', 'step.state !== "sent"'],
    [
      "an unknown outcome counts as refused",
      'const state = isUnknown || mayHaveHappened ? "unknown" : "ready";',
      'const state = "ready";',
    ],
    ["a refusal makes an earlier doubt forgotten", "isUnknown || mayHaveHappened", "isUnknown"],
    [
      "a closed conversation after a doubtful route is replaced",
      "if (mayBeRouted(ledger, run) || !isBefore)",
      "if (!isBefore)",
    ],
    [
      "retries never end, and never wait",
      "const wait = backoffMs(step.tries, now - (step.triesSince ?? now), random, settings);",
      "const wait = 0;",
    ],
  ],
  "src/handoff/steps/kinds/agents.ts": [
    ["nobody is there and it is routed all the same", "isNobody ? applyNoAgent(written, now) : written", "written"],
    [
      "too many wait and it is routed all the same",
      "return result.isAnybody === false || isFull;",
      "return result.isAnybody === false;",
    ],
  ],
  "src/handoff/steps/kinds/sweep.ts": [
    ["no late sweep", "createsOf(steps) > 1 &&", "createsOf(steps) > 99 &&"],
    ["no sweep of a handoff that is over", 'phases: ["open", "returned", "over"],', 'phases: ["open", "returned"],'],
  ],
  "src/handoff/steps/kinds/conversation.ts": [
    ["the count of creates is forgotten with the conversation", "...fresh, ...counted,", "...fresh,"],
    [
      "no sweep after a repeated create",
      "run.step.sends > 1 ? closeDuplicates(context, it, call) : afterCreate(context, it, call, seenAt)",
      "afterCreate(context, it, call, seenAt)",
    ],
    ["the look before a create closes nothing", "await closeOthers(context.account.client, open, chosen.id);", ""],
    ["a create that is not seen yet is repeated", "if (run.isLookupOnly) return notSeenYet(found.call);", ""],
  ],
  "src/handoff/steps/kinds/route.ts": [
    [
      "the route does not wait for the context",
      "!steps.some((it) => (isBeforeRoute(it, step) && isAwaited(it)) || holdsRoute(it))",
      "steps.length > 0",
    ],
    [
      "a person seen before the route is ignored",
      'if (who.result.assignee === "human") return',
      'if (who.result.assignee === ("nobody" as string)) return',
    ],
    [
      "a route is repeated without a look",
      "if (context.run.mayHaveHappened || context.run.isStale) {",
      "if (context.run.isStale) {",
    ],
    [
      "a changed queue does not count as routed",
      "if (isRepeat && (isMoved || isUnassigned))",
      "if (isRepeat && isUnassigned)",
    ],
    ["its own change of queue counts as routed", "![before.queueId, ...given].includes", "![before.queueId].includes"],
    ["a route that is not seen yet is repeated", "return run.isLookupOnly ? notSeenYet(call) : null;", "return null;"],
    ["a closed conversation is routed", 'if (value.status === "CLOSED")', 'if (value.status === ("GONE" as string))'],
  ],
  "src/handoff/steps/add-note.ts": [
    ["a note is repeated without a look", "if (isThere) return done(NO_RESULT, notes.call);", ""],
    ["a note that is not seen yet is repeated", "if (run.isLookupOnly) return notSeenYet(notes.call);", ""],
  ],
  "src/handoff/steps/kinds/tag.ts": [
    [
      "a missing tag is left out",
      "if (isTagMissing(run.step)) {",
      "if (isTagMissing({ ...run.step, result: null })) {",
    ],
  ],
  "src/handoff/steps/step-context.ts": [
    ["the person is told from a bot by nothing", 'assignee: isBot ? "bot" : "human"', 'assignee: "bot"'],
  ],
  "src/schedule/scheduler.ts": [
    [
      "hours are not asked for before what was put off is looked at",
      "await entry.job.begin?.();",
      "void entry.job.begin?.();",
    ],
    ["nothing is taken up when it comes due", "if (entry.runsAt <= steady()) start(entry);", ""],
  ],
  "src/handoff/steps/duplicate-conversations.ts": [
    ["the newest duplicate is kept", "?? open[0]", "?? open.at(-1)"],
    ["a duplicate that somebody took is closed", "it.id !== keep && !it.agentId", "it.id !== keep"],
    ["closed duplicates are chosen", 'status !== "CLOSED" &&', ""],
    ["the look does not reach back", "sentAt - settings.skewMs", "sentAt + settings.skewMs"],
  ],
  "src/handoff/use-cases/receive-event.ts": [
    [
      "the answer comes before the commit",
      "const taken = await commit().catch((error: unknown) => {",
      'void commit().then((all) => all.forEach(({ due }) => due && start({ id: due.id, bot, account }, 0)), () => undefined);\n      const taken = await Promise.resolve(reported.map((): Received & { due: Due | null } => ({ outcome: "accepted", sessionId: null, handoffId: null, message: null, reason: null, due: null }))).catch((error: unknown) => {',
    ],
  ],
  "src/handoff/use-cases/intake/take-event.ts": [
    ["only what the event changed is written where its handoff wrote too", "hasHandoff ? null : row", "row"],
    [
      "a known event is taken again",
      "if (delivery.known !== null) return",
      "if (delivery.known !== null && delivery.known.handoffId !== null) return",
    ],
    [
      "an event is known only while its handoff is on its way",
      "if (delivery.known !== null) return",
      'if (delivery.known !== null && (delivery.known.handoffId === null || tables.handoffs.byId(delivery.known.handoffId)?.state === "pending")) return',
    ],
  ],
  "src/handoff/use-cases/intake/decide-intake.ts": [
    [
      "a second request opens a second handoff",
      "const current = open ?? others;",
      'const current = event.type === "handoff.requested" ? null : (open ?? others);',
    ],
    [
      "what is declined opens a handoff",
      'case "defer":\n      return "open";\n    case "decline":\n',
      'case "defer":\n    case "decline":\n      return "open";\n',
    ],
  ],
  "src/handoff/use-cases/open-handoff.ts": [
    [
      "a round takes off tags that the next one put on",
      "if (adopt !== null) dropSupersededSteps(tables, flow.account, adopt);",
      "",
    ],
  ],
  "src/handoff/use-cases/conversation-owner.ts": [
    [
      "a bot takes the conversation of another's handoff",
      "isAnothers: own === null && open.some((it) => !isSharedWith(flows, it.bot, bot)) };",
      "isAnothers: false };",
    ],
  ],
  "src/handoff/use-cases/repeats/recognise-event.ts": [
    [
      "an id is known whatever is said under it",
      "        JSON.stringify(unheard === undefined ? saidIn(event) : [...saidIn(event), unheard]),\n",
      "",
    ],
    [
      "the same content is known after its handoff is over",
      "if (newest.handoffId !== null) return open?.id === newest.handoffId;",
      "if (newest.handoffId !== null) return true;",
    ],
  ],
  "src/model/conversation-state.ts": [
    [
      "an older push says who has a conversation",
      "const isNewer = at > known.assigneeAt || (isTie",
      "const isNewer = at !== known.assigneeAt || (isTie",
    ],
    [
      "an older push says how a conversation stands",
      "const isNewer = at > known.statusAt || (at",
      "const isNewer = at !== known.statusAt || (at",
    ],
  ],
  "src/handoff/use-cases/receive-push.ts": [
    [
      "a push that is known is taken again",
      "const { id, wireType, event } = pushed;",
      // biome-ignore lint/suspicious/noTemplateCurlyInString: code
      "const { wireType, event } = pushed;\n    const id = `${pushed.id} ${at}`;",
    ],
  ],
  "src/handoff/local-api.ts": [
    [
      "a push is answered before it is durable",
      "receivePushes: (account, pushes) => Promise.all(pushes.map((pushed) => receivePush(account, pushed))),",
      'receivePushes: async (account, pushes) => pushes.map((pushed) => (void receivePush(account, pushed).catch(() => undefined), "accepted" as const)),',
    ],
  ],
  "src/handoff/ledger/transitions/apply-conversation-state.ts": [
    [
      "who is put back into a queue has waited since the first route",
      "const waiting = { waitingSince: known.heardAt, waited: 0, alertedAt: null };",
      "const waiting = { waitingSince: handoff.routedAt ?? known.heardAt, waited: 0, alertedAt: null };",
    ],
    [
      "a solved conversation gives nobody back",
      'if (known.status === "solved" && known.statusAt > since',
      'if (known.status === ("never" as string) && known.statusAt > since',
    ],
    [
      "a chat that is opened again is ignored",
      "if (!mayReopen || (isClosed",
      "if (mayReopen || !mayReopen || (isClosed",
    ],
    [
      "a person told of by a push is ignored before the route",
      'if (handoff.state === "pending" || handoff.state === "parked") return isHuman && isNews ? assigned : null;',
      'if (handoff.state === "pending" || handoff.state === "parked") return null;',
    ],
    [
      "thresholds of waiting are passed again",
      'if (next.state !== "routed" || handoff.state === "routed") return { ...ledger, handoff: moved };',
      'if (next.state !== "routed" || handoff.state === "routed") return { ...ledger, handoff: { ...moved, waited: 0 } };',
    ],
  ],
  "src/handoff/ledger/transitions/apply-policy.ts": [
    ["the bot has its customer back and the tags stay", "[...untagsOf(ledger), ...texts]", "texts"],
  ],
  "src/handoff/steps/kinds/untag.ts": [
    ["a tag comes off that may be another's", '?.state === "done"', '?.state !== "refused"'],
  ],
  "src/handoff/steps/kinds/release.ts": [
    [
      "a conversation is released under a person",
      'if (who.result.assignee === "human") return { kind: "human", seen: who.result, call };',
      "",
    ],
  ],
  "src/handoff/ledger/transitions/apply-no-agent.ts": [
    ["what is declined for want of an agent stays in sight", "steps: [...steps, release],", "steps,"],
  ],
  "src/handoff/steps/kinds/text.ts": [
    ["a text is repeated without a look", "if (run.mayHaveHappened) {", "if (false as boolean) {"],
  ],
  "src/handoff/steps/build-notes.ts": [
    [
      "further words are told again with the next",
      "const told = { ...handoff, toldUntil: Math.max(end, newcomers.last), wordsAt: isAll ? null : now };",
      "const told = { ...handoff, wordsAt: isAll ? null : now };",
    ],
    [
      "further words go unseen where the note is written",
      "handoff: { ...handoff, toldUntil: last, wordsAt: null, onChannel",
      "handoff: { ...handoff, toldUntil: last + 1, wordsAt: null, onChannel",
    ],
  ],
  "src/store/tables/words.ts": [
    [
      "words stand in the order in which they came",
      "const inOrder = (a: WordsOf, b: WordsOf): number => a.occurredAt - b.occurredAt || a.seq - b.seq;",
      "const inOrder = (a: WordsOf, b: WordsOf): number => a.seq - b.seq;",
    ],
  ],
  "src/handoff/ledger/later-words.ts": [
    [
      "what is said to a queue is not told",
      "return { ...handoff, wordsAt, dueAt: Math.min(handoff.dueAt ?? wordsAt, wordsAt), updatedAt };",
      "return handoff;",
    ],
    [
      "what is asked again is routed again",
      "steps: [...steps, newStep(nextPosition(steps), NAME, args, wordsAt)] };",
      'steps: [...steps.map((step) => (step.arguments.kind === "route" && step.state === "done" ? { ...step, state: "ready" as const, nextAt: wordsAt } : step)), newStep(nextPosition(steps), NAME, args, wordsAt)] };',
    ],
  ],
  "src/model/lateness.ts": [
    [
      "who waits too long is late an hour later",
      "return Math.max(waitingSince ?? createdAt, decision.opensAt ?? 0) + decision.alertAfterMs;",
      "return Math.max(waitingSince ?? createdAt, decision.opensAt ?? 0) + decision.alertAfterMs + 3_600_000;",
    ],
  ],
  "src/handoff/jobs/alert-overdue.ts": [
    ["nobody is told of who waits too long", "if (late.length === 0) return;", "if (late.length >= 0) return;"],
  ],
  "src/handoff/jobs/poll-conversations.ts": [
    [
      "the poll looks at nothing",
      "const found = await lookAt(name, account, id);",
      'const found = "unclear" as "there" | "missing" | "unclear";',
    ],
    ["what is gone is never missed", 'if (found === "missing" && !missing.has(id)) missing.add(id);\n      else ', ""],
  ],
  "src/handoff/steps/shown-conversation.ts": [
    [
      "only what was solved is asked about again",
      "return isOver(watched, conversation) || agentId === null || !(await isBot(agentId));",
      "return false;",
    ],
    ["the poll takes a bot for a person", 'isBot.value ? "bot" : "human"', '"human"'],
  ],
  "src/handoff/use-cases/choose-conversation.ts": [
    [
      "a chat that goes on where another session's handoff is opens a second one there",
      "const own = last === null ? null : holder(last).own;",
      "const own = last === null ? null : null;",
    ],
    [
      "what was solved is taken up again whenever that was",
      "returnedAt !== null && at - returnedAt < flow.handBack.graceSeconds * 1_000",
      "returnedAt !== null",
    ],
    [
      "what was solved is never taken up again",
      "returnedAt !== null && at - returnedAt < flow.handBack.graceSeconds * 1_000",
      "false as boolean",
    ],
  ],
  "src/schedule/due-work.ts": [
    ["what a dead service left is not taken up", "for (const item of deps.due(one, at, places * 2)) add(item);", ""],
    ["a place is never free again", "queue.end(item);\n      end(item);", "end(item);"],
  ],
  "src/infobip/classify-response.ts": [
    [
      "a 5xx counts as refused",
      'if (status >= 500) return unknown("server-error", null, wait);',
      "if (status >= 500) return refused(refusalOf(429, undefined, wait));",
    ],
  ],
  "src/infobip/request.ts": [
    [
      "a timeout counts as not sent",
      'if (isTimeoutError(error)) return unknown("timeout");',
      'if (isTimeoutError(error)) return refused({ reason: "not-sent", code: "timeout" });',
    ],
    [
      "a broken connection counts as not sent",
      'return code === null ? unknown("connection-lost", codeOf(error)) : refused({ reason: "not-sent", code });',
      'return refused({ reason: "not-sent", code: code ?? String(codeOf(error)) });',
    ],
  ],
  "src/handoff/use-cases/repeats/idempotency.ts": [
    [
      "a key with another body is let in",
      "if (known !== null && !isSame(fingerprint, known.fingerprint))",
      "if (known === undefined)",
    ],
  ],
};

export const mutants: readonly Mutant[] = [OF_EVERY_SCHEDULE, ofTrials].flatMap((planted) =>
  Object.entries(planted).flatMap(([file, list]) => list.map(([name, from, to]): Mutant => ({ name, file, from, to }))),
);
