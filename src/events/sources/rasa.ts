/**
 * Rasa, with Baton as its action server: the request for an action, or the bare state of a tracker that an action of the
 * bot's own passes on. Rasa reads 400 as an answer of its own SDK, so that it is never sent.
 */
import { err, ok } from "../../result.ts";
import { type Members, recordOf, recordsIn, textOf } from "../native/members.ts";
import { toNativeEvent } from "../native/native-event.ts";
import { notAnObject } from "../reading/payload-problem.ts";
import { isRecord, readText } from "../reading/scalars.ts";
import { readSession } from "../reading/session-name.ts";
import type { ParsedEvent, PayloadProblem, Source } from "../source.ts";
import { joinAnswers } from "../source-answer.ts";

/** A request holds the whole domain of the bot and all events of the chat. */
const BODY_BYTES = 4 * 1024 * 1024;

const HANDOFF_ACTIONS = new Set([
  "action_human_handoff",
  "action_baton_handoff",
  "action_handoff",
  "action_handoff_to_human",
  "action_handover",
  "action_talk_to_human",
  "action_live_agent",
]);
/** Rasa calls these by itself, more than once in a turn. */
const ITS_OWN = /^(?:validate_|action_validate_|action_ask_|action_session_start$|action_extract_slots$)/;
const ITS_SLOTS = new Set(["return_value", "silence_timeout", "requested_slot", "session_started_metadata"]);

const noSender: PayloadProblem = {
  issues: [{ field: "sender_id", message: "must name the chat, in the request or in its tracker" }],
};

const trackerIn = (payload: Members): Members => (isRecord(payload.tracker) ? payload.tracker : payload);

export const rasa: Source = {
  name: "rasa",
  limits: { bytes: BODY_BYTES },
  partsOf: () => undefined,
  toEvents(payload, { now }) {
    if (!isRecord(payload)) return err(notAnObject);
    const tracker = trackerIn(payload);
    const session = readSession(payload.sender_id) ?? readSession(tracker.sender_id);
    return session === undefined ? err(noSender) : ok(eventsIn(payload, tracker, session, now));
  },
  answer(payload, answers) {
    const answer = joinAnswers(answers);
    if (answer === null) return { events: [], responses: [] };
    const value = answer.control ?? "bot";
    const known = recordOf(trackerIn(recordOf(payload)).slots).baton_control ?? "bot";
    return {
      events: value === known ? [] : [{ event: "slot", timestamp: null, name: "baton_control", value }],
      responses: answer.message === null ? [] : [{ text: answer.message }],
    };
  },
  refusal(problem) {
    const status = problem.status === 400 ? 422 : problem.status;
    return { status, body: { ...problem, status } };
  },
};

function eventsIn(payload: Members, tracker: Members, session: string, now: number): ParsedEvent[] {
  const action = isRecord(payload.tracker) ? (textOf(payload.next_action) ?? "") : undefined;
  const isHandoff = action === undefined || HANDOFF_ACTIONS.has(action);
  const message = recordOf(tracker.latest_message);
  // A button's payload is nobody's words.
  const words = textOf(message.text)?.startsWith("/") ? undefined : textOf(message.text);
  if (!isHandoff && (words === undefined || ITS_OWN.test(action))) return [];

  const slots = Object.entries(recordOf(tracker.slots)).filter(
    ([name, value]) => value !== null && !ITS_SLOTS.has(name),
  );
  const started = recordOf(recordOf(tracker.slots).session_started_metadata);
  const { name, confidence } = recordOf(message.intent);
  const own = {
    at: tracker.latest_event_time,
    channel: tracker.latest_input_channel,
    lastReceivedTextMessage: words,
    intent: textOf(name) === undefined ? undefined : { name, confidence },
    ...(isHandoff && { transcript: Array.isArray(tracker.events) ? tracker.events : undefined }),
  };
  const said = readText(message.message_id) ?? readText(lastUserEvent(tracker)?.timestamp);
  const id = said === undefined ? undefined : isHandoff ? `${said}:${action ?? "tracker"}` : said;
  const type = isHandoff ? "handoff.requested" : "customer.message";
  const named = [Object.fromEntries(slots), recordOf(message.metadata), started];
  return [toNativeEvent({ type, session, id }, own, named, now)];
}

const lastUserEvent = ({ events }: Members): Members | undefined =>
  recordsIn(events).findLast(({ event }) => event === "user");
