/** The fulfilment webhook of Dialogflow ES. Its reader is strict: nothing goes into the answer but its own fields. */
import { err, ok } from "../../result.ts";
import type { EventType } from "../event.ts";
import { isHandoffName, noSession, sayText, sessionIn, textsIn, turnOf } from "../native/dialogflow.ts";
import { type Members, recordOf, recordsIn, textOf } from "../native/members.ts";
import { toNativeEvent } from "../native/native-event.ts";
import { notAnObject } from "../reading/payload-problem.ts";
import { isRecord, looksLikePhone, readText } from "../reading/scalars.ts";
import { readSession } from "../reading/session-name.ts";
import type { EventAnswer, ParsedEvent, Source } from "../source.ts";
import { joinAnswers } from "../source-answer.ts";

/** Turns of the bot that a conversation with a person may take; each turn renews the count. */
const TURNS = 50;

export const dialogflowEs: Source = {
  name: "dialogflow-es",
  partsOf: () => undefined,
  toEvents(payload, { now }) {
    if (!isRecord(payload)) return err(notAnObject);
    const session = readSession(sessionIn(payload.session));
    return session === undefined ? err(noSession("session")) : ok(eventsIn(payload, session, now));
  },
  answer: (payload, answers) => {
    const answer = joinAnswers(answers);
    return answer === null ? {} : toResponse(recordOf(payload), answer);
  },
};

/** Reads the person, if the channel's own message names one. */
function customerIn({ payload }: Members): Members {
  const message = recordOf(payload);
  const data = recordOf(message.data);
  const from = [data.sender, data.from, recordOf(data.message).from, message.from].map(recordOf).find(({ id }) => id);
  const id = readText(from?.id ?? recordOf(data.event).user ?? data.From);
  const phone = readText(recordOf(message.telephony).caller_id);
  const isPhone = id !== undefined && looksLikePhone(id.replace(/^whatsapp:/, "")) && data.From !== undefined;
  return {
    ...(phone !== undefined && { phone }),
    ...(id !== undefined && (isPhone ? { phone: id.replace(/^whatsapp:/, "") } : { externalId: id })),
  };
}

function eventsIn(payload: Members, session: string, now: number): ParsedEvent[] {
  const result = recordOf(payload.queryResult);
  const intent = recordOf(result.intent);
  const original = recordOf(payload.originalDetectIntentRequest);
  const words = textOf(result.queryText);
  const isFallback = intent.isFallback === true || result.action === "input.unknown";
  const isHandoff = intent.liveAgentHandoff === true || isHandoffName(result.action);
  const shown = textsIn(result.fulfillmentMessages);
  const said = textOf(result.fulfillmentText);
  const agent = shown.length > 0 || said === undefined ? shown : [said];

  const own = {
    ...customerIn(original),
    language: result.languageCode,
    channel: textOf(original.source),
  };
  const name = textOf(intent.displayName);
  const heard = {
    ...own,
    lastReceivedTextMessage: words,
    intent: name === undefined || isFallback ? undefined : { name, confidence: result.intentDetectionConfidence },
    sentiment: recordOf(recordOf(result.sentimentAnalysisResult).queryTextSentiment).score,
  };
  const id = textOf(payload.responseId);
  const named = [recordOf(result.parameters)];
  const event = (type: EventType, members: Members): ParsedEvent =>
    toNativeEvent({ type, session, id }, members, type === "bot.message" ? [] : named, now);

  if (isHandoff) return [event("handoff.requested", { ...heard, transcript: turnOf(words, agent) })];
  if (words === undefined && !isFallback) return [];
  const first = isFallback
    ? event("bot.fallback", { ...own, lastReceivedTextMessage: words })
    : event("customer.message", heard);
  return agent.length === 0 ? [first] : [first, event("bot.message", { ...own, text: agent.join("\n") })];
}

function toResponse(payload: Members, { control, handoffId, message }: EventAnswer) {
  const session = textOf(payload.session) ?? "";
  const name = `${session}/contexts/baton`;
  const isActive = recordsIn(recordOf(payload.queryResult).outputContexts).some((context) => context.name === name);
  const isSilent = control !== null && control !== "bot";
  const isNews = session.includes("/sessions/") && (isSilent || isActive);
  const parameters = { control: control ?? "bot", ...(handoffId !== null && { handoffId }) };
  return {
    ...(message !== null && { fulfillmentMessages: [sayText(message)] }),
    // The context is renewed while the bot is to be silent, and ended with it.
    ...(isNews && { outputContexts: [{ name, lifespanCount: isSilent ? TURNS : 0, parameters }] }),
    ...(handoffId !== null && { payload: { baton: parameters }, source: "baton" }),
  };
}
