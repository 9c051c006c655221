import { type Flow, flowsByBot } from "../../../escalation/flow.ts";
import { describeLimit, type ExplainedPast, explainPast } from "../../../escalation/past/explain-past.ts";
import { eventIn, type SessionHistory } from "../../../escalation/past/history.ts";
import { type Chat, explainEvent, newChat, recordedChat } from "../../../handoff/explain-events.ts";
import { Failure, faint, printJson, printTable } from "../../support/print.ts";
import { projectFlows } from "../../support/project-flows.ts";
import { type HistoryOptions, historyOf } from "./history.ts";
import { type Explained, MARKS, printExplained } from "./print-explained.ts";
import { readEvents } from "./read-payload.ts";

interface ExplainOptions extends HistoryOptions {
  source: string;
  /** ISO 8601. Opening hours count as of then. */
  at?: string;
  /** A recorded session: the payload comes in it, or one of its events is explained. */
  session?: string;
  /** Id of a recorded event; by default the newest. */
  event?: string;
}

const shortTime = (ms: number): string => new Date(ms).toISOString().slice(0, 19).replace("T", " ");

function timeOf(at: string | undefined): number {
  if (at === undefined) return Date.now();
  const time = Date.parse(at);
  if (Number.isNaN(time)) throw new Failure(`--at ${at} is no time: write one such as 2026-12-24T18:00:00+01:00.`, 2);
  return time;
}

/** Explains a payload: in new sessions, or in a recorded one as it is now. */
async function explainPayload(
  flow: Flow,
  bot: string,
  file: string,
  history: SessionHistory | null,
  { source, at, json }: ExplainOptions,
): Promise<void> {
  const now = timeOf(at);
  const chats = new Map<string, Chat>();
  const events = await readEvents(file, source, now);
  const explained = events.map(({ event: given, leftOut = [] }) => {
    const event = history === null ? given : { ...given, session: history.session };
    const recorded = history === null ? newChat(bot, event.session, now) : recordedChat(history);
    const { after, rules, escalation, isJoined } = explainEvent(flow, chats.get(event.session) ?? recorded, event, now);
    chats.set(event.session, after);
    return { type: event.type, leftOut, rules, escalation, isJoined };
  });
  if (json) printJson(explained.map(({ type, ...it }) => ({ event: type, ...it })));
  else printAll(flow, explained, history);
}

function printAll(flow: Flow, explained: readonly Explained[], history: SessionHistory | null): void {
  if (history !== null) {
    const { control, epoch } = history.now;
    console.log(`In session ${history.session} as it is now: control ${control}, round ${epoch}.`);
  }
  for (const one of explained) printExplained(flow, one);
  console.log(explained.length === 0 ? "It says nothing that Baton uses." : faint(MARKS));
}

/** Events in the list of a session. */
const LISTED = 20;

function printEvents({ events }: SessionHistory): void {
  const newest = events.slice(-LISTED);
  printTable(
    ["event", "came (UTC)", "round", "type", "rule that fired"],
    newest.map(({ id, receivedAt, epoch, body, rule }) => [
      id,
      shortTime(receivedAt),
      epoch === null ? null : String(epoch),
      eventIn(body)?.type ?? "no longer recorded",
      rule,
    ]),
  );
  if (events.length > LISTED) console.log(faint(`and ${events.length - LISTED} before them`));
  console.log("--event <event> explains one of them; the newest is explained here.\n");
}

/** Explains one event of the record, with the facts that its session had then. */
function explainRecorded(flow: Flow, history: SessionHistory, { event: id, json }: ExplainOptions): void {
  const { bot, session, events } = history;
  if (events.length === 0) throw new Failure(`The record has no event of session '${session}' any more.`);
  const index = id === undefined ? events.length - 1 : events.findLastIndex((it) => it.id === id);
  if (index === -1) throw new Failure(`Session '${session}' has no recorded event '${id}'.`);
  const explained = explainPast(flow, history, index);
  if (explained === null) throw new Failure("The record no longer holds what this event said.");
  const { recorded, event, rules, escalation, isAsRecorded, limits } = explained;
  const told = limits.map((limit) => ({ limit, detail: describeLimit(limit) }));
  if (json) printJson({ bot, session, ...recorded, event, rules, escalation, isAsRecorded, limits: told });
  else {
    if (id === undefined) printEvents(history);
    printPast(flow, explained);
  }
}

function printPast(flow: Flow, { recorded, event, rules, escalation, isAsRecorded, limits }: ExplainedPast): void {
  const isJoined = limits.includes("handoff-open") && escalation !== null;
  console.log(`${recorded.id}, ${shortTime(recorded.receivedAt)} UTC, by the flow as it is now`);
  printExplained(flow, { type: event.type, leftOut: [], rules, escalation, isJoined });
  const handoff = recorded.handoffId === null ? "" : `, handoff ${recorded.handoffId}`;
  const fired = recorded.rule === null ? "no rule fired" : `rule ${recorded.rule} fired`;
  console.log(`recorded then: ${fired}${handoff}${isAsRecorded ? "" : ": otherwise than now"}`);
  for (const limit of limits) console.log(faint(`  ${describeLimit(limit)}`));
  console.log(faint(MARKS));
}

/** Shows the decision on a payload or on a recorded event, with its conditions. Nothing is stored or sent. */
export async function explain(bot: string, file: string | undefined, options: ExplainOptions): Promise<void> {
  const { session, event } = options;
  if (file === undefined && session === undefined)
    throw new Failure("Give the file of a payload, or --session for an event of the record.", 2);
  if (event !== undefined && (session === undefined || file !== undefined))
    throw new Failure("--event is an event of the record: it goes with --session, and without a payload.", 2);
  const flow = flowsByBot(await projectFlows()).get(bot);
  if (flow === undefined) throw new Failure(`No flow has a bot '${bot}'.`, 2);
  const history = session === undefined ? null : await historyOf(bot, session, options);
  if (file !== undefined) await explainPayload(flow, bot, file, history, options);
  else if (history !== null) explainRecorded(flow, history, options);
}
