import type { Utterance } from "../event.ts";
import { readTimestamp } from "../reading/timestamp.ts";
import { roleOf } from "./roles.ts";

/** `[10:02] **User** (web): words`, where only the role and the colon must be there. */
const SPEAKER =
  /^\s*(?:\[([^\]\n]{1,40})\]\s*|(\d[\d:.\-/ TZ]{3,28})[\s,-]+)?[*_]{0,2}([A-Za-z][A-Za-z _-]{0,29}?)[*_]{0,2}\s*(?:\([^)\n]{0,40}\))?\s*:[*_]{0,2}\s?(.*)$/;

/** One text in which a line begins with who says it; what follows up to the next such line belongs to it. */
export function readSpeakers(text: string): (Utterance | "nobody's" | undefined)[] {
  const said: { role: ReturnType<typeof roleOf>; lines: string[]; at?: string | undefined }[] = [];
  for (const line of text.split(/\r\n|\r|\n/)) {
    const [, bracketed, bare, speaker, words = ""] = SPEAKER.exec(line) ?? [];
    const role = roleOf(speaker);
    if (role !== undefined) said.push({ role, lines: [words], at: readTimestamp(bracketed ?? bare) });
    else if (said.length > 0) said.at(-1)?.lines.push(line);
    else if (line.trim() !== "") said.push({ role: undefined, lines: [line] });
  }
  return said.map(({ role, lines, at }) => {
    const words = lines.join("\n").trim();
    if (role === "machinery" || words === "") return "nobody's";
    if (role === undefined) return undefined;
    return { author: role, text: words, ...(at !== undefined && { at }) };
  });
}
