import { type Planned, plan } from "../../../src/handoff/ledger/plan.ts";
import type { Handoff, Ledger } from "../../../src/model/handoff.ts";
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
const planned = (more: Partial<Planned> = {}): Ledger =>
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
