/**
 * Activities of the Bot Framework, the Microsoft 365 Agents SDK and Copilot Studio: one, a list, or an ActivitySet as Direct
 * Line has it. Answered by ExpectedReplies, with Baton's flat fields beside them.
 */
import { err, ok } from "../../result.ts";
import { activityMedia, activityWords, type RolesById, toActivityLines } from "../history/activities.ts";
import { roleOf } from "../history/roles.ts";
import { type Members, recordOf, recordsIn, textOf } from "../native/members.ts";
import { toNativeEvent } from "../native/native-event.ts";
import { notAnObject } from "../reading/payload-problem.ts";
import { isRecord, readRecord } from "../reading/scalars.ts";
import { readSession } from "../reading/session-name.ts";
import type { EventAnswer, ParsedEvent, PayloadProblem, ProblemDocument, Source } from "../source.ts";
import { joinAnswers } from "../source-answer.ts";

const noConversation: PayloadProblem = {
  issues: [{ field: "conversation.id", message: "must name the conversation of the activity" }],
};

const partsOf = (payload: unknown): readonly unknown[] | undefined => {
  if (Array.isArray(payload)) return payload;
  return isRecord(payload) && Array.isArray(payload.activities) ? payload.activities : undefined;
};

export const botFramework: Source = {
  name: "bot-framework",
  partsOf,
  toEvents(activity, { now }) {
    if (!isRecord(activity)) return err(notAnObject);
    const type = textOf(activity.type);
    if (type === undefined) return err({ issues: [{ field: "type", message: "must be there: this is no activity" }] });
    const session = readSession(recordOf(activity.conversation).id);
    return session === undefined ? err(noConversation) : ok(eventsIn(activity, type, session, now));
  },
  answer: (payload, answers) => toExpectedReplies(payload, answers),
};

/** Values of Copilot Studio that say nothing to an agent. */
const ITS_VALUES =
  /^va_(?:Scope|ConversationId|BotId|BotName|AgentMessage|LastPhrases?|Phrases|Language|Topics|LastTopic)$/;
const lastOf = (value: unknown): unknown => (Array.isArray(value) ? value.at(-1) : value);
const joined = (value: unknown): unknown =>
  Array.isArray(value) ? value.filter((it) => typeof it === "string").join(", ") : value;

const isBot = (account: unknown): boolean => roleOf(recordOf(account).role) === "bot";
const isTeamsBot = (account: unknown): boolean => textOf(recordOf(account).id)?.startsWith("28:") === true;
const isSame = (one: unknown, other: unknown): boolean =>
  textOf(recordOf(one).id) !== undefined && recordOf(one).id === recordOf(other).id;

function eventsIn(activity: Members, type: string, session: string, now: number): ParsedEvent[] {
  const { from, recipient, relatesTo, id } = activity;
  const common = { at: activity.timestamp, channel: activity.channelId };
  const event = (
    name: Parameters<typeof toNativeEvent>[0]["type"],
    own: Members,
    named: Members[] = [],
  ): ParsedEvent[] => [toNativeEvent({ type: name, session, id: textOf(id) }, { ...common, ...own }, named, now)];
  switch (type) {
    case "event":
      return activity.name === "handoff.initiate" ? event(...toRequest(activity)) : [];
    case "endOfConversation":
      return event("session.ended", {});
    case "conversationUpdate":
      return recordsIn(activity.membersAdded).some((member) => isSame(member, recipient))
        ? event("session.started", {})
        : [];
    case "message": {
      const text = activityWords(activity);
      const contentType = text === undefined ? activityMedia(activity) : undefined;
      if (text === undefined && contentType === undefined) return [];
      const language = activity.locale;
      const isFromBot = isBot(from) || isSame(from, recordOf(relatesTo).bot) || isTeamsBot(from);
      const isToCustomer = roleOf(recordOf(recipient).role) === "customer";
      if (isFromBot || isToCustomer) return event("bot.message", { text, language });
      return event("customer.message", {
        lastReceivedTextMessage: text,
        contentType,
        language,
        ...customerIn(from),
      });
    }
    default:
      return [];
  }
}

function customerIn(account: unknown): Members {
  const { id, name } = recordOf(account);
  const isNamed = !/^(?:you|user|anonymous.*)$/i.test(textOf(name) ?? "");
  return { externalId: id, ...(isNamed && { customerName: name }) };
}

/** The event's own sender is the customer in some SDKs and the bot in others: `relatesTo` says who is who. */
function toRequest(activity: Members): ["handoff.requested", Members, Members[]] {
  const value = readRecord(activity.value) ?? {};
  const relates = recordOf(activity.relatesTo);
  const user = [relates.user, activity.from, activity.recipient].find((it) => isRecord(it) && !isBot(it));
  const bot = [relates.bot, activity.from, activity.recipient].find((it) => isRecord(it) && it !== user);
  const named = Object.entries(value).filter(([name]) => !ITS_VALUES.test(name));
  const known: RolesById = new Map(
    (
      [
        [user, "customer"],
        [bot, "bot"],
      ] as const
    ).flatMap(([account, role]) => {
      const id = textOf(recordOf(account).id);
      return id === undefined ? [] : [[id, role] as const];
    }),
  );
  const transcript = recordsIn(activity.attachments)
    .map(({ content }) => readRecord(content)?.activities)
    .find(Array.isArray);
  const own = {
    language: value.va_Language ?? activity.locale,
    reason: value.va_AgentMessage,
    lastReceivedTextMessage: lastOf(value.va_LastPhrase ?? value.va_LastPhrases),
    transcript: transcript && toActivityLines(transcript, known),
    va_LastTopic: value.va_LastTopic,
    va_Topics: joined(value.va_Topics),
    ...customerIn(user),
  };
  return ["handoff.requested", own, [Object.fromEntries(named)]];
}

/** States of the event `handoff.status`; while the chat waits there is none. */
function statusOf({ outcome, handoffId, handoffState, reason }: EventAnswer): string | null {
  if (handoffState === "assigned") return "accepted";
  if (handoffState === "parked" || handoffState === "cancelled") return "failed";
  return handoffId === null && reason !== null && outcome === "accepted" ? "failed" : null;
}

function toExpectedReplies(payload: unknown, answers: readonly (EventAnswer | ProblemDocument)[]) {
  const answer = joinAnswers(answers);
  const problems = answers.filter((it) => !("outcome" in it));
  const asked = recordOf((partsOf(payload) ?? [payload]).findLast(isRecord));
  const id = textOf(recordOf(asked.conversation).id);
  const about = { ...(id !== undefined && { conversation: { id } }), ...(textOf(asked.id) && { replyToId: asked.id }) };
  const state = answer === null ? null : statusOf(answer);
  const message = answer?.message ?? null;
  const activities = [
    ...(message === null ? [] : [{ type: "message", text: message, ...about }]),
    ...(state === null
      ? []
      : [{ type: "event", name: "handoff.status", value: { state, ...(message !== null && { message }) }, ...about }]),
  ];
  return {
    activities,
    ...answer,
    ...(answer?.leftOut !== undefined && { leftOut: answer.leftOut.join(",") }),
    ...(problems.length > 0 && { problems }),
  };
}
