import { PAGE_LIMIT_MAX } from "../../infobip/schema.ts";
import { ok, type Result } from "../../result.ts";
import type { EmulatorSettings } from "../settings/settings.ts";
import { type Refusal, refuse } from "../state/errors.ts";

const DEFAULT_LIMIT = 10;
const INTEGER = /^-?\d{1,15}$/;

interface Order<T> {
  property: keyof T & string;
  descending: boolean;
}

interface List<T, K extends string> {
  key: K;
  items: Iterable<T>;
  /** Fields that orderBy may name; the first is the default. */
  orders: readonly [keyof T & string, ...(keyof T & string)[]];
  show: (item: T) => unknown;
}

function integer(query: URLSearchParams, name: string, fallback: number): Result<number, Refusal> {
  const text = query.get(name) ?? String(fallback);
  if (!INTEGER.test(text)) return refuse({ reason: "invalid", fields: { [name]: ["must be an integer"] } });
  return Number(text) < 0 ? refuse({ reason: "bad-page" }) : ok(Number(text));
}

function orderOf<T>(text: string | null, orders: List<T, string>["orders"]): Result<Order<T>, Refusal> {
  const [name = "", direction = "asc", ...rest] = (text ?? "").split(":");
  const property = text === null ? orders[0] : orders.find((one) => one === name);
  const isKnown = /^(asc|desc)$/i.test(direction) && rest.length === 0;
  return property === undefined || !isKnown
    ? refuse({ reason: "invalid", fields: { orderBy: ["must be <property>:asc or <property>:desc"] } })
    : ok({ property, descending: direction.toLowerCase() === "desc" });
}

function compare(a: unknown, b: unknown): number {
  if (a === b) return 0;
  if (a === null || a === undefined) return -1;
  if (b === null || b === undefined) return 1;
  return a < b ? -1 : 1;
}

/** Returns the page of a list that `limit`, `page` and `orderBy` name. Equal items keep their order, so pages never overlap. */
export function pageOf<T, K extends string>(
  query: URLSearchParams,
  { key, items, orders, show }: List<T, K>,
  { withPagination }: EmulatorSettings,
): Result<Record<string, unknown>, Refusal> {
  const limit = integer(query, "limit", DEFAULT_LIMIT);
  if (!limit.ok) return limit;
  if (limit.value > PAGE_LIMIT_MAX) {
    return refuse({ reason: "invalid", fields: { limit: [`must be less than or equal to ${PAGE_LIMIT_MAX}`] } });
  }
  const page = integer(query, "page", 0);
  if (!page.ok) return page;
  const order = orderOf<T>(query.get("orderBy"), orders);
  if (!order.ok) return order;

  const { property, descending } = order.value;
  const sign = descending ? -1 : 1;
  const sorted = [...items].sort((a, b) => sign * compare(a[property], b[property]));
  const start = page.value * limit.value;
  const pagination = {
    totalItems: sorted.length,
    page: page.value,
    limit: limit.value,
    // The documented examples send it in lower case and get it in upper case.
    orderBy: `${property}:${descending ? "DESC" : "ASC"}`,
  };
  return ok({ [key]: sorted.slice(start, start + limit.value).map(show), ...(withPagination && { pagination }) });
}
