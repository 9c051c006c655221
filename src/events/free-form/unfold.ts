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
  const sent = Object.entries(body);
  const found = sent.map(([name, value]) => {
    const container = containers[plainName(name)];
    const isContainer = container !== undefined && Object.hasOwn(containers, plainName(name));
    return isContainer ? { container, members: readRecord(value) } : undefined;
  });
  const isFlat = found.every((it) => it?.members === undefined) && !sent.some(([, value]) => isUnfilled(value));
  if (isFlat) return body;

  const known = new Set(sent.map(([name]) => plainName(name)));
  const unfolded: [string, unknown][] = [];
  let hasMore = false;
  for (const [index, [name, value]] of sent.entries()) {
    if (isUnfilled(value)) continue;
    const { container, members } = found[index] ?? {};
    if (members === undefined) {
      unfolded.push([name, value]);
      continue;
    }
    for (const [member, given] of Object.entries(members)) {
      const named = (member === "id" && container?.id) || (member === "name" && container?.name) || member;
      const plain = plainName(named);
      unfolded.push([known.has(plain) ? `${name}.${member}` : named, given]);
      known.add(plain);
      hasMore ||= Object.hasOwn(containers, plain);
    }
  }
  const all = Object.fromEntries(unfolded);
  return hasMore && depth < DEPTH_MAX ? unfold(all, containers, depth + 1) : all;
}

/** A person's id names the session only where nothing better does; else it is the customer's own. */
export function createWithExternalId(sessionNames: readonly string[], personNames: readonly string[]) {
  const people = new Set(personNames.map(plainName));
  const better = new Set(sessionNames.map(plainName).filter((name) => !people.has(name)));

  return (body: Members): Members => {
    const entries = Object.entries(body);
    const plain = entries.map(([name]) => plainName(name));
    if (!plain.some((name) => people.has(name))) return body;
    const isNamed = entries.some(
      ([, value], index) => better.has(plain[index] ?? "") && readSession(value) !== undefined,
    );
    if (!isNamed) return body;
    let hasId = plain.includes("externalid");
    return Object.fromEntries(
      entries.flatMap(([name, value], index): [string, unknown][] => {
        const text = readText(value);
        if (!people.has(plain[index] ?? "") || text === undefined) return [[name, value]];
        if (plain[index] === "from" && looksLikePhone(text)) return [["phone", value]];
        if (hasId) return [];
        hasId = true;
        return [["externalId", value]];
      }),
    );
  };
}
