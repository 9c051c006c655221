/** Invariants 2 and 9: every write belongs to a handoff in the record that had its intent first. */
import type { State } from "../../src/emulator/state/state.ts";
import type { Ledger } from "../../src/model/handoff.ts";
import type { SessionRecord } from "../../src/store/store.ts";
import { type Sent, stepsOf, tokenIn, type Violation, type Write } from "./invariants.ts";
import type { Exchange } from "./network.ts";

interface IntentDeps {
  record: Pick<SessionRecord, "read">;
  state: State;
  violate: (violation: Violation) => void;
}

export function createFindIntent({ record, state, violate }: IntentDeps) {
  /**
   * Handoffs that may have sent a write: first the one whose token it or its conversation has, then those in the conversation,
   * then one that has left it: it may write elsewhere in the same moment.
   */
  function handoffsOf({ conversationId, body }: Exchange, ids: Iterable<string>): string[] {
    const summary = state.conversations.get(conversationId ?? "")?.summary;
    const own = (tokenIn(body.summary) ?? tokenIn(summary))?.slice("ho-".length);
    const rankOf = (id: string): number => {
      const isIn = record.read((tables) => tables.handoffs.byId(id))?.conversationId === conversationId;
      if (id === own) return isIn || conversationId === null ? 0 : 2;
      return isIn ? 1 : 3;
    };
    return [...ids].sort((a, b) => rankOf(a) - rankOf(b));
  }

  /** Finds the handoff, the step and the attempt of a write. Invariants 2 and 9. */
  function intentOf(exchange: Exchange, write: Write, ids: Iterable<string>): Sent | null {
    const { conversationId: id } = exchange;
    const mayBeOf = ({ handoff }: Ledger): boolean =>
      id === null ||
      handoff.conversationId === id ||
      handoff.replaces.includes(id) ||
      (write === "close" && tokenIn(state.conversations.get(id)?.summary) === handoff.token);
    let isAny = false;
    for (const handoffId of handoffsOf(exchange, ids)) {
      const ledger = record.read((tables) => tables.handoffs.ledger(handoffId));
      if (ledger === null || !mayBeOf(ledger)) continue;
      isAny = true;
      // A release closes its own conversation; a look for duplicates closes others.
      const isOwn = ledger.handoff.conversationId === id;
      const sent = stepsOf(ledger, write, exchange)
        .filter((step) => step.state === "sent" && (step.arguments.kind !== "release" || isOwn))
        .sort((a, b) => Number(b.arguments.kind === "release") - Number(a.arguments.kind === "release"));
      if (sent.length === 0) continue;
      const attempts = record.read((tables) => tables.handoffs.attemptsOf(handoffId));
      for (const step of sent) {
        const attempt = attempts.find(({ position, fence }) => position === step.position && fence === step.fence);
        if (attempt?.endedAt === null) return { exchange, write, ledger, step, attempt };
      }
    }
    if (!isAny) {
      violate({ invariant: 2, what: `${write} that traces to no handoff in the record` });
      return null;
    }
    violate({ invariant: 9, what: `${write} left without an intent in the record` });
    return null;
  }

  return intentOf;
}
