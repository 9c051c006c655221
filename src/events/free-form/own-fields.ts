import { shownContent } from "../content-type.ts";
import { type EventType, lengthOf, TEXT_MAX, TRANSCRIPT_MAX, WORDS_MAX } from "../event.ts";
import { readTranscript, type Transcript, withLastWords } from "../history/transcript.ts";
import { isAbsent, isAbsentLabel } from "../reading/absent.ts";
import { cutText } from "../reading/cut-text.ts";
import type { Fields, Reader } from "../reading/fields.ts";
import { type Intent, readIntent } from "../reading/intent.ts";
import { readLabel, readPriority, readProse, readTags, withinText } from "../reading/labels.ts";
import { isRecord } from "../reading/scalars.ts";
import { readConfidence, readSentiment } from "../reading/scores.ts";
import { readContentType, readSaid, type Said, toSaid } from "../reading/words.ts";
import type { Field } from "./names.ts";

type Members = Record<string, unknown>;

const QUEUE_MAX = 255;

const readWords: Reader<Said> = (value, lose) => {
  const said = readSaid(value);
  return said === undefined || said === null ? said : { ...said, text: withinText(said.text, lose) };
};

/** Reads a transcript, and ends it with the customer's last words. */
const readHistory =
  (shown: string, text: string): Reader<Transcript> =>
  (value, lose) => {
    const read = readTranscript(value);
    if (read === undefined || read === null) return read;
    if (read.lines.length === 0 && !read.isLossy) return null;
    const carried = read.lines.map((line) => ({ ...line, text: withinText(line.text, lose) }));
    const all = withLastWords(carried, shown, text);
    const [lines, more] = [all.slice(-TRANSCRIPT_MAX), all.slice(0, -TRANSCRIPT_MAX)];
    const earlier = [...read.earlier, ...more];
    if (earlier.length > 0) lose(undefined, earlier);
    if (read.isLossy || lengthOf(lines) > WORDS_MAX) lose();
    return { ...read, lines, earlier };
  };

const readType: Reader<string> = (value) => (isAbsentLabel(value) ? null : readContentType(value));

const readBotText: Reader<string> = (value, lose) => {
  const said = readWords(value, lose);
  return said === undefined || said === null ? said : said.text;
};

const readError: Reader<string> = (value, lose) =>
  readProse(isRecord(value) ? (value.message ?? value.detail ?? value.error ?? value) : value, lose);

/** Reads the words, with the content type beside them. */
function saidIn(fields: Fields<Field>): Said {
  const said = fields.take("lastWords", readWords) ?? { text: "" };
  const contentType = fields.take("contentType", readType);
  return contentType === undefined ? said : { ...said, ...toSaid(said.text, contentType) };
}

/** The last words of a side, from the history that an agent of a language model holds instead of them. */
const readLastOf =
  (author: "customer" | "bot"): Reader<string> =>
  (value, lose) => {
    const read = readTranscript(value);
    if (read === undefined || read === null) return read;
    const last = read.lines.findLast((line) => line.author === author);
    if (last !== undefined) return withinText(last.text, lose);
    if (read.isLossy || read.lines.length > 0) lose();
    return null;
  };

function saidOrLastIn(fields: Fields<Field>): Said {
  const said = saidIn(fields);
  if (said.text !== "" || said.contentType !== undefined) return said;
  return { text: fields.take("transcript", readLastOf("customer")) ?? "" };
}

/** Reads the intent, also with its confidence beside it. */
function understoodIn(fields: Fields<Field>): { intent?: Intent; sentiment?: number } {
  const named = fields.take("intent", readIntent);
  const confidence = named?.confidence ?? fields.take("confidence", readConfidence);
  const intent = confidence === undefined ? named : { ...named, confidence };
  const sentiment = fields.take("sentiment", readSentiment);
  return { ...(intent !== undefined && { intent }), ...(sentiment !== undefined && { sentiment }) };
}

/** The customer's last words come with every body of a flow; they are nobody's attribute. */
function withoutWords(own: Members, fields: Fields<Field>): Members {
  fields.take("lastWords", (value, lose) => {
    if (!isAbsent(value)) lose();
    return null;
  });
  return own;
}

/** Reads the fields that only this type of event carries. */
export function readOwnFields(type: EventType, fields: Fields<Field>): Members {
  switch (type) {
    case "session.started":
    case "session.ended":
      return withoutWords({}, fields);
    case "customer.message":
      return { ...saidOrLastIn(fields), ...understoodIn(fields) };
    case "bot.message":
      return withoutWords(
        { text: fields.take("text", readBotText) ?? fields.take("transcript", readLastOf("bot")) ?? "" },
        fields,
      );
    case "bot.fallback":
      return { text: fields.take("lastWords", readWords)?.text };
    case "bot.error":
      return withoutWords({ error: fields.take("error", readError) }, fields);
    case "handoff.requested":
      return requestIn(fields);
  }
}

function requestIn(fields: Fields<Field>): Members {
  const said = saidIn(fields);
  const isSilent = said.text === "" && said.contentType === undefined;
  const shown = isSilent ? "" : cutText(shownContent(said.text, said.contentType), TEXT_MAX);
  const history = fields.take("transcript", readHistory(shown, said.text));
  const transcript = history?.lines ?? withLastWords([], shown, said.text);
  const leftOut = history?.earlier.length ?? 0;
  return {
    reason: fields.take("reason", readProse),
    // A history in which nobody is said to speak tells of the chat as a summary does.
    summary:
      fields.take("summary", readProse) ?? (history === undefined ? fields.take("transcript", readProse) : undefined),
    transcript: transcript.length > 0 ? transcript : undefined,
    transcriptLeftOut: leftOut > 0 ? leftOut : undefined,
    contentType: said.contentType,
    tags: fields.take("tags", readTags),
    priority: fields.take("priority", readPriority),
    queue: fields.take("queue", readLabel(QUEUE_MAX)),
    ...understoodIn(fields),
  };
}
