/** Bodies of flow builders that hold objects of their own: a person, the variables of a flow, an envelope. */
import { plainName } from "../reading/named-values.ts";
import { looksLikePhone, readRecord, readText, setMember } from "../reading/scalars.ts";
import { readSession } from "../reading/session-name.ts";

type Members = Record<string, unknown>;

/** Objects whose members are values of the body, by their plain names; what `id` and `name` mean in each. */
export type Containers = Readonly<Record<string, { id?: string; name?: string }>>;

export const PERSON = { id: "externalId", name: "customerName" };
const DEPTH_MAX = 3;
/** Placeholders of some builders that nobody filled; elsewhere such a text may be meant. */
const UNFILLED = /^\s*(?:\{[A-Za-z_][\w.]*\}|%[A-Za-z_][\w.]*%)\s*$/;
const isUnfilled = (value: unknown): boolean => typeof value === "string" && UNFILLED.test(value);

/** The members of a container; undefined: it is none, or has none. */
function insideOf(name: string, value: unknown, containers: Containers): Members | undefined {
  return Object.hasOwn(containers, plainName(name)) ? readRecord(value) : undefined;
}

/** A body with the members of its containers in their place. What it says itself counts more; what it says twice gets a dot. */
export function unfold(body: Members, containers: Containers, depth = 0): Members {
  const names = Object.keys(body);
  if (!names.some((name) => isUnfilled(body[name]) || insideOf(name, body[name], containers))) return body;

  const known = new Set(names.map(plainName));
  const unfolded: Members = {};
  let hasMore = false;
  for (const name of names) {
    const value = body[name];
    if (isUnfilled(value)) continue;
    const members = insideOf(name, value, containers);
    if (members === undefined) {
      setMember(unfolded, name, value);
      continue;
    }
    const container = containers[plainName(name)];
    for (const [member, given] of Object.entries(members)) {
      const named = (member === "id" && container?.id) || (member === "name" && container?.name) || member;
      const plain = plainName(named);
      setMember(unfolded, known.has(plain) ? `${name}.${member}` : named, given);
      known.add(plain);
      hasMore ||= Object.hasOwn(containers, plain);
    }
  }
  return hasMore && depth < DEPTH_MAX ? unfold(unfolded, containers, depth + 1) : unfolded;
}

/** A person's id names the session only where nothing better does; else it is the customer's own. */
export function createWithExternalId(sessionNames: readonly string[], personNames: readonly string[]) {
  const people = new Set(personNames.map(plainName));
  const better = new Set(sessionNames.map(plainName).filter((name) => !people.has(name)));

  return (body: Members): Members => {
    const names = Object.keys(body);
    const hasPerson = names.some((name) => people.has(plainName(name)));
    const isNamed = (name: string): boolean => better.has(plainName(name)) && readSession(body[name]) !== undefined;
    if (!hasPerson || !names.some(isNamed)) return body;
    let hasId = names.some((name) => plainName(name) === "externalid");
    const renamed: Members = {};
    for (const name of names) {
      const plain = plainName(name);
      const text = people.has(plain) ? readText(body[name]) : undefined;
      if (text === undefined) setMember(renamed, name, body[name]);
      else if (plain === "from" && looksLikePhone(text)) renamed.phone = body[name];
      else if (!hasId) {
        hasId = true;
        renamed.externalId = body[name];
      }
    }
    return renamed;
  };
}
