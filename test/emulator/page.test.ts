import { describe, expect, it } from "vitest";
import { pageOf } from "../../src/emulator/api/page.ts";
import { settingsSchema } from "../../src/emulator/settings/settings.ts";
import { fc } from "../fuzz/fast-check.ts";
import { createAccount, refusal } from "./create-account.ts";

const settings = settingsSchema.parse({});

interface Item {
  id: number;
  name: string | null;
}

describe("pageOf", () => {
  it("gives every item exactly once over its pages, in order, whatever the limit", () => {
    const item = fc.record({ id: fc.nat(5), name: fc.option(fc.string({ maxLength: 2 })) });
    fc.assert(
      fc.property(
        fc.array(item, { maxLength: 40 }),
        fc.integer({ min: 1, max: 12 }),
        fc.constantFrom("id:asc", "id:desc", "name:asc", "name:desc"),
        (items, limit, orderBy) => {
          const seen: Item[] = [];
          for (let page = 0; page * limit < items.length; page += 1) {
            const query = new URLSearchParams({ limit: String(limit), page: String(page), orderBy });
            const list = { key: "items", items, orders: ["id", "name"], show: (one: Item) => one } as const;
            const result = pageOf<Item, "items">(query, list, settings);
            if (!result.ok) throw new Error(result.error.reason);
            seen.push(...(result.value.items as Item[]));
          }
          expect(new Set(seen)).toEqual(new Set(items));
          expect(seen).toHaveLength(items.length);
          const keys = seen.map((one) => (orderBy.startsWith("id") ? one.id : (one.name ?? "")));
          const ascending = orderBy.endsWith("asc") ? keys : keys.toReversed();
          expect(ascending.every((key, index) => index === 0 || (ascending[index - 1] ?? "") <= key)).toBe(true);
        },
      ),
      { numRuns: 200 },
    );
  });
});

describe("a list", () => {
  it("has pages of ten and starts with page 0", async () => {
    const { call, open } = createAccount();
    for (let opened = 0; opened < 12; opened += 1) await open();
    const first = await call("GET", "/conversations");
    expect(first.body.conversations).toHaveLength(10);
    expect(first.body.pagination).toEqual({ totalItems: 12, page: 0, limit: 10, orderBy: "id:ASC" });
    const rest = await call("GET", "/conversations?page=1");
    expect(rest.body.conversations).toHaveLength(2);
  });

  it("has an empty page for a limit of 0 and refuses less than that", async () => {
    const { call, open } = createAccount();
    await open();
    const none = await call("GET", "/conversations?limit=0");
    expect(none.body).toMatchObject({ conversations: [], pagination: { totalItems: 1 } });
    for (const query of ["limit=-1", "page=-1"]) {
      const refused = await call("GET", `/conversations?${query}`);
      expect(refused.status).toBe(400);
      expect(refused.body).toEqual(refusal("BAD_REQUEST", "Page size has to be bigger or equal to zero!"));
    }
  });

  it.each(["limit=1000", "limit=ten", "page=1.5", "orderBy=mood:asc", "orderBy=id:up"])("refuses %s", async (query) => {
    expect((await createAccount().call("GET", `/conversations?${query}`)).status).toBe(400);
  });

  it("leaves out its totals where set so", async () => {
    const { call } = createAccount({ settings: { withPagination: false } });
    for (const path of ["/conversations", "/tags", "/queues", "/agents", "/bots", "/routing", "/working-hours"]) {
      expect((await call("GET", path)).body).not.toHaveProperty("pagination");
    }
  });
});
