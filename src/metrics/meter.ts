/** Counts in memory while Baton works: plain numbers, which `exposition.ts` renders when somebody asks. */
import { type Counters, counters, type Histograms, histograms, type LabelsOf } from "./catalogue.ts";

export interface Meter {
  count<N extends keyof Counters>(name: N, labels: LabelsOf<Counters[N]>, by?: number): void;
  observe<N extends keyof Histograms>(name: N, labels: LabelsOf<Histograms[N]>, seconds: number): void;
}

/** For a place whose counts nobody can read. */
export const silentMeter: Meter = { count: () => undefined, observe: () => undefined };

type Labels = Readonly<Record<string, string>>;

/** Different values of one label; and label sets of one metric. Beyond them a value is shown as `OTHER`. */
const MOST_VALUES = 200;
const MOST_SERIES = 2_000;
export const OTHER = "other";

interface Series<Cell> {
  labels: Labels;
  cell: Cell;
}

/** The label sets that begin with the same values. One key of all values would be built, and hashed, at every count. */
interface Level<Cell> {
  next: Map<string, Level<Cell>>;
  cell: Cell | null;
}

/** The label sets of one metric, bounded whatever comes. */
function createSeries<Cell>(names: readonly string[], newCell: () => Cell) {
  const all: Series<Cell>[] = [];
  const newLevel = (): Level<Cell> => ({ next: new Map(), cell: null });
  const root = newLevel();
  const known = new Map(names.map((name) => [name, new Set<string>()]));

  function find(labels: Labels): Cell | null {
    let level = root;
    for (const name of names) {
      const next = level.next.get(labels[name] ?? OTHER);
      if (next === undefined) return null;
      level = next;
    }
    return level.cell;
  }

  function put(labels: Labels, cell: Cell): void {
    let level = root;
    for (const name of names) {
      const value = labels[name] ?? OTHER;
      const next = level.next.get(value) ?? newLevel();
      level.next.set(value, next);
      level = next;
    }
    level.cell = cell;
    all.push({ labels, cell });
  }

  function bounded(name: string, value: string, isFull: boolean): string {
    const values = known.get(name) ?? new Set();
    if (isFull || (!values.has(value) && values.size >= MOST_VALUES)) return OTHER;
    values.add(value);
    return value;
  }

  function add(given: Labels): Cell {
    const isFull = all.length >= MOST_SERIES;
    const labels = Object.fromEntries(names.map((name) => [name, bounded(name, given[name] ?? OTHER, isFull)]));
    const folded = find(labels);
    if (folded !== null) return folded;
    const cell = newCell();
    put(labels, cell);
    return cell;
  }

  return { at: (labels: Labels): Cell => find(labels) ?? add(labels), all: (): Iterable<Series<Cell>> => all };
}

export interface Distribution {
  /** Values up to each bound, and not up to the one before; the last: above all bounds. */
  counts: number[];
  sum: number;
}

/** A meter with its counts. */
export function createMeter() {
  const counting = Object.fromEntries(
    Object.entries(counters).map(([name, { labels }]) => [name, createSeries(labels, () => ({ value: 0 }))]),
  );
  const observing = Object.fromEntries(
    Object.entries(histograms).map(([name, { labels, buckets }]) => {
      const newCell = (): Distribution => ({ counts: Array.from({ length: buckets.length + 1 }, () => 0), sum: 0 });
      return [name, { buckets, series: createSeries(labels, newCell) }];
    }),
  );
  const meter: Meter = {
    count(name, labels, by = 1) {
      const cell = counting[name]?.at(labels);
      if (cell !== undefined) cell.value += by;
    },
    observe(name, labels, seconds) {
      const found = observing[name];
      if (found === undefined) return;
      const { buckets, series } = found;
      const cell = series.at(labels);
      let place = 0;
      while (place < buckets.length && seconds > (buckets[place] ?? 0)) place += 1;
      cell.counts[place] = (cell.counts[place] ?? 0) + 1;
      cell.sum += seconds;
    },
  };
  return {
    ...meter,
    counted: (name: keyof Counters): Iterable<Series<{ value: number }>> => counting[name]?.all() ?? [],
    observed: (name: keyof Histograms): Iterable<Series<Distribution>> => observing[name]?.series.all() ?? [],
  };
}
/** The exposition reads these of a meter. */
export type Counted = Pick<ReturnType<typeof createMeter>, "counted" | "observed">;
