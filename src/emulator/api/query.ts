import { ok, type Result } from "../../result.ts";
import { parseDate } from "../state/dates.ts";
import { type Refusal, refuse } from "../state/errors.ts";

/** Tells whether a filter is absent or names the value. A repeated filter means any of its values. */
export function admits(query: URLSearchParams, name: string, value: string | boolean | null): boolean {
  const wanted = query.getAll(name);
  return wanted.length === 0 || (value !== null && wanted.includes(String(value)));
}

/** Does the same for an item with several values; one match is enough. */
export function admitsAny(query: URLSearchParams, name: string, values: readonly string[]): boolean {
  const wanted = query.getAll(name);
  return wanted.length === 0 || values.some((value) => wanted.includes(value));
}

/**
 * Tells whether a name contains the filter, in any case. Documented for agents and working hours; a guess for tags and queues.
 */
export function admitsPart(query: URLSearchParams, name: string, value: string): boolean {
  const wanted = query.get(name);
  return wanted === null || value.toLowerCase().includes(wanted.toLowerCase());
}

/** Refuses a filter with a value that its enum does not have. */
export function checkEnums(
  query: URLSearchParams,
  enums: Readonly<Record<string, readonly string[]>>,
): Result<undefined, Refusal> {
  const wrong = Object.entries(enums).filter(([name, values]) => query.getAll(name).some((it) => !values.includes(it)));
  if (wrong.length === 0) return ok(undefined);
  const fields = wrong.map(([name, values]): [string, string[]] => [name, [`must be one of ${values.join(", ")}`]]);
  return refuse({ reason: "invalid", fields: Object.fromEntries(fields) });
}

interface Dated {
  createdAt?: number | null;
  updatedAt?: number | null;
  closedAt?: number | null;
}

/** Builds the filter of `createdAfter`, `createdBefore` and their like. Both bounds are exclusive. */
export function timeWindow(
  query: URLSearchParams,
  names: readonly ("created" | "updated" | "closed")[],
): Result<(item: Dated) => boolean, Refusal> {
  const bounds: { property: keyof Dated; after: boolean; ms: number }[] = [];
  for (const name of names) {
    for (const side of ["After", "Before"] as const) {
      const text = query.get(`${name}${side}`);
      if (text === null) continue;
      const ms = parseDate(text);
      if (ms === null) return refuse({ reason: "invalid", fields: { [`${name}${side}`]: ["must be a valid date"] } });
      bounds.push({ property: `${name}At`, after: side === "After", ms });
    }
  }
  return ok((item) =>
    bounds.every(({ property, after, ms }) => {
      const at = item[property];
      return typeof at === "number" && (after ? at > ms : at < ms);
    }),
  );
}
