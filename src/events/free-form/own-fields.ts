import { shownContent } from "../content-type.ts";
import { type EventType, type Intent, lengthOf, type OwnFields, TEXT_MAX, WORDS_MAX } from "../event.ts";
import { newestOf, readTranscript, type Transcript, withLastWords } from "../history/transcript.ts";
import { isAbsent, isAbsentLabel } from "../reading/absent.ts";
import { cutText } from "../reading/cut-text.ts";
import type { Fields, Reader } from "../reading/fields.ts";
import { readIntent } from "../reading/intent.ts";
import { readLabel, readPriority, readProse, readTags, withinText } from "../reading/labels.ts";
import { isRecord } from "../reading/scalars.ts";
import { readConfidence, readSentiment } from "../reading/scores.ts";
import { readContentType, readSaid, type Said, toSaid } from "../reading/words.ts";
import type { Field } from "./names.ts";

const readQueue = readLabel(255);

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
    const carried = read.lines.map((line) => {
      const words = withinText(line.text, lose);
      return words === line.text ? line : { ...line, text: words };
    });
    const { lines, earlier: more } = newestOf(withLastWords(carried, shown, text));
    const earlier = [...read.earlier, ...more];
    if (earlier.length > 0) lose(undefined, earlier);
    if (read.isLossy || lengthOf(lines) > WORDS_MAX) lose();
    return { lines, earlier, isLossy: read.isLossy };
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

const readLastOfCustomer = readLastOf("customer");
const readLastOfBot = readLastOf("bot");

function saidOrLastIn(fields: Fields<Field>): Said {
  const said = saidIn(fields);
  if (said.text !== "" || said.contentType !== undefined) return said;
  return { text: fields.take("transcript", readLastOfCustomer) ?? "" };
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
function withoutWords(own: OwnFields, fields: Fields<Field>): OwnFields {
  fields.take("lastWords", loseWords);
  return own;
}
const loseWords: Reader<never> = (value, lose) => {
  if (!isAbsent(value)) lose();
  return null;
};

/** Reads the fields that only this type of event carries, in the order of the schema. */
export function readOwnFields(type: EventType, fields: Fields<Field>): OwnFields {
  switch (type) {
    case "session.started":
    case "session.ended":
      return withoutWords({ type }, fields);
    case "customer.message":
      return { type, ...saidOrLastIn(fields), ...understoodIn(fields) };
    case "bot.message": {
      const text = fields.take("text", readBotText) ?? fields.take("transcript", readLastOfBot) ?? "";
      return withoutWords({ type, text }, fields);
    }
    case "bot.fallback": {
      const text = fields.take("lastWords", readWords)?.text;
      return { type, ...(text !== undefined && { text }) };
    }
    case "bot.error": {
      const error = fields.take("error", readError);
      return withoutWords({ type, ...(error !== undefined && { error }) }, fields);
    }
    case "handoff.requested":
      return requestIn(fields);
  }
}

function requestIn(fields: Fields<Field>): OwnFields {
  const said = saidIn(fields);
  const isSilent = said.text === "" && said.contentType === undefined;
  const shown = isSilent ? "" : cutText(shownContent(said.text, said.contentType), TEXT_MAX);
  const history = fields.take("transcript", readHistory(shown, said.text));
  const transcript = history?.lines ?? withLastWords([], shown, said.text);
  const leftOut = history?.earlier.length ?? 0;
  const reason = fields.take("reason", readProse);
  // A history in which nobody is said to speak tells of the chat as a summary does.
  const summary =
    fields.take("summary", readProse) ?? (history === undefined ? fields.take("transcript", readProse) : undefined);
  const tags = fields.take("tags", readTags);
  const priority = fields.take("priority", readPriority);
  const queue = fields.take("queue", readQueue);
  return {
    type: "handoff.requested",
    ...(reason !== undefined && { reason }),
    ...(summary !== undefined && { summary }),
    ...(transcript.length > 0 && { transcript }),
    ...(leftOut > 0 && { transcriptLeftOut: leftOut }),
    ...(tags !== undefined && { tags }),
    ...(priority !== undefined && { priority }),
    ...(queue !== undefined && { queue }),
    ...(said.contentType !== undefined && { contentType: said.contentType }),
    ...understoodIn(fields),
  };
}
