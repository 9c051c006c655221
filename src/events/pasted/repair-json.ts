/**
 * Reads the body that a flow builder made by pasting values into a text, where that is no JSON: an author's keys are taken
 * at their word, and a string goes on until the next key or the end, whatever quotes and lines a customer wrote in it.
 */
import { parseJson } from "../reading/json.ts";
import { isRecord } from "../reading/scalars.ts";
import type { Members } from "./members.ts";

const DEPTH_MAX = 32;
/** Strings that hold JSON with quotes of its own; each is a look ahead. */
const EMBEDDED_MAX = 20;
const KEY = String.raw`"[^"\\\n\r:,{}[\]]{1,100}"\s*:`;
/** A comma, the next key and its colon: the seam between two members. */
const SEAM = new RegExp(String.raw`\s*,[\s,]*${KEY}`, "y");
const KEY_HERE = /[\s,]*(?:"([^"\\\n\r:,{}[\]]{1,100})"|([A-Za-z_][\w.-]{0,99}))\s*:\s*/y;
const END = /\s*$/y;
const CLOSE_OBJECT = /[\s,]*\}/y;
const CLOSE_LIST = /[\s,]*\]/y;
const NEXT_ITEM = /\s*,\s*(?:["{[\]]|-?\d|true\b|false\b|null\b)/y;

/** Containers around a value, from the outside in. */
type Place = "object" | "list" | "string";

/** The members of the body; undefined: it is no object at all. */
export function repairJson(text: string): Members | undefined {
  let at = 0;
  let embedded = 0;

  const matches = (pattern: RegExp, from: number): number => {
    pattern.lastIndex = from;
    return pattern.test(text) ? pattern.lastIndex : -1;
  };

  /** Tells whether the containers of a value can go on at a place. */
  function goesOn(places: readonly Place[], from: number): boolean {
    const place = places.at(-1);
    if (place === undefined) return matches(END, from) !== -1;
    const around = places.slice(0, -1);
    if (place === "string") return text[from] === '"' && goesOn(around, from + 1);
    if (matches(place === "object" ? SEAM : NEXT_ITEM, from) !== -1) return true;
    const closed = matches(place === "object" ? CLOSE_OBJECT : CLOSE_LIST, from);
    return closed === -1 ? matches(END, from) !== -1 : goesOn(around, closed);
  }

  /** Up to the first of these characters behind which it goes on; the rest, if there is none. */
  function until(characters: RegExp, places: readonly Place[], behind: 0 | 1): string {
    const begin = at;
    const search = new RegExp(characters, "g");
    search.lastIndex = at;
    for (let found = search.exec(text); found !== null; found = search.exec(text)) {
      if (!goesOn(places, found.index + behind)) continue;
      at = found.index + behind;
      return text.slice(begin, found.index);
    }
    at = text.length;
    return text.slice(begin);
  }

  function readString(places: readonly Place[]): unknown {
    at += 1;
    const begin = at;
    if ((text[at] === "{" || text[at] === "[") && embedded < EMBEDDED_MAX) {
      embedded += 1;
      const inner = readNested([...places, "string"]);
      const end = at;
      if (inner !== undefined && text[end] === '"' && goesOn(places, end + 1)) {
        at = end + 1;
        const written = text.slice(begin, end);
        return Array.isArray(inner) && inner.some(isRecord) && !isJson(written) ? inner : written;
      }
      at = begin;
    }
    return asWritten(until(/"/, places, 1));
  }

  function readNested(places: readonly Place[]): unknown {
    if (places.length > DEPTH_MAX) return undefined;
    return text[at] === "{" ? readObject([...places, "object"]) : readList([...places, "list"]);
  }

  function readValue(places: readonly Place[]): unknown {
    if (text[at] === '"') return readString(places);
    const begin = at;
    if ((text[at] === "{" && text[at + 1] !== "{") || text[at] === "[") {
      const nested = readNested(places);
      if (nested !== undefined) return nested;
      at = begin;
    }
    return asBare(until(/[\s,}\]]/, places, 0));
  }

  function readMembers(places: readonly Place[]): Members | undefined {
    const members: Members = [];
    at += 1;
    for (;;) {
      const closed = matches(CLOSE_OBJECT, at);
      const isEnd = closed !== -1 || matches(END, at) !== -1;
      if (isEnd) {
        at = closed === -1 ? text.length : closed;
        return members;
      }
      KEY_HERE.lastIndex = at;
      const [, quoted, bare] = KEY_HERE.exec(text) ?? [];
      const name = quoted ?? bare;
      if (name === undefined) return undefined;
      at = KEY_HERE.lastIndex;
      members.push([name, readValue(places)]);
    }
  }

  function readObject(places: readonly Place[]): Record<string, unknown> | undefined {
    const members = readMembers(places);
    return members && Object.fromEntries(members);
  }

  function readList(places: readonly Place[]): unknown[] | undefined {
    const items: unknown[] = [];
    at += 1;
    for (;;) {
      const closed = matches(CLOSE_LIST, at);
      const isEnd = closed !== -1 || matches(END, at) !== -1;
      if (isEnd) {
        at = closed === -1 ? text.length : closed;
        return items;
      }
      at = matches(/[\s,]*/y, at);
      items.push(readValue(places));
    }
  }

  const isList = text[0] === "[";
  if (isList) at = matches(/\[\s*/y, 0);
  return text[at] === "{" ? readMembers(isList ? ["list", "object"] : ["object"]) : undefined;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

const ESCAPES = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/g;
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what JSON wants escaped
const CONTROL = /[\u0000-\u001f]/g;

/** The words between two quotes. Where a quote or a backslash shows that nobody escaped them, they are as they stand. */
function asWritten(raw: string): string {
  if (/["\\]/.test(raw.replace(ESCAPES, ""))) return raw;
  const escaped = raw.replace(CONTROL, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`);
  return String(JSON.parse(`"${escaped}"`));
}

/** A value without quotes: a number, or what a placeholder left. */
function asBare(raw: string): unknown {
  const text = raw.trim();
  if (text === "") return null;
  try {
    const [value] = parseJson(`[${text}]`) as unknown[];
    return value;
  } catch {
    return text;
  }
}
