/**
 * The standard webhook of Dialogflow CX (Conversational Agents): WebhookRequest in, WebhookResponse out. Its reader is
 * strict: nothing goes into the answer but fields of WebhookResponse.
 */
import { err, ok } from "../../result.ts";
import type { EventType } from "../event.ts";
import { isHandoffName, isOnItsWay, noSession, sayText, sessionIn, textsIn, turnOf } from "../native/dialogflow.ts";
import { type Members, recordOf, recordsIn, textOf } from "../native/members.ts";
import { toNativeEvent } from "../native/native-event.ts";
import { notAnObject } from "../reading/payload-problem.ts";
import { isRecord } from "../reading/scalars.ts";
import { readSession } from "../reading/session-name.ts";
import type { EventAnswer, ParsedEvent, Source } from "../source.ts";
import { joinAnswers } from "../source-answer.ts";

const NOT_UNDERSTOOD = /^sys\.no-(?:match|input)/;
const FAILED = /^webhook\.error/;

const handoffMessageIn = (payload: Members): Members | undefined =>
  recordsIn(payload.messages).find((message) => isRecord(message.liveAgentHandoff));

export const dialogflowCx: Source = {
  name: "dialogflow-cx",
  partsOf: () => undefined,
  toEvents(payload, { now }) {
    if (!isRecord(payload)) return err(notAnObject);
    const session = readSession(sessionIn(recordOf(payload.sessionInfo).session));
    return session === undefined ? err(noSession("sessionInfo.session")) : ok(eventsIn(payload, session, now));
  },
  answer: (payload, answers) => {
    const answer = joinAnswers(answers);
    return answer === null ? {} : toResponse(recordOf(payload), answer);
  },
};

function eventsIn(payload: Members, session: string, now: number): ParsedEvent[] {
  const { tag } = recordOf(payload.fulfillmentInfo);
  const words = textOf(payload.text) ?? textOf(payload.transcript);
  const trigger = textOf(payload.triggerEvent) ?? "";
  const agent = textsIn(payload.messages);
  const handoff = handoffMessageIn(payload);
  const isHandoff = handoff !== undefined || isHandoffName(tag);
  const isFallback = NOT_UNDERSTOOD.test(trigger);
  const isError = FAILED.test(trigger);

  const parameters = recordOf(recordOf(payload.sessionInfo).parameters);
  const { displayName, confidence } = recordOf(payload.intentInfo);
  const own = {
    language: recordOf(payload.languageInfo).resolvedLanguageCode ?? payload.languageCode,
    phone: recordOf(recordOf(payload.payload).telephony).caller_id,
  };
  const heard = {
    ...own,
    lastReceivedTextMessage: words,
    // An event leaves the intent that was matched before it.
    intent: trigger === "" && textOf(displayName) !== undefined ? { name: displayName, confidence } : undefined,
    sentiment: recordOf(payload.sentimentAnalysisResult).score,
  };
  const turn = textOf(payload.detectIntentResponseId);
  const page = textOf(recordOf(payload.pageInfo).currentPage)?.split("/").at(-1);
  const id = turn && [turn, textOf(tag) ?? "", page ?? ""].join(":");
  const event = (type: EventType, members: Members, named: readonly Members[] = [parameters]): ParsedEvent =>
    toNativeEvent({ type, session, id }, members, named, now);

  const events: ParsedEvent[] = [];
  if (isFallback) events.push(event("bot.fallback", { ...own, lastReceivedTextMessage: words }));
  if (isError) events.push(event("bot.error", { ...own, error: trigger }));
  if (isHandoff) {
    const metadata = recordOf(recordOf(handoff?.liveAgentHandoff).metadata);
    const transcript = metadata.transcript ?? turnOf(words, agent);
    events.push(event("handoff.requested", { ...heard, transcript }, [metadata, parameters]));
    return events;
  }
  const isKeys = words === undefined && textOf(payload.dtmfDigits) !== undefined;
  if (!isFallback && !isError && (words !== undefined || isKeys))
    // The keys themselves may be a secret.
    events.push(event("customer.message", { ...heard, ...(isKeys && { contentType: "DTMF" }) }));
  if (events.length > 0 && agent.length > 0) events.push(event("bot.message", { ...own, text: agent.join("\n") }, []));
  return events;
}

function toResponse(payload: Members, answer: EventAnswer) {
  const known = recordOf(recordOf(payload.sessionInfo).parameters);
  const { control, handoffId, handoffState, conversationId, message } = answer;
  const told = { baton_control: control ?? "bot", baton_handoff: handoffState, baton_conversation: conversationId };
  const isNews = handoffId !== null || told.baton_control !== (known.baton_control ?? "bot");
  // A parameter is removed by null.
  const parameters = Object.entries(told).filter(([name, value]) => value !== null || name in known);
  const messages = [
    ...(message === null ? [] : [sayText(message)]),
    ...(isOnItsWay(answer) && handoffMessageIn(payload) === undefined
      ? [{ liveAgentHandoff: { metadata: { handoffId, control: told.baton_control } } }]
      : []),
  ];
  return {
    ...(messages.length > 0 && { fulfillmentResponse: { messages, mergeBehavior: "APPEND" } }),
    ...(isNews && { sessionInfo: { parameters: Object.fromEntries(parameters) } }),
    ...(handoffId !== null && { payload: { baton: { control: told.baton_control, handoffId } } }),
  };
}
