/** What the served process does for an event and for a handoff, as a figure that others on the machine do not move. */
import { Agent } from "undici";
import { printTable } from "../src/cli/print.ts";
import { handingOver, telling } from "./asking.ts";
import { bestCounter, type Counter } from "./counters.ts";
import { median, ratio } from "./figures.ts";
import { atOnce } from "./load.ts";
import type { Options } from "./options.ts";
import { type Running, startBaton, startByHand, startStandIn } from "./process.ts";

const ROUNDS = 3;

interface Course {
  send: (url: string, dispatcher: Agent) => () => Promise<void>;
  /** Few where each is slow: the platform has to be heard within its time limit. */
  atOnce: number;
  /** Enough for the compiler to have seen the way. */
  warmUp: number;
  count: number;
}
const EVENT: Course = { send: telling, atOnce: 16, warmUp: 8_000, count: 400 };
const HANDOFF: Course = { send: handingOver, atOnce: 4, warmUp: 800, count: 50 };
/** Where counting is no burden. */
const MORE = 20;

interface Counted {
  each: number;
  /** Between the rounds, of `each`. */
  spread: number;
}

async function perOne(counter: Counter, running: Running, course: Course, rounds: number): Promise<Counted | null> {
  const dispatcher = new Agent({ connections: course.atOnce });
  const send = course.send(running.url, dispatcher);
  const count = course.count * (counter.isSlow ? 1 : MORE);
  try {
    await atOnce(course.atOnce, course.warmUp * (counter.isSlow ? 1 : 2), () => send());
    const found: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const counted = await counter.count(running, () => atOnce(course.atOnce, count, () => send()));
      if (counted === null) return null;
      found.push(counted / count);
    }
    const each = median(found);
    return { each, spread: (Math.max(...found) - Math.min(...found)) / each };
  } finally {
    await dispatcher.destroy();
  }
}

export async function instructions({ rounds = ROUNDS }: Options): Promise<void> {
  const platform = await startStandIn();
  const floorOf = (program: string) => (under: readonly string[]) =>
    startByHand(program, { PLATFORM_URL: platform.url, COMMITS: "group" }, under);
  const works = [
    { name: "an event", course: EVENT, floor: floorOf("floor.ts") },
    { name: "a handoff", course: HANDOFF, floor: floorOf("handoff-floor.ts") },
  ];
  const rows: string[][] = [];
  const counted = async (start: (under: readonly string[]) => Promise<Running>, course: Course) => {
    const counter = bestCounter();
    const running = await start(counter.under);
    try {
      return { counter, found: await perOne(counter, running, course, rounds) };
    } finally {
      await running.stop();
    }
  };
  try {
    for (const { name, course, floor } of works) {
      const own = await counted((under) => startBaton(platform.url, {}, under), course);
      const least = await counted(floor, course);
      const shown = (it: Counted | null): string =>
        it === null ? "-" : `${Math.round(it.each).toLocaleString("en")} (± ${(it.spread * 50).toFixed(1)} %)`;
      const to = own.found === null || least.found === null ? "-" : ratio(own.found.each / least.found.each);
      rows.push([`${name}, ${course.atOnce} at once`, own.counter.unit, shown(own.found), shown(least.found), to]);
      if (rows.length === 1) console.log(`\nThe work for one: ${own.counter.name}; medians of ${rounds} rounds.`);
    }
    printTable(["", "in", "Baton", "floor", "to the floor"], rows);
  } finally {
    await platform.stop();
  }
}
