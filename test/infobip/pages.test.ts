import { describe, expect, it } from "vitest";
import type { Outcome } from "../../src/infobip/outcome.ts";
import { type Page, readAllPages } from "../../src/infobip/pages.ts";

const call = { status: 200, requestId: null, ms: 2 };
const ids = (from: number, to: number) =>
  Array.from({ length: Math.max(0, to - from) }, (_, index) => `c${from + index}`);
const ok = (items: string[], pagination?: Page<string>["pagination"]): Outcome<Page<string>> => ({
  kind: "ok",
  value: { items, pagination },
  call,
});

async function read(limit: number, answer: (page: number) => Outcome<Page<string>>) {
  let requests = 0;
  const outcome = await readAllPages<string>(
    limit,
    (item) => item,
    async (page) => {
      requests += 1;
      return answer(page);
    },
  );
  return { outcome, requests, items: outcome.kind === "ok" ? outcome.value : null };
}

describe("readAllPages", () => {
  it("stops at a short page where the platform does not count", async () => {
    const { items, requests } = await read(10, (page) => ok(ids(page * 10, Math.min(25, page * 10 + 10))));
    expect(items).toEqual(ids(0, 25));
    expect(requests).toBe(3);
  });

  it("asks once more where the last page is full and the platform does not count", async () => {
    const { items, requests } = await read(10, (page) => ok(ids(page * 10, Math.min(20, page * 10 + 10))));
    expect(items).toEqual(ids(0, 20));
    expect(requests).toBe(3);
  });

  it("needs no page more than the platform counts", async () => {
    const pagination = { totalItems: 20, limit: 10 };
    const { requests } = await read(10, (page) => ok(ids(page * 10, page * 10 + 10), pagination));
    expect(requests).toBe(2);
  });

  it("reads on where the platform takes a smaller limit than asked for", async () => {
    const { items } = await read(100, (page) =>
      ok(ids(page * 10, Math.min(25, page * 10 + 10)), { totalItems: 25, limit: 10 }),
    );
    expect(items).toEqual(ids(0, 25));
  });

  it("ends at an empty page whatever the count says", async () => {
    const { items, requests } = await read(10, (page) =>
      ok(page < 2 ? ids(page * 10, page * 10 + 10) : [], { totalItems: 99, limit: 10 }),
    );
    expect(items).toEqual(ids(0, 20));
    expect(requests).toBe(3);
  });

  it("lists an item once that moved onto the next page meanwhile", async () => {
    const { items } = await read(2, (page) => ok([["c0", "c1"], ["c1", "c2"], []][page] ?? []));
    expect(items).toEqual(["c0", "c1", "c2"]);
  });

  it("is as unknown as the first page that is, with the time of all", async () => {
    const { outcome } = await read(10, (page) =>
      page === 0 ? ok(ids(0, 10)) : { kind: "unknown", why: "timeout", retryAfterMs: null, detail: null, call },
    );
    expect(outcome).toMatchObject({ kind: "unknown", why: "timeout", call: { ms: 4 } });
  });

  it("gives up a list without an end rather than return a part of it", async () => {
    const { outcome, requests } = await read(1, (page) => ok([`c${page}`]));
    expect(outcome).toMatchObject({ kind: "unknown", why: "unreadable" });
    expect(requests).toBe(1_000);
  });
});
