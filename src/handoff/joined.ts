import { NOTE_MAX } from "../conversations/schema.ts";
import { notesOf } from "../escalation/context.ts";
import type { Subject } from "../escalation/decide.ts";
import type { Flow } from "../escalation/flow.ts";
import { utterancesOf } from "../escalation/transcript.ts";
import type { Event } from "../events/event.ts";
import type { Ledger } from "../sessions/ledger.ts";
import { nextPosition } from "./nobody-there.ts";
import { newStep } from "./plan.ts";

/** A bot that asks for ever must not bury the agent, nor grow a ledger without bound. */
const MAX_TIMES = 10;

/**
 * A handoff that was asked for again while it is open: what was said this time goes to the agent as a further note, and
 * nothing is routed anew. Null: nothing to add. Pure.
 */
export function joined(ledger: Ledger, flow: Flow, subject: Subject, event: Event, now: number): Ledger | null {
  if (event.type !== "handoff.requested") return null;
  const { handoff, steps } = ledger;
  const notes = steps.filter(({ arguments: args }) => args.kind === "note");
  const times = notes.filter(({ name }) => name.startsWith("note:again-")).length + 1;
  if (times > MAX_TIMES) return null;
  const view = { ...subject, reason: handoff.reason };
  const content = {
    isAgain: true,
    request: event,
    transcript: event.transcript ?? utterancesOf([event]),
  };
  // Of its own, so that it is not taken for a note that is there already.
  const token = `${handoff.token}/${times + 1}`;
  const pages = notesOf(flow, view, content, token, NOTE_MAX);
  if (pages.length === 0) return null;
  const position = nextPosition(steps);
  const added = pages.map((page, index) => {
    const name = pages.length === 1 ? `note:again-${times}` : `note:again-${times}.${index + 1}`;
    const part = notes.length + index + 1;
    return newStep(position + index, name, { kind: "note", content: page, part }, now);
  });
  const dueAt = handoff.state === "deferred" ? handoff.dueAt : now;
  return { handoff: { ...handoff, dueAt }, steps: [...steps, ...added] };
}
