import { describe, expect, it } from "vitest";
import type { Look } from "../../src/alerts/look.ts";
import { MOST_EACH, reconcile } from "../../src/alerts/reconcile.ts";
import { type Alert, type Condition, subjectOf } from "../../src/model/alert.ts";

const parked = (handoffId: string, count = 1): Condition => ({
  code: "handoff-parked",
  bot: "shop",
  account: "default",
  handoffId,
  count,
});
const look = (conditions: Condition[], isWhole = true): Look => ({
  code: "handoff-parked",
  conditions,
  isWhole,
  isListed: true,
});
const many = (from: number, count: number) => Array.from({ length: count }, (_, n) => parked(`h${from + n}`));
const idOf = (it: Condition) => `id-${subjectOf(it)}`;
const found = (open: readonly Alert[], it: Look, now = 1) => reconcile(open, it, now, idOf);
const opened = (count: number): Alert[] => found([], look(many(0, count))).opened;

describe("reconcile", () => {
  it("opens one alert a subject, and none again while it is open", () => {
    const { opened: first } = found([], look([parked("a"), parked("b")]));
    expect(first).toMatchObject([
      { handoffId: "a", since: 1, overAt: null, told: null },
      { handoffId: "b", since: 1 },
    ]);
    expect(found(first, look([parked("a"), parked("b")]), 2)).toEqual({ opened: [], over: [], counted: [] });
    expect(found(first, look([parked("a"), parked("c")]), 2)).toMatchObject({
      opened: [{ handoffId: "c", since: 2 }],
      over: [{ handoffId: "b", overAt: 2 }],
    });
  });

  it("does not touch alerts of another code", () => {
    const other: Alert = { ...(opened(1)[0] as Alert), code: "handoff-late" };
    expect(found([other], look([]))).toEqual({ opened: [], over: [], counted: [] });
  });

  it("makes one alert with a count of those beyond the most that each have their own", () => {
    const all = opened(MOST_EACH + 30);
    expect(all).toHaveLength(MOST_EACH + 1);
    expect(all.at(-1)).toMatchObject({ handoffId: null, bot: null, count: 30 });
    expect(found(all, look(many(0, MOST_EACH + 40)), 2)).toMatchObject({
      opened: [],
      over: [],
      counted: [{ handoffId: null, count: 40 }],
    });
  });

  it("keeps those beyond in their one alert until none of them is left", () => {
    const all = opened(MOST_EACH + 30);
    const fewer = found(all, look(many(10, MOST_EACH + 20)), 2);
    expect(fewer.over.map(({ handoffId }) => handoffId)).toEqual(many(0, 10).map(({ handoffId }) => handoffId));
    expect(fewer).toMatchObject({ opened: [], counted: [] });
    const none = found(all, look(many(0, MOST_EACH)), 2);
    expect(none.over).toMatchObject([{ handoffId: null, overAt: 2 }]);
  });

  it("ends nothing for a list that is not whole", () => {
    const all = opened(2);
    expect(found(all, look([parked("z")], false), 2)).toMatchObject({ over: [], opened: [{ handoffId: "z" }] });
  });

  it("counts the callbacks of a handoff anew", () => {
    const [first] = found([], look([parked("a", 1)])).opened;
    expect(found([first as Alert], look([parked("a", 3)])).counted).toMatchObject([{ handoffId: "a", count: 3 }]);
  });
});
