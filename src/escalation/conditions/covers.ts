/** Compares conditions with each other, independently of any event. Pure. */
import type { Condition } from "./schema.ts";

type Key = keyof Condition;
type Wanted<K extends Key> = NonNullable<Condition[K]>;

const all = (narrow: readonly unknown[], isIn: (value: unknown) => boolean): boolean => narrow.every(isIn);
const plain = (value: unknown): string => String(value).trim().toLowerCase();
/** True if each narrow value is also a wide one, ignoring case. */
const isPart = (wide: readonly unknown[], narrow: readonly unknown[]): boolean => {
  const known = new Set(wide.map(plain));
  return all(narrow, (value) => known.has(plain(value)));
};
const isLanguagePart = (wide: readonly string[], narrow: readonly string[]): boolean => {
  const known = wide.map((tag) => plain(tag).replaceAll("_", "-"));
  return narrow.every((tag) => {
    const own = plain(tag).replaceAll("_", "-");
    return known.some((it) => own === it || own.startsWith(`${it}-`));
  });
};

type Given = { given: boolean };
type Least = { atLeast: number };
type Value = Given | Least | readonly unknown[];

/** True if every value that fits `narrow` fits `wide`, too: of one attribute, or of one part of a customer's contact. */
function isValuePart(wide: Value, narrow: Value): boolean {
  if ("given" in wide) return "given" in narrow ? wide.given === narrow.given : wide.given;
  if ("given" in narrow) return false;
  if ("atLeast" in wide) {
    const least = "atLeast" in narrow ? [narrow.atLeast] : narrow;
    return all(least, (value) => typeof value === "number" && value >= wide.atLeast);
  }
  return "atLeast" in narrow ? false : isPart(wide, narrow);
}

function areValuesPart(wide: object, narrow: object): boolean {
  const known = new Map<string, Value>(Object.entries(narrow));
  return Object.entries(wide).every(([name, value]) => {
    const own = known.get(name);
    return own !== undefined && isValuePart(value, own);
  });
}

const atLeast = (wide: Least, narrow: Least): boolean => narrow.atLeast >= wide.atLeast;
const below = (wide: { below: number }, narrow: { below: number }): boolean => narrow.below <= wide.below;

/** One test per key of a condition: true if everything that fits `narrow` fits `wide`, too. */
const PARTS: { [K in Key]-?: (wide: Wanted<K>, narrow: Wanted<K>) => boolean } = {
  event: isPart,
  text: (wide, narrow) => isPart(wide.contains, narrow.contains),
  intent: isPart,
  contentType: isPart,
  channel: isPart,
  language: isLanguagePart,
  confidence: below,
  sentiment: below,
  share: below,
  fallbacks: atLeast,
  errors: atLeast,
  messages: atLeast,
  minutes: atLeast,
  attributes: areValuesPart,
  customer: areValuesPart,
  hours: (wide, narrow) => wide === narrow,
  handoffs: (wide, narrow) => atLeast(wide, narrow) && narrow.withinHours <= wide.withinHours,
  sinceHandBack: (wide, narrow) => narrow.belowMinutes <= wide.belowMinutes,
};

function isKeyPart(key: Key, wide: Condition, narrow: Condition): boolean {
  if (wide[key] === undefined) return true;
  const isPartOf = PARTS[key] as (wide: unknown, narrow: unknown) => boolean;
  return narrow[key] !== undefined && isPartOf(wide[key], narrow[key]);
}

/** True: wherever `narrow` holds, `wide` does, too. False: it may not, as far as the two alone tell. */
export const covers = (wide: Condition, narrow: Condition): boolean =>
  (Object.keys(PARTS) as Key[]).every((key) => isKeyPart(key, wide, narrow));

/** Each of the narrow conditions is covered by one of the wide ones. */
export const coverAll = (wide: readonly Condition[], narrow: readonly Condition[]): boolean =>
  narrow.every((one) => wide.some((other) => covers(other, one)));

/** Least values of the keys that ask for less than a value: nothing is below them. */
const LEAST = { confidence: 0, sentiment: -1, share: 0 } as const;

/** Names the key by which a condition cannot hold for any event; null: it can. */
export function impossibleKey(condition: Condition): Key | null {
  for (const key of Object.keys(LEAST) as (keyof typeof LEAST)[]) {
    if (condition[key] !== undefined && condition[key].below <= LEAST[key]) return key;
  }
  // A new session begins with no failures.
  const isStart = condition.event?.every((type) => type === "session.started") === true;
  if (isStart && condition.fallbacks !== undefined) return "fallbacks";
  return isStart && condition.errors !== undefined ? "errors" : null;
}
