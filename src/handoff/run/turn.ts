/** Runs one turn of a handoff, within a commit: chooses the next steps, and writes their intents. */
import type { Flows } from "../../escalation/flow.ts";
import { flowWants } from "../../escalation/flow-wants.ts";
import type { CallbackType } from "../../events/callback-types.ts";
import type { Handoff, Ledger } from "../../model/handoff.ts";
import type { Tables } from "../../store/store.ts";
import type { Permit } from "../account/gate.ts";
import { claimDueSteps, stateOf } from "../ledger/claim-due-steps.ts";
import { isUnwritten, withWordsStep } from "../ledger/later-words.ts";
import { withLeftOut } from "../ledger/left-out.ts";
import { conversationOf } from "../ledger/queries.ts";
import type { Run } from "../ledger/step-attempt.ts";
import { applyConversationState } from "../ledger/transitions/apply-conversation-state.ts";
import { applyPolicy } from "../ledger/transitions/apply-policy.ts";
import { type OpensAt, resumeDeferred, withOpening } from "../ledger/transitions/outside-hours.ts";
import { parkForCredentials } from "../ledger/transitions/park-for-credentials.ts";
import { postpone } from "../ledger/transitions/postpone.ts";
import { takeBack } from "../save/give-up-conversation.ts";
import { saveLedger } from "../save/save-ledger.ts";
import type { HandoffSettings } from "../settings.ts";
import { withNotes } from "../steps/build-notes.ts";
import { withoutSecondRoute } from "./second-route.ts";

export interface TurnDeps {
  flows: Flows;
  opensAt: OpensAt;
  /** True if a request waits for the state of the handoff. */
  isAwaited: (id: string) => boolean;
  now: () => number;
  settings: HandoffSettings;
}

export interface Turn {
  /** The handoff as it was at the beginning. */
  before: Handoff;
  ledger: Ledger;
  run: Run[];
  /** True if a callback may be due. */
  isNews: boolean;
}

export function createTurn({ flows, opensAt, isAwaited, now, settings }: TurnDeps) {
  /** Applies a permit to a ledger before anything starts. */
  function applyPermit(ledger: Ledger, permit: Permit, at: number): Ledger {
    switch (permit.kind) {
      case "go":
        return ledger;
      case "wait":
        return postpone(ledger, at + permit.forMs, at, settings);
      case "refused":
        return parkForCredentials(postpone(ledger, at + settings.askEveryMs, at, settings));
    }
  }

  /** Applies observations from before Baton knew that the conversation is this handoff's. */
  function applyKnownState(tables: Tables, before: Ledger, ledger: Ledger): Ledger {
    const { account, conversationId, state } = ledger.handoff;
    const isNews = state !== before.handoff.state || conversationOf(ledger.steps) !== conversationOf(before.steps);
    const known = isNews && conversationId !== null ? tables.conversations.find(account, conversationId) : null;
    return known === null ? ledger : applyConversationState(ledger, known, false);
  }

  /** Starts the next steps, and builds the notes among them. */
  function startSteps(tables: Tables, ledger: Ledger, permit: Permit, at: number): ReturnType<typeof claimDueSteps> {
    const atMost = permit.kind === "go" ? permit.atMost : 0;
    const next = claimDueSteps(ledger, at, settings, atMost);
    const note = next.run.find(({ step }) => isUnwritten(step))?.step;
    if (note === undefined) return next;
    return claimDueSteps(withNotes({ tables, flows, now: at }, ledger, note), at, settings, atMost);
  }

  /** `before`: the stored ledger. `settled`: the ledger with the attempts that have ended since. */
  return (tables: Tables, before: Ledger, settled: Ledger, permit: Permit): Turn => {
    const at = now();
    const resumed = withOpening(resumeDeferred(settled, opensAt, at), opensAt, at);
    const awake = withoutSecondRoute(tables, resumed, at, settings.quietMs);
    const standing = applyKnownState(tables, before, { handoff: stateOf(awake, at), steps: awake.steps });
    const { id, bot } = standing.handoff;
    const flow = flows.get(bot);
    const isTold = (by: CallbackType): boolean => isAwaited(id) || (flow !== undefined && flowWants(flow, by));
    const { ledger: followed, ...said } = applyPolicy(before, standing, at, isTold, isAwaited(id));
    const next = startSteps(tables, applyPermit(withWordsStep(followed), permit, at), permit, at);
    const { run } = next;
    const ledger = withLeftOut(next.ledger);
    const isNews = saveLedger(tables, before, ledger, at, { flows, ...said });
    if (before.handoff.conversationId === null) takeBack(tables, flows, ledger.handoff, at);
    return { before: before.handoff, ledger, run, isNews };
  };
}
export type TakeTurn = ReturnType<typeof createTurn>;
