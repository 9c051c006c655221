import { type EventType, prioritySchema } from "../event.ts";
import type { NamedValues } from "../reading/named-values.ts";
import { isTextType, readSaid, readTranscript, withLastWords } from "../reading/said.ts";
import { isAbsent, isScalar, readArray, readNumber, readRecord, readText } from "../reading/scalars.ts";
import type { Draft } from "../reading/usable-event.ts";
import type { Names } from "./names.ts";

/**
 * What only this type of event carries. What it does not carry is not taken, and so becomes an attribute, but for the
 * customer's last words: they come with every body and are nobody's attribute.
 */
export function readOwnFields(type: EventType, values: NamedValues, names: Names): Draft {
  const said = values.take(names.lastWords, readSaid);
  switch (type) {
    case "session.started":
    case "session.ended":
      return {};
    case "customer.message": {
      const contentType = values.take(names.contentType, readText) ?? said?.contentType;
      return {
        text: said?.text ?? "",
        contentType: contentType === undefined || isTextType(contentType) ? undefined : contentType,
        intent: readIntent(values, names),
        sentiment: values.take(names.sentiment, readNumber),
      };
    }
    case "bot.message":
      return { text: values.take(names.text, readText) ?? "" };
    case "bot.fallback":
      return { text: said?.text };
    case "bot.error":
      return { error: values.take(names.error, readText) };
    case "handoff.requested": {
      const transcript = withLastWords(values.take(names.transcript, readTranscript) ?? [], said?.text ?? "");
      return {
        reason: values.take(names.reason, readText),
        summary: values.take(names.summary, readText),
        transcript: transcript.length > 0 ? transcript : undefined,
        tags: values.take(names.tags, readTags),
        priority: values.take(names.priority, readPriority),
        queue: values.take(names.queue, readText),
      };
    }
  }
}

/** An object, or a name with its confidence beside it; without a confidence it says nothing a rule could use. */
function readIntent(values: NamedValues, names: Names): Draft | undefined {
  const whole = values.take(names.intent, (value) => {
    const intent = readRecord(value);
    const confidence = readNumber(intent?.confidence);
    return confidence === undefined ? undefined : { name: intent?.name, confidence };
  });
  if (whole !== undefined || values.find(names.confidence, readNumber) === undefined) return whole;
  const name = values.take(names.intent, readText);
  return name === undefined ? undefined : { name, confidence: values.take(names.confidence, readNumber) };
}

function readPriority(value: unknown): string | undefined {
  const priority = readText(value)?.trim().toUpperCase();
  return prioritySchema.safeParse(priority).success ? priority : undefined;
}

function readTags(value: unknown): string[] | undefined {
  const tags = readArray(value) ?? (isScalar(value) ? String(value).split(",") : undefined);
  return tags?.flatMap((tag) => (isScalar(tag) && !isAbsent(tag) ? [String(tag)] : []));
}
