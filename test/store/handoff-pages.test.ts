import { describe, expect, it } from "vitest";
import { type Handoff, type HandoffState, handoffStateSchema } from "../../src/model/handoff.ts";
import { firstIdOf } from "../../src/store/handoff-ids.ts";
import { createSqliteRecord } from "../../src/store/sqlite/sqlite-store.ts";
import type { SessionRecord } from "../../src/store/store.ts";
import type { HandoffFilter } from "../../src/store/tables/handoffs/handoff-pages.ts";
import { fc } from "../fuzz/fast-check.ts";
import { ledgerOf } from "./store-contract.ts";

const BEGIN = 1_800_000_000_000;
const MINUTE_MS = 60_000;
const idAt = (at: number, n: number): string => `${firstIdOf(at)}${String(n).padStart(16, "0")}`;

const bots = ["one", "two"];
const flows = ["f", "g"];
const reasons = ["asked", "lost", "unhappy"];
const tags = ["t", "u", "v"];
const { options: states } = handoffStateSchema;

const anything = fc.record({
  bot: fc.constantFrom(...bots),
  flow: fc.constantFrom(...flows),
  reason: fc.constantFrom(...reasons),
  tags: fc.subarray(tags),
  later: fc.option(fc.subarray(tags)),
  state: fc.constantFrom(...states),
  isLate: fc.boolean(),
  afterMs: fc.integer({ min: 0, max: 3 * MINUTE_MS }),
});
const maybe = <T>(values: readonly T[]) => fc.option(fc.constantFrom(...values), { nil: undefined });
const filters = fc.record({
  bot: maybe(bots),
  flow: maybe(flows),
  reason: maybe(reasons),
  tag: maybe(tags),
  state: maybe(states),
  isLate: fc.constantFrom(true, undefined),
  openedFrom: fc.option(fc.integer({ min: BEGIN, max: BEGIN + 20 * MINUTE_MS }), { nil: undefined }),
  openedUntil: fc.option(fc.integer({ min: BEGIN, max: BEGIN + 20 * MINUTE_MS }), { nil: undefined }),
});

const isFound = (handoff: Handoff, filter: HandoffFilter): boolean =>
  (["bot", "flow", "reason", "state"] as const).every(
    (key) => filter[key] === undefined || filter[key] === handoff[key],
  ) &&
  (filter.tag === undefined || handoff.decision.tags.includes(filter.tag)) &&
  (filter.openedFrom === undefined || handoff.createdAt >= filter.openedFrom) &&
  (filter.openedUntil === undefined || handoff.createdAt <= filter.openedUntil) &&
  (!filter.isLate || (handoff.alertedAt !== null && ["pending", "routed"].includes(handoff.state)));

/** Follows the cursor to the end. */
function walk(
  record: Pick<SessionRecord, "read">,
  filter: HandoffFilter,
  limit: number,
): { ids: string[]; pages: number } {
  const ids: string[] = [];
  let pages = 0;
  for (let before: string | undefined; ; ) {
    const { handoffs, next } = record.read((t) => t.handoffs.page({ ...filter, before }, limit));
    expect(handoffs.length).toBeLessThanOrEqual(limit);
    ids.push(...handoffs.map(({ id }) => id));
    pages += 1;
    if (next === null) return { ids, pages };
    before = next;
  }
}

/** A handoff of a session of its own. */
async function open(record: SessionRecord, n: number, at: number, more: Partial<Handoff>, its: readonly string[]) {
  return record.commit((t) => {
    const session = t.sessions.open(more.bot ?? "one", `s${n}`, at);
    const { handoff } = ledgerOf(session.id, idAt(at, n));
    const opened = { ...handoff, session: session.session, createdAt: at, ...more };
    t.handoffs.add({ handoff: { ...opened, decision: { ...handoff.decision, tags: [...its] } }, steps: [] });
    return t.handoffs.byId(opened.id);
  });
}

describe("a search for handoffs", () => {
  it("finds all that match, the newest first, over pages of any size, and counts them by state", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(anything, { maxLength: 12 }),
        fc.array(filters, { minLength: 8, maxLength: 8 }),
        fc.integer({ min: 1, max: 4 }),
        async (given, searches, limit) => {
          const record = createSqliteRecord(":memory:");
          const kept: Handoff[] = [];
          let at = BEGIN;
          record.read((t) => t.overview.countStates());
          for (const [n, { bot, flow, reason, tags: its, later, state, isLate, afterMs }] of given.entries()) {
            at += afterMs;
            const opened = await open(record, n, at, { bot, flow, reason }, its);
            if (opened === null) throw new Error("a handoff was not opened");
            const handoff: Handoff = {
              ...opened,
              state,
              dueAt: null,
              updatedAt: at,
              alertedAt: isLate ? at : null,
              decision: later === null ? opened.decision : { ...opened.decision, tags: later },
            };
            await record.commit((t) => t.handoffs.save(handoff, opened));
            kept.push(handoff);
          }
          const check = (left: readonly Handoff[]): void => {
            for (const filter of searches) {
              const wanted = left.filter((handoff) => isFound(handoff, filter)).map(({ id }) => id);
              expect(walk(record, filter, limit).ids, JSON.stringify(filter)).toEqual(wanted.toReversed());
            }
            const of = (state: HandoffState): number => left.filter((it) => it.state === state).length;
            const counted = states.filter((it) => it !== "returned").map((it): [HandoffState, number] => [it, of(it)]);
            expect(record.read((t) => t.overview.countStates())).toEqual(new Map(counted));
          };
          check(kept);
          const times = { before: at + 1, untoldSince: at + 1, now: at + 1 };
          await record.commit((t) => t.retention.forget({ ...times, accountOf: () => null, limit: 1_000 }));
          check(kept.filter(({ state }) => state !== "returned" && state !== "cancelled"));
          await record.close();
        },
      ),
      { numRuns: 60 },
    );
  });

  it("looks through a bounded number at once where matches are rare, and its cursor goes on", async () => {
    const record = createSqliteRecord(":memory:");
    const count = 2_500;
    const rare = new Set([3, 1_600]);
    for (let n = 0; n < count; n += 1) {
      const its = rare.has(n) || n % 2 === 0 ? ["t"] : [];
      await open(record, n, BEGIN + n, { reason: rare.has(n) || n % 2 === 1 ? "lost" : "asked" }, its);
    }
    const { ids, pages } = walk(record, { reason: "lost", tag: "t" }, 50);
    expect(ids).toEqual([idAt(BEGIN + 1_600, 1_600), idAt(BEGIN + 3, 3)]);
    // Half of them have the tag, as many the reason.
    expect(pages).toBe(2);
    await record.close();
  });

  it("asks the index of the fewest: what is rare is found on one page among many", async () => {
    const record = createSqliteRecord(":memory:");
    for (let n = 0; n < 2_500; n += 1) await open(record, n, BEGIN + n, { reason: n === 0 ? "lost" : "asked" }, ["t"]);
    for (const filter of [
      { reason: "lost", tag: "t", bot: "shop-assistant", flow: "retail-support" },
      { reason: "lost" },
    ]) {
      expect(walk(record, filter, 50)).toEqual({ ids: [idAt(BEGIN, 0)], pages: 1 });
    }
    await record.close();
  });
});
