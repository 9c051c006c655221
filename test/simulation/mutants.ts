/** Faults that somebody could make, each a change of one text in the product. */
export interface Mutant {
  name: string;
  file: string;
  /** There exactly once. */
  from: string;
  to: string;
}

const MUTANTS_OF: Record<string, [name: string, from: string, to: string][]> = {
  "src/handoff/drive.ts": [
    [
      "the intent is not written",
      "for (const { step } of run) tables.handoffs.addAttempt(ledger.handoff.id, step.position, step.fence, at);",
      "",
    ],
  ],
  "src/handoff/keep.ts": [
    [
      "the step is not saved before it is sent",
      "if (!before.steps.includes(step)) tables.handoffs.saveStep(handoff.id, step);",
      'if (!before.steps.includes(step) && step.state !== "sent") tables.handoffs.saveStep(handoff.id, step);',
    ],
    [
      "who talks to the customer is not kept",
      "if (session !== null && session.epoch === handoff.epoch) tables.sessions.save(withHandoff(session, handoff), at);",
      "",
    ],
  ],
  "src/handoff/advance.ts": [
    ["what is not seen yet is repeated at once", "now < (step.sentAt ?? 0) + settings.quietMs", "false"],
    [
      "a lease never ends",
      'step.state !== "sent" || step.leaseUntil === null || step.leaseUntil > now',
      'step.state !== "never"',
    ],
    [
      "what a dead service sent is sent again without a look",
      'const mayHaveHappened = step.state === "unknown";',
      "const mayHaveHappened = false;",
    ],
    ["no late sweep", "createsOf(steps) > 1 &&", "createsOf(steps) > 99 &&"],
    [
      "no sweep of a handoff that is over",
      'if (isOver(handoff) && args.kind !== "sweep") return false;',
      "if (isOver(handoff)) return false;",
    ],
    ["the late sweep comes too early", "now + settings.lateMs", "now + settings.quietMs"],
    ["a human at adoption is ignored", "hasHuman ? withoutRoute(known) : known", "known"],
    [
      "the route does not wait for the context",
      "conversationOf(steps) !== null && steps.filter((it) => it.position < step.position).every(isSettled)",
      "conversationOf(steps) !== null",
    ],
    ["a route is never looked at first", "now - (conversation?.seenAt ?? 0) > settings.freshMs", "false"],
  ],
  "src/handoff/settle.ts": [
    ["the quiet period counts from the sending", "run.isLook ? current :", "run.isLook !== undefined ? current :"],
    ["the fence is forgotten", 'step.state !== "sent" || step.fence !== run.step.fence', 'step.state !== "sent"'],
    [
      "an unknown outcome counts as refused",
      'const state = isUnknown || mayHaveHappened ? "unknown" : "ready";',
      'const state = "ready";',
    ],
    ["a refusal makes an earlier doubt forgotten", "isUnknown || mayHaveHappened", "isUnknown"],
    ["the count of creates is forgotten with the conversation", "...fresh, ...counted,", "...fresh,"],
    [
      "a closed conversation after a doubtful route is replaced",
      'const isOver = kind === "route" && run.mayHaveHappened;',
      "const isOver = false;",
    ],
    [
      "retries never end, and never wait",
      "const wait = backoffMs(step.tries, now - (step.triesSince ?? now), random, settings);",
      "const wait = 0;",
    ],
  ],
  "src/handoff/run-step.ts": [
    [
      "no sweep after a repeated create",
      "run.step.sends > 1 ? swept(context, it, call) : made(context, it, call, context.now())",
      "made(context, it, call, context.now())",
    ],
    ["the look before a create closes nothing", "await closeOthers(context.account.client, open, chosen.id);", ""],
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
    ["a note is repeated without a look", "if (isThere) return done(PLAIN, notes.call);", ""],
    ["a note that is not seen yet is repeated", "if (run.isLook) return notSeenYet(notes.call);", ""],
    ["a create that is not seen yet is repeated", "if (run.isLook) return notSeenYet(found.call);", ""],
    ["a route that is not seen yet is repeated", "return run.isLook ? notSeenYet(call) : null;", "return null;"],
    [
      "a missing tag is left out",
      'if (run.step.result?.kind === "tag-missing") {',
      'if (run.step.result?.kind === ("never" as string)) {',
    ],
    ["a closed conversation is routed", 'if (value.status === "CLOSED")', 'if (value.status === ("GONE" as string))'],
    ["the person is told from a bot by nothing", 'assignee: isBot ? "bot" : "human"', 'assignee: "bot"'],
  ],
  "src/service.ts": [["what a dead service left is not taken up", "dispatcher.resume();", ""]],
  "src/handoff/duplicates.ts": [
    ["the newest duplicate is kept", "?? open[0]", "?? open.at(-1)"],
    ["a duplicate that somebody took is closed", "it.id !== keep && !it.agentId", "it.id !== keep"],
    ["closed duplicates are chosen", 'status !== "CLOSED" &&', ""],
    ["the look does not reach back", "sentAt - settings.skewMs", "sentAt + settings.skewMs"],
  ],
  "src/handoff/receive.ts": [
    [
      "the answer comes before the commit",
      "const { opened, ...received } = await record.commit((tables) => take(tables, flow, bot, source, reported));",
      'void record.commit((tables) => take(tables, flow, bot, source, reported)).then(({ handoffId: id }) => id && start({ id, bot, account: flow.account }), () => undefined);\n    const { opened, ...received }: Received & { opened: boolean } = { outcome: "accepted", sessionId: null, handoffId: null, opened: false };',
    ],
    ["a known event is taken again", "if (known !== null) {", "if (known !== null && known.handoffId !== null) {"],
    [
      "an event is known only while its handoff is on its way",
      "if (known !== null) {",
      'if (known !== null && (known.handoffId === null || tables.handoffs.byId(known.handoffId)?.state === "pending")) {',
    ],
    [
      "a second request opens a second handoff",
      "escalation === null || current !== null ? null : newId()",
      "escalation === null ? null : newId()",
    ],
  ],
  "src/handoff/dispatcher.ts": [
    [
      "nothing is taken up when it comes due",
      "cancelTimer = deps.setTimer(takeDue, Math.max(wait, restUntil - deps.now(), atLeastMs, 20));",
      "",
    ],
  ],
  "src/conversations/answer.ts": [
    [
      "a 5xx counts as refused",
      'if (status >= 500) return unknown("server-error", null, wait);',
      "if (status >= 500) return refused(refusalOf(429, undefined, wait));",
    ],
  ],
  "src/conversations/request.ts": [
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
  "src/http/bots.ts": [
    ["a key that is known runs again", "if (known?.answer) {", 'if (known?.answer === "never") {'],
    [
      "a key with another body is let in",
      "if (known !== null && !fingerprint.equals(known.fingerprint))",
      "if (known === undefined)",
    ],
  ],
};

export const mutants: readonly Mutant[] = Object.entries(MUTANTS_OF).flatMap(([file, list]) =>
  list.map(([name, from, to]): Mutant => ({ name, file, from, to })),
);
