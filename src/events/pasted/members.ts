/** The members of a JSON object in the order they are written, repeated ones too, which `JSON.parse` forgets. */
import { plainName } from "../reading/named-values.ts";

export type Members = [name: string, value: unknown][];

const [QUOTE, BACKSLASH, COLON, COMMA] = [0x22, 0x5c, 0x3a, 0x2c];
const [OPENS_OBJECT, CLOSES_OBJECT, OPENS_ARRAY, CLOSES_ARRAY] = [0x7b, 0x7d, 0x5b, 0x5d];

/** The members of a text that is valid JSON and an object, each with the text of its value. */
export function membersOf(text: string): [name: string, value: string][] {
  const members: [string, string][] = [];
  let depth = 0;
  let name: string | null = null;
  let from = 0;
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charCodeAt(at);
    if (character === QUOTE) {
      const begin = at;
      for (at += 1; text.charCodeAt(at) !== QUOTE; at += 1) if (text.charCodeAt(at) === BACKSLASH) at += 1;
      if (depth === 1 && name === null) name = nameIn(text.slice(begin + 1, at));
    } else if (character === COLON && depth === 1) from = at + 1;
    else if (character === OPENS_OBJECT || character === OPENS_ARRAY) depth += 1;
    if (depth === 1 && (character === COMMA || character === CLOSES_OBJECT) && name !== null) {
      members.push([name, text.slice(from, at)]);
      name = null;
    }
    if (character === CLOSES_OBJECT || character === CLOSES_ARRAY) depth -= 1;
  }
  return members;
}

const nameIn = (written: string): string => (written.includes("\\") ? String(JSON.parse(`"${written}"`)) : written);

const WORDS = new Set(["lastreceivedtextmessage", "lastreceivedmessage", "text", "message"]);
const NAMES = new Set(["displayname", "customername", "fullname", "name", "firstname", "lastname"]);

/**
 * The members of a pasted body, each name once. An author writes a name once; a customer whose words are pasted in as they
 * are can write it again behind them. So what stands before the customer's words is the author's, and of what stands
 * behind them the last.
 */
export function withoutRepeats(members: Members): Record<string, unknown> {
  const words = members.findIndex(([name]) => WORDS.has(plainName(name)));
  const names = members.findIndex(([name]) => NAMES.has(plainName(name)));
  const places = Map.groupBy(members.keys(), (index) => members[index]?.[0] ?? "");
  const authors = (given: readonly number[]): number | undefined => {
    const before = given.filter((index) => words === -1 || index <= words);
    const [first] = before;
    if (first === undefined) return given.at(-1);
    return names === -1 || first <= names ? first : before.at(-1);
  };
  const kept = [...places.values()].map(authors).filter((index) => index !== undefined);
  return Object.fromEntries(kept.sort((a, b) => a - b).map((index) => members[index] as [string, unknown]));
}
