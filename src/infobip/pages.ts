import { mapOk, type Outcome, unknown } from "./outcome.ts";

export interface Page<Item> {
  items: Item[];
  /** The guide shows pages without it. */
  pagination: { totalItems: number; limit: number } | null | undefined;
}

/** More pages than this mean that the query was wrong. */
const MAX_PAGES = 1_000;

/**
 * Reads every page to the end, each item once: pages count by position, so an item moves to the next page when another comes in
 * before it. The first outcome that is not ok ends the whole; a list is never returned in part.
 */
export async function readAllPages<Item>(
  limit: number,
  identify: (item: Item) => string,
  readPage: (page: number) => Promise<Outcome<Page<Item>>>,
): Promise<Outcome<Item[]>> {
  const found = new Map<string, Item>();
  let ms = 0;
  for (let page = 0; ; page += 1) {
    const outcome = await readPage(page);
    ms += outcome.call.ms;
    const call = { ...outcome.call, ms };
    if (outcome.kind !== "ok") return { ...outcome, call };
    for (const item of outcome.value.items) found.set(identify(item), item);
    if (isLast(outcome.value, page, limit)) return { ...mapOk(outcome, () => [...found.values()]), call };
    if (page + 1 >= MAX_PAGES) return { ...unknown("unreadable", "a list without an end"), call };
  }
}

/**
 * The platform may use a smaller limit than requested, and then a page that is short by ours is full by its own. Its count may be
 * older than its pages: an empty page is the end, whatever the count says.
 */
function isLast({ items, pagination }: Page<unknown>, page: number, asked: number): boolean {
  if (items.length === 0) return true;
  if (pagination == null) return items.length < asked;
  return (page + 1) * Math.min(asked, pagination.limit) >= pagination.totalItems;
}
