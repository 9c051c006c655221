import { isAbsent } from "./absent.ts";
import { cutText } from "./cut-text.ts";
import { isRecord, isScalar, type Scalar } from "./scalars.ts";

const TEXT_MAX = 4_000;
const NAME_MAX = 200;
/** A session keeps so many. */
const ATTRIBUTES_MAX = 200;
/** Limit of members that become attributes, for a list of objects. */
const LIST_MAX = 50;

export type Attributes = Record<string, Scalar | null>;

/**
 * Attributes as they are kept: flat, with dots for what was nested and commas for lists. `lose` is told the name, as sent,
 * of what did not come through as it was. Null stays: it unsets an attribute.
 */
export function toAttributes(sent: readonly [string, unknown][], lose: (name: string) => void): Attributes {
  const kept = new Map<string, Scalar | null>();
  const keep = (name: string, value: Scalar | null, root: string): void => {
    // The last word counts, in the place of the first.
    if (kept.size < ATTRIBUTES_MAX || kept.has(name)) kept.set(name, value);
    else lose(root);
  };
  const pending = sent.map(([name, value]) => ({ name, value, root: name })).reverse();
  for (let item = pending.pop(); item !== undefined; item = pending.pop()) {
    const { name, value, root } = item;
    if (name === "" || name.length > NAME_MAX || name === "__proto__") {
      if (!isAbsent(value)) lose(root);
    } else if (value === null) keep(name, null, root);
    else if (isScalar(value)) {
      if (isAbsent(value)) continue;
      const isWhole = typeof value === "string" ? value.length <= TEXT_MAX : Number.isFinite(Number(value));
      if (!isWhole) lose(root);
      if (typeof value === "string") keep(name, cutText(value, TEXT_MAX), root);
      else if (isWhole) keep(name, value, root);
    } else {
      const members = isRecord(value) ? Object.entries(value) : Array.isArray(value) ? value : [];
      if (members.length === 0) continue;
      lose(root);
      if (Array.isArray(value) && value.every((member) => member === null || isScalar(member))) {
        const words = value.filter((member) => !isAbsent(member)).join(", ");
        pending.push({ name, value: words, root });
        continue;
      }
      const entries: [string, unknown][] = Array.isArray(value)
        ? value.slice(0, LIST_MAX).map((member, index) => [String(index), member])
        : Object.entries(value as object);
      pending.push(...entries.map(([key, member]) => ({ name: `${name}.${key}`, value: member, root })).reverse());
    }
  }
  return Object.fromEntries(kept);
}
