/**
 * Measures the parsing of a framework's payload beside that of the same events in Baton's own schema, body to events, in this
 * process.
 */
import { readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { printTable } from "../src/cli/support/print.ts";
import { parseBatch } from "../src/events/batch.ts";
import type { ParsedEvent, Source } from "../src/events/source.ts";
import { baton } from "../src/events/sources/baton.ts";
import { sources } from "../src/events/sources.ts";
import { parseBody, parsePastedBody } from "../src/http/body.ts";
import { postsOf, readSample, samplePaths } from "../src/replay/sample.ts";
import type { Options } from "./options.ts";
import { median, ratio } from "./statistics.ts";

const SAMPLES = resolve(import.meta.dirname, "../flows/retail-support/samples");
const ROUNDS = 15;
const ROUND_MS = 40;
const WARM_UP_MS = 150;

interface Reading {
  bytes: Uint8Array;
  /** Number of values in the body, objects and arrays included. */
  values: number;
  /** Returns the number of events, or a failure to count on. */
  read: () => number;
}

const countValues = (body: unknown): number =>
  typeof body === "object" && body !== null
    ? Object.values(body).reduce((sum: number, part) => sum + countValues(part), 1)
    : 1;

function reading(source: Source, body: unknown): Reading {
  const bytes = new TextEncoder().encode(typeof body === "string" ? body : JSON.stringify(body));
  const parse = (): unknown => {
    const parsed = source.isPasted ? parsePastedBody(bytes) : parseBody(bytes);
    if (!parsed.ok) throw new Error(parsed.error);
    return source.isPasted ? (parsed.value as { value: unknown }).value : parsed.value;
  };
  const read = () => {
    const items = parseBatch(source, parse(), { now: 0 });
    if (!items.ok) throw new Error(JSON.stringify(items.error));
    return items.value.length;
  };
  return { bytes, values: countValues(body), read };
}

/** Microseconds of CPU for one. */
function microseconds({ read }: Reading, forMs: number): number {
  let count = 0;
  const began = performance.now();
  const before = process.cpuUsage();
  while (performance.now() - began < forMs) {
    for (let turn = 0; turn < 20; turn += 1) read();
    count += 20;
  }
  const { user, system } = process.cpuUsage(before);
  return (user + system) / count;
}

/** Returns the event as a bot of our own schema would send it: one without an id of its own has none. */
function asSent({ event: { id, ...event }, hasSenderId }: ParsedEvent): object {
  return hasSenderId ? { id, ...event } : event;
}

/** Returns the first payload of each sample that its source accepts with an event. */
function payloadsOf(source: Source): { name: string; body: unknown }[] {
  return samplePaths(join(SAMPLES, source.name)).flatMap((path) => {
    const file = readSample(path);
    const [first] = file.ok ? postsOf(file.value.sample) : [];
    if (first === undefined || typeof first.body !== "object") return [];
    const items = parseBatch(source, first.body, { now: 0 });
    const name = path.slice(SAMPLES.length + 1).replace(/\.json$/, "");
    return items.ok && items.value.some(({ ok }) => ok) ? [{ name, body: first.body }] : [];
  });
}

export async function readSources({ rounds = ROUNDS }: Options): Promise<void> {
  const folders = readdirSync(SAMPLES, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const rows: string[][] = [];
  for (const { name: folder } of folders) {
    const source = sources.get(folder);
    if (source === undefined) continue;
    for (const { name, body } of payloadsOf(source)) {
      const items = parseBatch(source, body, { now: 0 });
      const events = items.ok ? items.value.flatMap((item) => (item.ok ? [asSent(item.value)] : [])) : [];
      const theirs = reading(source, body);
      const ours = reading(baton, events.length === 1 ? events[0] : events);
      for (const each of [theirs, ours]) microseconds(each, WARM_UP_MS);
      const found = Array.from({ length: rounds }, () => [
        microseconds(theirs, ROUND_MS),
        microseconds(ours, ROUND_MS),
      ]);
      const [own, same] = [0, 1].map((place) => median(found.map((each) => each[place] ?? Number.NaN)));
      const sizes = [theirs, ours].flatMap(({ bytes, values }) => [String(bytes.byteLength), String(values)]);
      rows.push([
        name,
        ...sizes,
        ...[own, same].map((it = 0) => `${it.toFixed(1)} µs`),
        ratio((own ?? 0) / (same ?? 1)),
        ratio(theirs.values / ours.values),
      ]);
    }
  }
  console.log(`\nReading of a payload, from its bytes to its events: CPU, medians of ${rounds} rounds in turns.`);
  printTable(
    ["sample", "bytes", "values", "bytes as ours", "values", "CPU", "as ours", "to ours", "values to ours"],
    rows,
  );
}
