/** Histories of chats, as bots and the SDKs of language models keep them. */
import { TRANSCRIPT_MAX, type Utterance } from "../event.ts";
import { isAbsent } from "../reading/absent.ts";
import { isRecord, readArray, readRecord } from "../reading/scalars.ts";
import { readTimestamp } from "../reading/timestamp.ts";
import { wordsOf } from "../reading/words.ts";
import { isActivity, toActivityLines } from "./activities.ts";
import { roleOf } from "./roles.ts";
import { readSpeakers } from "./speakers.ts";
import { isSilentType, readTrace } from "./traces.ts";
import { isTracker, toTrackerLines } from "./tracker.ts";

const DEPTH_MAX = 4;

export interface Transcript {
  /** The newest. */
  lines: Utterance[];
  /** Those before, which are not kept. */
  earlier: Utterance[];
  /** True: a part of it could not be read. */
  isLossy: boolean;
}

/** Reads one line: its words, nothing where it is nobody's, or undefined where it cannot be read. */
type Line = Utterance | "nobody's" | undefined;

const LISTS = [
  ...["messages", "transcript", "history", "turns", "items", "conversation", "contents"],
  ...["activities", "events", "traces", "messageHistory"],
];

/** A list of lines, also inside a string or a record; or one text in which each line begins with who says it. */
export function readTranscript(value: unknown): Transcript | null | undefined {
  if (isAbsent(value)) return null;
  const list = readArray(value) ?? listOf(readRecord(value));
  if (list === undefined && typeof value !== "string") return undefined;
  const lines = list === undefined ? readSpeakers(value as string) : toLines(list).flatMap(readLines);
  // A text in which nobody is said to speak is something else.
  if (list === undefined && lines.every((line) => line === undefined)) return undefined;
  const said = inOrder(lines.filter((line) => typeof line === "object"));
  return { ...newestOf(said), isLossy: lines.includes(undefined) };
}

/** Keeps the newest lines of a transcript. */
export const newestOf = (lines: Utterance[]): Pick<Transcript, "lines" | "earlier"> =>
  lines.length <= TRANSCRIPT_MAX
    ? { lines, earlier: [] }
    : { lines: lines.slice(-TRANSCRIPT_MAX), earlier: lines.slice(0, -TRANSCRIPT_MAX) };

const listOf = (record: Record<string, unknown> | undefined): unknown[] | undefined =>
  record === undefined ? undefined : LISTS.map((name) => readArray(record[name])).find((list) => list !== undefined);

/** Lists of frameworks in which more than a line says who speaks. */
function toLines(list: readonly unknown[]): readonly unknown[] {
  if (isTracker(list)) return toTrackerLines(list);
  return list.some(isActivity) ? toActivityLines(list) : list;
}

/** Some frameworks list the newest first. */
function inOrder(lines: Utterance[]): Utterance[] {
  const times = lines.map(({ at }) => at ?? "");
  const isNewestFirst = times.every((at, index) => at !== "" && (index === 0 || at <= (times[index - 1] ?? "")));
  return isNewestFirst && times[0] !== times.at(-1) ? lines.reverse() : lines;
}

/** A plain text among lines may still say who speaks. */
function readLines(line: unknown): Line[] {
  if (typeof line === "string") return readSpeakers(line);
  return [isRecord(line) ? readLine(line, 0) : undefined];
}

function readLine(line: Record<string, unknown>, depth: number): Line {
  // LangChain writes a message as the arguments of its constructor, or as its data.
  const inner = isRecord(line.kwargs) ? line.kwargs : [line.data, line.message].find(isRecord);
  const role = roleIn(line) ?? (inner === undefined ? undefined : roleIn(inner));
  if (role === "machinery") return "nobody's";
  if (role === undefined) {
    const trace = depth === 0 ? readTrace(line) : undefined;
    if (trace !== undefined) return readLine({ ...trace, at: line.time ?? line.startTime }, 1);
    return isMachinery(line.type) || isSilentType(line.type) ? "nobody's" : undefined;
  }
  const content = contentOf(line) ?? (inner === undefined || depth >= DEPTH_MAX ? undefined : contentOf(inner));
  const text = withoutData(shownContent(line, content));
  if (text === undefined) return isOnlyMachinery(line, content) ? "nobody's" : undefined;
  const at = timeOf(line);
  return { author: role, text, ...(at !== undefined && { at }) };
}

function timeOf(line: Record<string, unknown>): string | undefined {
  const { metadata } = line;
  const told =
    line.at ?? line.timestamp ?? line.createdAt ?? line.created_at ?? line.createdOn ?? line.time ?? line.date;
  return readTimestamp(told ?? (isRecord(metadata) ? metadata.createdAt : undefined));
}

