/** The decision on a payload in a new session, and the steps that would follow. Nothing is stored or sent. */
import type { Escalation } from "../../escalation/decide.ts";
import type { ExplainedRule } from "../../escalation/explain.ts";
import type { Flow } from "../../escalation/flow.ts";
import { type Item, parseBatch } from "../../events/batch.ts";
import type { Event } from "../../events/event.ts";
import type { PayloadProblem, Source } from "../../events/source.ts";
import { baton, toHandoffRequest } from "../../events/sources/baton.ts";
import { type Chat, explainEvent, newChat } from "../../handoff/explain-events.ts";
import { plan } from "../../handoff/ledger/plan.ts";
import type { Step } from "../../model/handoff.ts";
import { err, ok, type Result } from "../../result.ts";
import { parseBody, parseFormBody, parsePastedBody } from "../body.ts";
import type { Problem } from "../problem.ts";

/** The body of a request for a handoff, beside the sources. */
export const REQUESTS = "handoffs";

export interface Tried {
  event: Event;
  leftOut: readonly string[];
  rules: readonly ExplainedRule[];
  escalation: Escalation | null;
  /** True: an event before it opened a handoff, which this one joins. */
  isJoined: boolean;
  /** Empty: no handoff is opened. */
  steps: readonly Step[];
}

export type Unusable = Extract<Problem, { kind: "unreadable-body" | "invalid-event" }>;

const invalid = ({ issues }: PayloadProblem): Result<never, Unusable> => err({ kind: "invalid-event", issues });

function parseOfSource({ isPasted, limits }: Source, bytes: Uint8Array): Result<unknown, string> {
  if (!isPasted) return parseBody(bytes, limits?.depth);
  const form = parseFormBody(bytes);
  if (form !== undefined) return ok(form);
  const pasted = parsePastedBody(bytes, limits?.depth);
  return pasted.ok ? ok(pasted.value.value) : pasted;
}

function readItems(source: Source | undefined, bytes: Uint8Array, now: number): Result<Item[], Unusable> {
  const body = parseOfSource(source ?? baton, bytes);
  if (!body.ok) return err({ kind: "unreadable-body", detail: body.error });
  if (source !== undefined) {
    const items = parseBatch(source, body.value, { now });
    return items.ok ? items : invalid(items.error);
  }
  const request = toHandoffRequest(body.value, { now });
  return request.ok ? ok([request]) : invalid(request.error);
}

/** `source`: undefined for a request for a handoff. */
export function tryPayload(
  flow: Flow,
  bot: string,
  source: Source | undefined,
  bytes: Uint8Array,
  now: number,
): Result<{ tried: Tried[]; problems: PayloadProblem["issues"] }, Unusable> {
  const items = readItems(source, bytes, now);
  if (!items.ok) return items;
  const chats = new Map<string, Chat>();
  const tried = items.value.flatMap((item): Tried[] => {
    if (!item.ok) return [];
    const { event, leftOut = [] } = item.value;
    const chat = chats.get(event.session) ?? newChat(bot, event.session, now);
    const { after, subject, rules, escalation, isJoined } = explainEvent(flow, chat, event, now);
    chats.set(event.session, after);
    const isOpened = !isJoined && (escalation?.course === "now" || escalation?.course === "defer");
    const planned = { id: "dry-run", flow, continues: null, reopen: false, opensAt: now, now };
    const steps = isOpened ? plan({ ...planned, subject, escalation }).steps : [];
    return [{ event, leftOut, rules, escalation, isJoined, steps }];
  });
  const problems = items.value.flatMap((item) => (item.ok ? [] : item.error.issues));
  return ok({ tried, problems });
}
