import { ok, type Result } from "../../result.ts";
import { type Refusal, refuse } from "../state/errors.ts";

const DEFAULT_SIZE = 20;
const MAX_SIZE = 100;

/** Returns a page in the form of the Subscriptions API: `results` and `paging`, chosen by `page` and `size`, newest first. */
export function resultPage<T>(
  query: URLSearchParams,
  items: Iterable<T>,
  show: (item: T) => unknown,
): Result<object, Refusal> {
  const page = Number(query.get("page") ?? 0);
  const size = Number(query.get("size") ?? DEFAULT_SIZE);
  if (!Number.isInteger(page) || page < 0) {
    return refuse({ reason: "invalid", fields: { page: ["must be greater than or equal to 0"] } });
  }
  if (!Number.isInteger(size) || size < 1 || size > MAX_SIZE) {
    return refuse({ reason: "invalid", fields: { size: [`must be between 1 and ${MAX_SIZE}`] } });
  }
  const all = [...items].reverse();
  const results = all.slice(page * size, (page + 1) * size).map(show);
  const paging = { page, size, totalPages: Math.ceil(all.length / size), totalResults: all.length };
  return ok({ results, paging });
}
