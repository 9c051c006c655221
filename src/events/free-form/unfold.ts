/** Bodies of flow builders that hold objects of their own: a person, the variables of a flow, an envelope. */
import { plainName } from "../reading/named-values.ts";
import { looksLikePhone, readRecord, readText } from "../reading/scalars.ts";
import { readSession } from "../reading/session-name.ts";

type Members = Record<string, unknown>;

/** Objects whose members are values of the body, by their plain names; what `id` and `name` mean in each. */
export type Containers = Readonly<Record<string, { id?: string; name?: string }>>;

export const PERSON = { id: "externalId", name: "customerName" };
const DEPTH_MAX = 3;
/** Placeholders of some builders that nobody filled; elsewhere such a text may be meant. */
const UNFILLED = /^\s*(?:\{[A-Za-z_][\w.]*\}|%[A-Za-z_][\w.]{2,}%)\s*$/;
const isUnfilled = (value: unknown): boolean => typeof value === "string" && UNFILLED.test(value);

/** A body with the members of its containers in their place. What it says itself counts more; what it says twice gets a dot. */
export function unfold(body: Members, containers: Containers, depth = 0): Members {
  const known = new Set(Object.keys(body).map(plainName));
  const unfolded: Members = {};
  let hasMore = false;
  for (const [name, value] of Object.entries(body)) {
    if (isUnfilled(value)) continue;
    const container = Object.hasOwn(containers, plainName(name)) ? containers[plainName(name)] : undefined;
    const members = container === undefined ? undefined : readRecord(value);
    if (members === undefined) {
      set(unfolded, name, value);
      continue;
    }
    for (const [member, given] of Object.entries(members)) {
      const named = (member === "id" && container?.id) || (member === "name" && container?.name) || member;
      const plain = plainName(named);
      set(unfolded, known.has(plain) ? `${name}.${member}` : named, given);
      known.add(plain);
      hasMore ||= Object.hasOwn(containers, plain);
    }
  }
  return hasMore && depth < DEPTH_MAX ? unfold(unfolded, containers, depth + 1) : unfolded;
}

/** `__proto__` is a name like any other. */
function set(members: Members, name: string, value: unknown): void {
  Object.defineProperty(members, name, { value, enumerable: true, writable: true, configurable: true });
}

/** A person's id names the session only where nothing better does; else it is the customer's own. */
export function withExternalId(
  body: Members,
  sessionNames: readonly string[],
  personNames: readonly string[],
): Members {
  const people = new Set(personNames.map(plainName));
  const better = new Set(sessionNames.map(plainName).filter((name) => !people.has(name)));
  const entries = Object.entries(body);
  const isNamed = entries.some(([name, value]) => better.has(plainName(name)) && readSession(value) !== undefined);
  if (!isNamed) return body;
  let hasId = entries.some(([name]) => plainName(name) === "externalid");
  return Object.fromEntries(
    entries.flatMap(([name, value]): [string, unknown][] => {
      const text = readText(value);
      if (!people.has(plainName(name)) || text === undefined) return [[name, value]];
      if (looksLikePhone(text) && plainName(name) === "from") return [["phone", value]];
      if (hasId) return [];
      hasId = true;
      return [["externalId", value]];
    }),
  );
}
