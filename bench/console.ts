/**
 * Measures intake beside ten open consoles and a scrape of the metrics each second, in turns with intake alone; and pages of the console, one with 50
 * handoffs, alone. A console does what its script does: it is told that something changed, and fetches its page again.
 */
import { Agent, request } from "undici";
import { printTable } from "../src/cli/support/print.ts";
import { handingOver, telling } from "./bot-requests.ts";
import { atOnce, atOnceFor } from "./load.ts";
import type { Options } from "./options.ts";
import { type Running, SECRET, startBaton, startStandIn } from "./process.ts";
import { median, ms, perSecond, ratio } from "./statistics.ts";

const ROUNDS = 15;
const ROUND_MS = 2_000;
const AT_ONCE = 64;
const CONSOLES = 10;
const HANDOFFS = 120;
const PAGES = 100;
const SCRAPE_EVERY_MS = 1_000;
/** The script of a page rests for so long after each fetch. */
const SOONEST_MS = 1_000;
const WATCHED = ["/console", "/console/handoffs", "/console/handoffs?state=routed", "/console/faults"];
const SHOWN = [
  ["Handoffs, 50 rows", "/console/handoffs"],
  ["Now", "/console"],
  ["Sessions", "/console/sessions"],
  ["Flows", "/console/flows"],
  ["Faults", "/console/faults"],
  ["Audit", "/console/audit"],
] as const;

/** Returns the cookie of an operator. */
async function signIn(url: string): Promise<string> {
  const answer = await request(`${url}/console/sign-in`, {
    method: "POST",
    headers: { origin: url, "content-type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams({ token: SECRET }).toString(),
  });
  await answer.body.dump();
  const cookie = [answer.headers["set-cookie"]].flat()[0]?.split(";")[0];
  if (cookie === undefined) throw new Error(`the sign-in was answered ${answer.statusCode}`);
  return cookie;
}

async function readText(url: string, headers: Record<string, string>, dispatcher: Agent): Promise<string> {
  const answer = await request(url, { headers, dispatcher });
  const text = await answer.body.text();
  if (answer.statusCode !== 200) throw new Error(`${url} was answered ${answer.statusCode}`);
  return text;
}

const resting = (forMs: number): Promise<void> => new Promise((done) => setTimeout(done, forMs));

/** Opens consoles, and scrapes. Returns how many pages they fetched, and closes them. */
function openConsoles(url: string, cookie: string, dispatcher: Agent): () => Promise<number> {
  const closing = new AbortController();
  const { signal } = closing;
  let pages = 0;
  async function look(path: string): Promise<void> {
    const live = await request(`${url}/console/live`, { headers: { cookie }, dispatcher, signal });
    let isTold = false;
    let isOver = false;
    const hearing = (async () => {
      for await (const chunk of live.body) isTold ||= String(chunk).includes("event: changed");
    })()
      .catch(() => undefined)
      .finally(() => {
        isOver = true;
      });
    while (!isOver) {
      if (isTold) {
        isTold = false;
        await readText(`${url}${path}`, { cookie, accept: "text/html" }, dispatcher);
        pages += 1;
        await resting(SOONEST_MS);
      } else await resting(20);
    }
    await hearing;
  }
  async function scrape(): Promise<void> {
    while (!signal.aborted) {
      await readText(`${url}/metrics`, { authorization: `Bearer ${SECRET}` }, dispatcher);
      await resting(SCRAPE_EVERY_MS);
    }
  }
  const all = [
    ...Array.from({ length: CONSOLES }, (_, index) => look(WATCHED[index % WATCHED.length] ?? "/console")),
    scrape(),
  ];
  return async () => {
    closing.abort();
    await Promise.allSettled(all);
    return pages;
  };
}

/** Intake in turns, alone and beside the consoles. */
async function measureIntake(baton: Running, cookie: string, rounds: number): Promise<void> {
  const senders = new Agent({ connections: AT_ONCE });
  const watchers = new Agent({ connections: 3 * CONSOLES });
  const tell = telling(baton.url, senders);
  const round = async () => {
    const before = baton.cpuMs();
    const { done, ms: took } = await atOnceFor(AT_ONCE, ROUND_MS, tell);
    const cpu = (baton.cpuMs() ?? Number.NaN) - (before ?? Number.NaN);
    return { rate: done / (took / 1_000), cpu: cpu / done };
  };
  await round();
  const alone: Awaited<ReturnType<typeof round>>[] = [];
  const beside: typeof alone = [];
  let pages = 0;
  for (let n = 0; n < rounds; n += 1) {
    alone.push(await round());
    const close = openConsoles(baton.url, cookie, watchers);
    beside.push(await round());
    pages += await close();
  }
  await Promise.all([senders.destroy(), watchers.destroy()]);
  const rates = (all: typeof alone): number => median(all.map(({ rate }) => rate));
  const cpus = (all: typeof alone): number => median(all.map(({ cpu }) => cpu));
  console.log(
    `\nConsole: durable events a second, ${AT_ONCE} at once, beside ${CONSOLES} open consoles and a scrape a second; medians of ${rounds} rounds of ${ROUND_MS / 1_000} s in turns.`,
  );
  printTable(
    ["", "events", "to alone", "CPU of Baton for one", "to alone", "pages a second"],
    [
      ["alone", perSecond(rates(alone)), "", ms(cpus(alone)), "", ""],
      [
        ...["beside consoles", perSecond(rates(beside)), ratio(rates(beside) / rates(alone))],
        ...[ms(cpus(beside)), ratio(cpus(beside) / cpus(alone)), (pages / ((rounds * ROUND_MS) / 1_000)).toFixed(1)],
      ],
    ],
  );
}

async function measurePages(baton: Running, cookie: string): Promise<void> {
  const dispatcher = new Agent();
  const rows: string[][] = [];
  for (const [name, path] of SHOWN) {
    const cpu: number[] = [];
    let bytes = 0;
    for (let n = -PAGES; n < PAGES; n += 1) {
      const before = baton.cpuMs() ?? Number.NaN;
      bytes = Buffer.byteLength(await readText(`${baton.url}${path}`, { cookie }, dispatcher));
      // The first ones warm up.
      if (n >= 0) cpu.push((baton.cpuMs() ?? Number.NaN) - before);
    }
    rows.push([name, ms(median(cpu)), `${(bytes / 1_000).toFixed(1)} kB`]);
  }
  await dispatcher.destroy();
  console.log(`\nPages: medians of ${PAGES}, one after the other.`);
  printTable(["", "CPU", "bytes"], rows);
}

export async function measureConsole({ rounds = ROUNDS }: Options): Promise<void> {
  const platform = await startStandIn();
  const baton = await startBaton(platform.url);
  try {
    const dispatcher = new Agent();
    const handOver = handingOver(baton.url, dispatcher);
    await atOnce(8, HANDOFFS, () => handOver());
    await dispatcher.destroy();
    const cookie = await signIn(baton.url);
    await measurePages(baton, cookie);
    await measureIntake(baton, cookie, rounds);
  } finally {
    await baton.stop();
    await platform.stop();
  }
}
