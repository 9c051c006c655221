import type { Utterance } from "../event.ts";
import { isAbsent, isRecord, readArray, readRecord, readText } from "./scalars.ts";
import { readTimestamp } from "./timestamp.ts";

/** What a customer sent; the text is empty where the content is not text. */
interface Said {
  text: string;
  contentType?: string | undefined;
}

export const isTextType = (contentType: string): boolean => contentType.toUpperCase() === "TEXT";

/** Plain text, or a message as Answers keeps it, `{"type":"TEXT","content":"…"}`, also inside a string. */
export function readSaid(value: unknown): Said | undefined {
  const message = readRecord(value);
  const contentType = readContent(message?.type);
  if (contentType !== undefined && !isTextType(contentType)) return { text: "", contentType };
  const content = isRecord(message?.content) ? message.content.text : message?.content;
  const isMessage = isRecord(value) || contentType !== undefined || content !== undefined;
  const text = isMessage ? readContent(content) : readText(value);
  return text === undefined ? undefined : { text };
}

const authors: ReadonlyMap<string, Utterance["author"]> = new Map([
  ["customer", "customer"],
  ["user", "customer"],
  ["bot", "bot"],
  ["assistant", "bot"],
]);

/** A list of lines, also inside a string; lines that cannot be read are left out. */
export function readTranscript(value: unknown): Utterance[] | undefined {
  return readArray(value)?.flatMap((line) => {
    if (!isRecord(line)) return [];
    const author = authors.get(String(readText(line.author ?? line.role)).toLowerCase());
    const text = readContent(line.text ?? line.content);
    const at = readTimestamp(line.at ?? line.timestamp);
    return author === undefined || text === undefined ? [] : [{ author, text, ...(at !== undefined && { at }) }];
  });
}

/** The customer's last words end the transcript, unless they are already the last the customer says in it. */
export function withLastWords(transcript: readonly Utterance[], text: string): readonly Utterance[] {
  const isThere = transcript.findLast((line) => line.author === "customer")?.text === text;
  return text === "" || isThere ? transcript : [...transcript, { author: "customer", text }];
}

const readContent = (value: unknown): string | undefined => (isAbsent(value) ? undefined : readText(value));
