/** Faults that the schedules of `trials.ts` find. */

/** Keys are files. */
export type PlantedIn = Readonly<Record<string, readonly [name: string, from: string, to: string][]>>;

export const ofTrials: PlantedIn = {
  "src/handoff/jobs/poll-conversations.ts": [
    ["an old push is newer than what the poll was shown", "if (!pushedAt.has(name)) return;", "return;"],
  ],
  "src/handoff/ledger/transitions/apply-conversation-state.ts": [
    [
      "whom an operator gave back their agent has again without a word",
      "if (isEnded(handoff) && !isEnd(known.status) && !isBack(handoff, next, known)) return ledger;",
      "",
    ],
    [
      "a queue is set again whenever its customer waits anew",
      "steps: withoutFormerWait(ledger.steps)",
      'steps: ledger.steps.map((it) => (it.arguments.kind === "queue" && it.state === "done" ? { ...it, state: "ready" as const, nextAt: known.heardAt } : it))',
    ],
  ],
  "src/handoff/steps/kinds/release.ts": [
    [
      "an operator's close closes nothing",
      "if (isAskedFor) return context.isHeld() ? close() : STEP_LOST;",
      "if (isAskedFor) return done(NO_RESULT, call);",
    ],
  ],
  "src/handoff/use-cases/conversation-owner.ts": [
    [
      "a bot lets itself into another's conversation",
      "flows.get(owner)?.sharesConversationsWith.includes(bot) === true",
      "flows.get(bot)?.sharesConversationsWith.includes(owner) === true",
    ],
  ],
  "src/store/tables/retention.ts": [
    [
      "what is still needed is forgotten",
      "lastWord >= before || isNeeded(session.id, untoldSince)) {",
      "lastWord >= before) {",
    ],
    [
      "a session is as old as it was opened",
      "keepsSessions || lastWord >= before ||",
      "keepsSessions || lastWord > now ||",
    ],
    [
      "words are forgotten that an agent is still to be told",
      "removed < limit && !isNeeded(id, untoldSince);",
      "removed < limit;",
    ],
  ],
  "src/handoff/jobs/prune.ts": [
    ["no session is forgotten", "const before = at - retentionMs;", "const before = at - 99 * retentionMs;"],
  ],
  "src/handoff/save/save-ledger.ts": [
    [
      "notes lose their words while an agent has the chat",
      "const steps = isOver(handoff) ? withoutDelivered(after.steps, handoff) : after.steps;",
      "const steps = withoutDelivered(after.steps, handoff);",
    ],
  ],
  "src/handoff/ledger/empty-notes.ts": [
    [
      "a note loses its words before it is known to be there",
      "|| !isOver(step, handoff))",
      '|| (!isOver(step, handoff) && step.state !== "unknown"))',
    ],
  ],
  "src/engine.ts": [["a start believes the clock of the last run", "handoffs.clockWasAhead(now());", ""]],
  "src/handoff/run/clock-watch.ts": [
    ["what is due stays where the clock was", "setBackBy() >= SET_BACK_MS,", "false,"],
  ],
  "src/store/tables/handoffs/handoffs.ts": [
    [
      "a bot is told what an agent writes to another's customer",
      "AND (state NOT IN ('returned', 'cancelled') OR id = (SELECT max(id) FROM handoffs\n    WHERE account = one.account AND conversation_id = one.conversation_id)) ORDER BY id DESC`",
      "ORDER BY id DESC`",
    ],
  ],
};
