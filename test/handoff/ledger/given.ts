import { type Planned, plan } from "../../../src/handoff/ledger/plan.ts";
import { handoffSettingsSchema } from "../../../src/handoff/settings.ts";
import type { ConversationResult, Handoff, Ledger, Step, StepArguments } from "../../../src/model/handoff.ts";
import type { Session } from "../../../src/model/session.ts";
import { escalation, flowWith, NOW, subject } from "../../escalation/given.ts";

export { NOW };

export const session = (more: object = {}): Session => ({
  ...{ id: 1, bot: "b", session: "s1", epoch: 1, control: "bot", conversationId: null, facts: subject().facts },
  ...{ previousConversationId: null, returnedAt: null, follows: null, followsEpoch: null, notice: null },
  ...{ version: 1, createdAt: NOW - 1_000, updatedAt: NOW - 1_000 },
  ...more,
});

/** A handoff that was just opened, with its planned steps. */
export const planned = (more: Partial<Planned> = {}): Ledger =>
  plan({
    id: "h1",
    flow: flowWith({}),
    subject: { ...subject(), id: 1, epoch: 1 },
    escalation: escalation(),
    continues: null,
    reopen: false,
    opensAt: NOW,
    now: NOW,
    ...more,
  });

export const handoff = (more: Partial<Handoff> = {}): Handoff => ({ ...planned().handoff, ...more });

export const step = (position: number, name: string, args: StepArguments, more: Partial<Step> = {}): Step => ({
  ...{ position, name, arguments: args, state: "ready", sends: 0, fence: 0, firstSentAt: null, tries: 0 },
  ...{ triesSince: null, sentAt: null, nextAt: NOW, result: null },
  ...more,
});

export const settings = handoffSettingsSchema.parse({});

/** Changes the steps of these names. */
export const withSteps = ({ handoff, steps }: Ledger, changes: Record<string, Partial<Step>>): Ledger => ({
  handoff,
  steps: steps.map((it) => ({ ...it, ...changes[it.name] })),
});

/** Changes the handoff. */
export const withHandoff = (ledger: Ledger, more: Partial<Handoff>): Ledger => ({
  handoff: { ...ledger.handoff, ...more },
  steps: ledger.steps,
});

/** The conversation as Baton read it. */
export const seen = (more: Partial<ConversationResult> = {}): ConversationResult => ({
  ...{ kind: "conversation", conversationId: "c1", assignee: "none", agentId: null, queueId: null },
  ...{ seenAt: NOW, platformAt: null, channel: null },
  ...more,
});

const done = { state: "done", sends: 1, fence: 1 } as const;

/** A handoff whose conversation was created and has its context, before its route. */
export const inContext = (more: Partial<Planned> = {}, look: Partial<ConversationResult> = {}): Ledger =>
  withHandoff(
    withSteps(planned(more), {
      conversation: { ...done, result: seen(look) },
      note: done,
      metadata: done,
      "tag:vip": done,
    }),
    { conversationId: "c1" },
  );

/** A handoff that waits in its queue. */
export const routed = (more: Partial<Planned> = {}): Ledger =>
  withHandoff(withSteps(inContext(more), { route: done }), { state: "routed", routedAt: NOW, waitingSince: NOW });

export const stepOf = ({ steps }: Ledger, name: string): Step => {
  const found = steps.find((it) => it.name === name);
  if (found === undefined) throw new Error(`the ledger has no step '${name}'`);
  return found;
};
export const statesOf = ({ steps }: Ledger): Record<string, string> =>
  Object.fromEntries(steps.map(({ name, state }) => [name, state]));
