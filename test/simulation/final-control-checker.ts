/** Invariant 16 at rest: each handoff's state and control agree with the platform. */
import type { State } from "../../src/emulator/state/state.ts";
import { openFor } from "../../src/handoff/ledger/conversation/shared-handoff.ts";
import { controlOf } from "../../src/handoff/save/control.ts";
import type { HandoffState, Ledger } from "../../src/model/handoff.ts";
import type { Fail, FinalReturns } from "./final-return-checker.ts";

const isHuman = (state: State, agentId: string | null): boolean => agentId !== null && !state.bots.has(agentId);

/** The state that a handoff must have by the platform; null: any. */
function expectedOf({ handoff, steps }: Ledger, { state, people, statusAt }: FinalReturns): HandoffState | null {
  const read = steps.map(({ result }) => result).find((result) => result?.kind === "conversation");
  if (read?.kind !== "conversation" || handoff.conversationId === null) return null;
  if (!["routed", "assigned", "returned"].includes(handoff.state)) return null;
  const own = state.conversations.get(handoff.conversationId);
  if (own === undefined) return people.deleted.has(handoff.conversationId) ? "returned" : null;
  if (own.status === "CLOSED") return "returned";
  // The customer left and came back to the bot; the conversation stays with the agents.
  if (handoff.leftAt !== null && handoff.state === "returned") return null;
  const since = read.platformAt ?? read.seenAt;
  const isSolvedSince = own.status === "SOLVED" && (statusAt.get(own.id) ?? 0) > since;
  if (own.status === "SOLVED" && handoff.decision.handBack.when === "solved") {
    // Pushes and a look disagree about a conversation that was solved before the handoff came to it.
    return isSolvedSince ? "returned" : null;
  }
  if (handoff.returnedBecause === "ended") {
    // The agent who had the customer gets them again by a message to them.
    const hasWritten = own.messages.some((it) => it.authorType === "AGENT" && it.createdAt >= (handoff.endedAt ?? 0));
    if (hasWritten) return null;
    return isHuman(state, own.agentId) && own.agentId !== handoff.agentId ? "assigned" : "returned";
  }
  if (isHuman(state, own.agentId)) return "assigned";
  if (own.agentId !== null) return "returned";
  const isGivenBack = handoff.returnedBecause === "waited" || handoff.returnedBecause === "nobody-there";
  return isGivenBack ? "returned" : "routed";
}

export function checkControl(ledger: Ledger, circle: FinalReturns, fail: Fail): void {
  const { record } = circle;
  const { handoff } = ledger;
  const { sessionId, conversationId, state } = handoff;
  const isLatest = record.read((tables) => tables.handoffs.lastOf(sessionId))?.id === handoff.id;
  const session = record.read((tables) => tables.sessions.byId(sessionId));
  if (!isLatest || session === null) return;
  // A round that the next one, or the end of the chat, has left behind belongs to the agents.
  const isOver = state === "returned" || state === "cancelled";
  const isOthers = circle.ledgers.some(
    (it) => it.handoff.id > handoff.id && it.handoff.conversationId === conversationId && conversationId !== null,
  );
  // The session came to another's handoff since.
  const hasJoined = session.follows !== null;
  const isLeft =
    isOver && (isOthers || hasJoined || session.epoch !== handoff.epoch + 1 || session.control === "nobody");
  const expected = isLeft ? null : expectedOf(ledger, circle);
  if (expected !== null && expected !== state) {
    fail(16, `is ${state}, and by the platform it is ${expected}`);
  }
  if (isOver) {
    const isElsewhere = session.conversationId !== null && session.conversationId !== conversationId;
    // A person may take the chat themselves after a cancellation. The session may follow another session's handoff since.
    const agentId = circle.state.conversations.get(conversationId ?? "")?.agentId ?? null;
    const isTaken = state === "cancelled" && agentId !== null && !circle.state.bots.has(agentId);
    const next = record.read((tables) => openFor(tables, session));
    const expectedControls = next === null ? ["bot", "nobody", ...(isTaken ? ["agent"] : [])] : [controlOf(next)];
    if (!isElsewhere && !expectedControls.includes(session.control))
      fail(16, `${state}, but ${session.control} is in control`);
    return;
  }
  if (session.control !== controlOf(handoff)) fail(16, `${state}, but ${session.control} is in control`);
  if (session.conversationId !== conversationId) fail(13, "its session has another conversation");
  if (session.control === "agent" && session.agentId !== handoff.agentId) fail(16, "its session has another agent");
}
