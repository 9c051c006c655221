/** Replaces ids by names, since ids differ from run to run. */

/** Maps every string in a value, keys of objects included. */
export function mapStrings(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === "string") return change(value);
  if (Array.isArray(value)) return value.map((item) => mapStrings(item, change));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [change(key), mapStrings(item, change)]));
}

/** Maps the ids of one run to names, and back. */
export function createNaming() {
  const names = new Map<string, string>();
  const counts = new Map<string, number>();
  return {
    /** Sets a given name. */
    set(id: string, name: string): void {
      names.set(id, name);
    },
    /** Numbers an id `handoff-1`, `handoff-2` and so on, in the order of first sight. Returns its name. */
    number(id: string, kind: string): string {
      const known = names.get(id);
      if (known !== undefined) return known;
      const count = (counts.get(kind) ?? 0) + 1;
      counts.set(kind, count);
      names.set(id, `${kind}-${count}`);
      return `${kind}-${count}`;
    },
    /** Rewrites a value as samples have it: each id by its name, anywhere in a text. */
    named: (value: unknown): unknown =>
      mapStrings(value, (text) => [...names].reduce((named, [id, name]) => named.replaceAll(id, name), text)),
  };
}
export type Naming = ReturnType<typeof createNaming>;
