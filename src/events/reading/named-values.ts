import { isAbsent } from "./absent.ts";
import type { LostFields, Reader } from "./fields.ts";

/** Names are few and come with every body: each is made plain once. What a sender makes up soon makes room. */
const plainNames = new Map<string, string>();
const PLAIN_NAMES_MAX = 2_000;
const LONGEST_KNOWN = 64;

/** `session_id`, `SessionId` and `sessionId` are one name. */
export function plainName(name: string): string {
  const known = plainNames.get(name);
  if (known !== undefined) return known;
  const plain = name.toLowerCase().replace(/[\s_-]/g, "");
  if (name.length > LONGEST_KNOWN) return plain;
  if (plainNames.size >= PLAIN_NAMES_MAX) plainNames.clear();
  plainNames.set(name, plain);
  return plain;
}

/** The values of a body by leniently matched names. Names given here are plain ones. */
export interface NamedValues {
  /** The first of these names whose value can be read; all values of these names are then spoken for. */
  take<T>(names: readonly string[], read: Reader<T>): T | undefined;
  /** Values that nobody took and that say something, under the names they were sent with. */
  rest(): [string, unknown][];
}

const isEmpty = (value: unknown): boolean =>
  typeof value === "object" && value !== null && Object.keys(value).length === 0;

interface SentValue {
  name: string;
  value: unknown;
  isTaken: boolean;
}

export function createNamedValues(body: Record<string, unknown>, lost: LostFields, within = ""): NamedValues {
  const values = new Map<string, SentValue>();
  for (const name of Object.keys(body)) {
    const value = body[name];
    if (value === undefined || value === null) continue;
    const plain = plainName(name);
    if (!values.has(plain)) values.set(plain, { name, value, isTaken: false });
  }
  const take = (name: string): void => {
    const sent = values.get(name);
    if (sent !== undefined) sent.isTaken = true;
  };

  return {
    take(names, read) {
      let unread: string[] | undefined;
      for (const name of names) {
        const sent = values.get(name);
        if (sent === undefined || sent.isTaken) continue;
        const field = `${within}${sent.name}`;
        const found = read(sent.value, (part, unheard) =>
          lost.add(part === undefined ? field : `${field}.${part}`, unheard),
        );
        // It says nothing: nobody else needs to look at it.
        if (found === null) sent.isTaken = true;
        if (found === undefined) {
          unread ??= [];
          unread.push(field);
        }
        if (found === null || found === undefined) continue;
        for (const other of unread ?? []) lost.add(other);
        for (const spokenFor of names) take(spokenFor);
        return found;
      }
      return undefined;
    },
    rest: () =>
      Object.entries(body).filter(
        ([name, value]) => !isAbsent(value) && !isEmpty(value) && values.get(plainName(name))?.isTaken !== true,
      ),
  };
}