/** Content of a file in a URL, which nobody reads and a note has no room for. */
const DATA_URL = /data:[\w.+-]+\/[\w.+-]+(?:;[\w=.-]+)*;base64,[\w+/=-]*/gi;
const withoutData = (text: string | undefined): string | undefined =>
  text?.includes("data:") ? text.replace(DATA_URL, (url) => `(${kindOf({ type: url.slice(5, 40) }) ?? "file"})`) : text;

const SPEAKERS = ["author", "role", "sender", "from", "speaker", "participantRole", "source", "direction"];
const KINDS_OF_LINES = ["type", "kind", "name"];
const ROLES_OF_SPEAKERS = ["role", "type", "kind", "name"];

/** The first word that is a role; `author` and `sender` may be people who have one. */
function roleIn(line: Record<string, unknown>) {
  const constructorName = Array.isArray(line.id) ? line.id.at(-1) : undefined;
  return firstRole(line, SPEAKERS) ?? roleOfSpeaker(constructorName) ?? firstRole(line, KINDS_OF_LINES);
}

const roleOfSpeaker = (it: unknown): ReturnType<typeof roleOf> =>
  isRecord(it) ? firstWord(it, ROLES_OF_SPEAKERS) : roleOf(it);

function firstRole(line: Record<string, unknown>, names: readonly string[]) {
  for (const name of names) {
    const role = line[name] === undefined ? undefined : roleOfSpeaker(line[name]);
    if (role !== undefined) return role;
  }
  return undefined;
}

function firstWord(speaker: Record<string, unknown>, names: readonly string[]) {
  for (const name of names) {
    const role = roleOf(speaker[name]);
    if (role !== undefined) return role;
  }
  return undefined;
}

const CONTENTS = ["text", "content", "message", "body", "parts", "payload", "preview"];
function contentOf(line: Record<string, unknown>): unknown {
  for (const name of CONTENTS) {
    const content = line[name];
    if (content !== undefined && content !== null && content !== "") return content;
  }
  return undefined;
}

const isMachinery = (type: unknown): boolean =>
  typeof type === "string" && /tool|function|reason|thinking|thought|step-|source|search|call/i.test(type);

/** A line of a model that only calls tools, or of a user that only brings their results. */
function isOnlyMachinery(line: Record<string, unknown>, content: unknown): boolean {
  const calls = line.tool_calls ?? line.toolCalls ?? line.function_call ?? line.toolInvocations;
  return calls !== undefined || content === undefined || (Array.isArray(content) && content.every(isMachineryPart));
}

const isMachineryPart = (part: unknown): boolean =>
  isRecord(part) &&
  (isMachinery(part.type) ||
    part.thought === true ||
    [
      "functionCall",
      "functionResponse",
      "function_call",
      "function_response",
      "executableCode",
      "codeExecutionResult",
    ].some((key) => key in part));

/** Shows the parts of a content, also of a message whose type says that it is a file. */
function shownContent(line: Record<string, unknown>, content: unknown): string | undefined {
  const kind = Array.isArray(content) ? undefined : kindOf({ type: line.type });
  if (kind === undefined) return shownParts(content);
  const words = wordsOf(content);
  return words === undefined || /^\w+:\S+$/.test(words) ? `(${kind})` : `(${kind}) ${words}`;
}

/** The words of a content, or of its parts; what is no text is shown by its kind. */
function shownParts(content: unknown): string | undefined {
  if (!Array.isArray(content)) return wordsOf(content);
  const shown = content.flatMap((part): string[] => {
    if (isMachineryPart(part)) return [];
    const words = wordsOf(part);
    const kind = kindOf(part);
    if (kind === undefined) return words === undefined ? [] : [words];
    const caption = isRecord(part) ? wordsOf({ caption: part.caption, text: part.text }) : undefined;
    return [caption === undefined ? `(${kind})` : `(${kind}) ${caption}`];
  });
  return shown.length === 0 ? undefined : shown.join("\n");
}

const KINDS = ["image", "video", "audio", "voice", "document", "file"];

/** Names the kind of a part that is no text. */
function kindOf(part: unknown): string | undefined {
  if (!isRecord(part)) return undefined;
  const data = [part.inlineData, part.inline_data, part.fileData, part.file_data].find(isRecord);
  const source = data ?? part;
  const media = source.mimeType ?? source.mime_type ?? source.mediaType ?? source.media_type;
  for (const said of [media, part.type, data === undefined ? undefined : "file"]) {
    const kind = typeof said === "string" ? KINDS.find((it) => said.toLowerCase().includes(it)) : undefined;
    if (kind !== undefined) return kind;
  }
  return undefined;
}

/** The customer's last words end the transcript, unless they are already the last the customer says in it. */
export function withLastWords(transcript: Utterance[], shown: string, text: string): Utterance[] {
  const last = transcript.findLast((line) => line.author === "customer")?.text;
  return shown === "" || last === text || last === shown
    ? transcript
    : [...transcript, { author: "customer", text: shown }];
}
