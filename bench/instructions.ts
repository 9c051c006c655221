/**
 * Counts the work of the served process for an event and for a handoff. Other processes on the machine do not affect the count.
 */
import { Agent } from "undici";
import { printTable } from "../src/cli/support/print.ts";
import { handingOver, telling } from "./bot-requests.ts";
import { type Counter, createCounter } from "./counters.ts";
import { atOnce } from "./load.ts";
import type { Options } from "./options.ts";
import { type Running, startBaton, startByHand, startStandIn } from "./process.ts";
import { median, ratio } from "./statistics.ts";

const ROUNDS = 5;

interface Course {
  send: (url: string, dispatcher: Agent) => () => Promise<void>;
  /** Few if each is slow: the platform must answer within its time limit. */
  atOnce: number;
  /** Enough for the compiler to have seen the code. */
  warmUp: number;
  count: number;
}
const EVENT: Course = { send: telling, atOnce: 16, warmUp: 6_000, count: 300 };
const HANDOFF: Course = { send: handingOver, atOnce: 2, warmUp: 600, count: 30 };
/** Factor if counting slows nothing down. */
const MORE = 20;

/** A compiler at work and a garbage collection only ever add: the least value is the work itself. */
interface Counted {
  least: number;
  middle: number;
}

async function perOne(counter: Counter, running: Running, course: Course, rounds: number): Promise<Counted | null> {
  const dispatcher = new Agent({ connections: course.atOnce });
  const send = course.send(running.url, dispatcher);
  const count = course.count * (counter.isSlow ? 1 : MORE);
  try {
    await atOnce(course.atOnce, course.warmUp * (counter.isSlow ? 1 : 2), () => send());
    // The start of a slow counter is slowest, so a platform may seem silent. These requests do not count.
    await counter.count(running, () => atOnce(course.atOnce, 10, () => send().catch(() => undefined)));
    if (counter.isSlow) await new Promise((done) => setTimeout(done, 5_000));
    const found: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const counted = await counter.count(running, () => atOnce(course.atOnce, count, () => send()));
      if (counted === null) return null;
      found.push(counted / count);
    }
    return { least: Math.min(...found), middle: median(found) };
  } finally {
    await dispatcher.destroy();
  }
}

export async function instructions({ rounds = ROUNDS, counter: asked }: Options): Promise<void> {
  const platform = await startStandIn();
  const floorOf = (program: string) => (under: readonly string[]) =>
    startByHand(program, { PLATFORM_URL: platform.url, COMMITS: "group" }, under);
  const works = [
    { name: "an event", course: EVENT, floor: floorOf("floor.ts") },
    { name: "a handoff", course: HANDOFF, floor: floorOf("handoff-floor.ts") },
  ];
  const rows: string[][] = [];
  const counted = async (start: (under: readonly string[]) => Promise<Running>, course: Course) => {
    const counter = createCounter(asked);
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
      const shown = (it: Counted | null): string[] =>
        [it?.least, it?.middle].map((value) => (value === undefined ? "-" : Math.round(value).toLocaleString("en")));
      const to = own.found === null || least.found === null ? "-" : ratio(own.found.least / least.found.least);
      rows.push([`${name}, ${course.atOnce} at once`, ...shown(own.found), ...shown(least.found), to]);
      if (rows.length === 1) console.log(`\nThe work for one: ${own.counter.name}; ${rounds} rounds.`);
    }
    printTable(["", "Baton, least", "median", "floor, least", "median", "to the floor"], rows);
  } finally {
    await platform.stop();
  }
}
