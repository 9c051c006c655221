import { existsSync, writeFileSync } from "node:fs";
import { relative } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type Flow, flowsByBot } from "../../escalation/flow.ts";
import { isWorking, nothingKnown } from "../../escalation/hours.ts";
import { differences } from "../../replay/compare.ts";
import { play } from "../../replay/play.ts";
import { rehearse } from "../../replay/rehearse.ts";
import { readSample, type Sample, type SampleFile, samplePaths } from "../../replay/sample.ts";
import { deskOverHttp } from "../demo/desk-over-http.ts";
import { secretsOfBots } from "../support/bot-secrets.ts";
import { bad, Failure, faint, good } from "../support/print.ts";
import { projectFlows } from "../support/project-flows.ts";
import { trustedUrl } from "../support/service-url.ts";
import { accountClient } from "./account.ts";

interface ReplayOptions {
  against?: string;
  dryRun?: boolean;
  update?: boolean;
  json?: boolean;
}

/** Result of one sample; `skipped` is the reason for not playing it. */
interface Replayed {
  path: string;
  title: string;
  outcome: Record<string, unknown> | null;
  difference: string | null;
  skipped: string | null;
}

/** Longest wait for a handoff on a running service. After it the sample is compared as it is. */
const SETTLE_MS = 10_000;
const LOOK_EVERY_MS = 100;
/** Longer pauses are the point of a sample. */
const SKIPPED_PAUSE_S = 30;

function readAll(path: string): SampleFile[] {
  if (!existsSync(path)) throw new Failure(`${path} does not exist.`, 2);
  const files = samplePaths(path).map((it) => {
    const file = readSample(it);
    if (!file.ok) throw new Failure(`${it} ${file.error}`, 2);
    return file.value;
  });
  if (files.length === 0) throw new Failure(`${path} holds no sample.`, 2);
  return files;
}

/** True if people act in the sample. */
const needsDesk = ({ posts }: Sample): boolean => posts.some(({ kind }) => kind === "desk" || kind === "written");

/**
 * Reason why a sample cannot be played on a running service: its clock cannot be moved, and not everything can be done at its
 * platform.
 */
function needsMore(sample: Sample, { hours }: Flow, hasDesk: boolean): string | null {
  const { posts, given } = sample;
  if (posts.some(({ afterSeconds }) => (afterSeconds ?? 0) > SKIPPED_PAUSE_S)) return "it needs time to pass";
  if (posts.some(({ kind }) => kind === "push")) return "it has pushes of its own time";
  if (posts.some(({ kind }) => kind === "agents") || Object.keys(given.agents).length > 0) {
    return "it says which agents are there";
  }
  if (given.faults.length > 0) return "it needs a platform in trouble";
  if (needsDesk(sample) && !hasDesk) return "it needs the desk of an emulator inside the service";
  const isOpenAt = (at: number): boolean => isWorking(hours, at, nothingKnown);
  const isAsNow = isOpenAt(Date.parse(sample.at)) === isOpenAt(Date.now());
  return isAsNow ? null : "its opening hours are not now's";
}

/** Plays samples on the service at `url`, in sessions of their own. A string is the reason for not playing one. */
function createPlayer(url: string) {
  const secrets = secretsOfBots();
  const run = Date.now().toString(36);
  const clients = new Map<string, ReturnType<typeof accountClient>>();
  const clientOf = (account: string) => {
    const client = clients.get(account) ?? accountClient(account, url);
    clients.set(account, client);
    return client;
  };
  const request = async (path: string, init: RequestInit): Promise<Response> => {
    try {
      return await fetch(new URL(path, url), init);
    } catch {
      throw new Failure(`No Baton answers at ${url}.`);
    }
  };
  let played = 0;

  return async (sample: Sample, flow: Flow): Promise<Record<string, unknown> | string> => {
    const secret = secrets.get(sample.bot)?.[0];
    if (secret === undefined) return "BOT_SECRETS has no secret of its bot";
    const desk = needsDesk(sample) ? await deskOverHttp(url) : null;
    const reason = needsMore(sample, flow, desk !== null);
    if (reason !== null) return reason;
    played += 1;
    const headers = { authorization: `Bearer ${secret}` };
    const isAtPlatform = desk !== null || Object.keys(sample.given.conversations).length > 0;
    const handoffs = `/v1/bots/${encodeURIComponent(sample.bot)}/handoffs`;
    const { named, ...outcome } = await play(sample, {
      request,
      secret,
      begin: async () => undefined,
      act: async (deed, id) => {
        const isWork = deed.kind === "desk" || deed.kind === "written";
        if (desk === null || !isWork) throw new Error("a sample that needs more than a bot was not skipped");
        return desk(deed, id);
      },
      client: isAtPlatform ? await clientOf(flow.account) : null,
      // Only a virtual clock makes these pauses short; their events come in order without them.
      pause: async () => undefined,
      settled: async (ids) => {
        const until = Date.now() + SETTLE_MS;
        for (const id of ids) {
          while (Date.now() < until) {
            const shown = (await (await request(`${handoffs}/${id}`, { headers })).json()) as { state?: string };
            if (shown.state !== "pending") break;
            await sleep(LOOK_EVERY_MS);
          }
        }
      },
      suffix: `${run}-${played}`,
    });
    return outcome;
  };
}

/** A further note is written some time after its words; a sample that is played at once does not wait for it. */
const FURTHER_NOTE = /^note:further/;
const withoutFurtherNotes = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value), (_, part: unknown) =>
    typeof part === "object" && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).filter(([name]) => !FURTHER_NOTE.test(name)))
      : part,
  );

/** Reduces an expected outcome to the parts that this outcome has. */
function comparable(expected: unknown, outcome: Record<string, unknown>): unknown {
  if (typeof expected !== "object" || expected === null) return expected;
  return Object.fromEntries(Object.entries(expected).filter(([part]) => part in outcome));
}

function showWouldPost({ bot, posts }: Sample, url: string): void {
  for (const turn of posts) {
    if (turn.kind !== "post") {
      console.log(faint(`      not posted: ${turn.kind}`));
      continue;
    }
    const { to, body } = turn;
    console.log(`      POST ${new URL(`/v1/bots/${encodeURIComponent(bot)}/${to}`, url)}`);
    console.log(faint(`      ${typeof body === "string" ? body : JSON.stringify(body)}`));
  }
}

const coloured = (patch: string): string =>
  patch
    .split("\n")
    .map((line) => (line.startsWith("+") ? good(line) : line.startsWith("-") ? bad(line) : line))
    .join("\n");

/** Summarises handoffs and calls in a few words. */
function summary(outcome: Record<string, unknown> | null): string {
  if (outcome === null) return "";
  const handoffs = outcome.handoffs as { reason: string; state: string }[];
  const said = handoffs.map(({ reason, state }) => `${reason}, ${state}`).join("; ") || "no handoff";
  return Array.isArray(outcome.calls) ? `${said} (${outcome.calls.length} calls)` : said;
}

/** Plays samples and compares their outcomes with the expected ones. */
export async function replay(path: string, { against, dryRun = false, update = false, json = false }: ReplayOptions) {
  if (against !== undefined && update)
    throw new Failure("--update rewrites from this project's flows: leave --against out.", 2);
  if (against !== undefined && !URL.canParse(against))
    throw new Failure("--against must be an address, as http://127.0.0.1:8787.", 2);
  const files = readAll(path);
  const flows = flowsByBot(await projectFlows());
  const onService = against === undefined || dryRun ? null : createPlayer(trustedUrl(against));
  const width = Math.max(...files.map((file) => relative(".", file.path).length));
  const say = json ? () => undefined : (line: string) => console.log(line);

  const replayed: Replayed[] = [];
  for (const file of files) {
    const { sample } = file;
    const name = relative(".", file.path).padEnd(width);
    const flow = flows.get(sample.bot);
    if (flow === undefined) throw new Failure(`${file.path} is of bot '${sample.bot}', which no flow has.`, 2);
    if (against !== undefined && dryRun) {
      say(`post  ${name}  ${sample.title}`);
      if (!json) showWouldPost(sample, against);
      continue;
    }
    const played = await (onService === null ? rehearse(sample, flow) : onService(sample, flow));
    if (typeof played === "string") {
      say(`${faint("skip")}  ${name}  ${played}`);
      replayed.push({ path: file.path, title: sample.title, outcome: null, difference: null, skipped: played });
      continue;
    }
    const outcome = { ...played };
    const expected = comparable(sample.expected, outcome);
    const isLive = onService !== null && expected !== undefined;
    const difference = isLive
      ? differences(withoutFurtherNotes(expected), withoutFurtherNotes(outcome))
      : differences(expected, outcome);
    const isWritten = difference !== null && update && !dryRun;
    if (isWritten) writeFileSync(file.path, `${JSON.stringify({ ...file.written, expected: outcome }, null, 2)}\n`);
    const mark = difference === null ? good("ok  ") : isWritten ? "new " : bad("DIFF");
    say(`${mark}  ${name}  ${summary(outcome)}`);
    replayed.push({ path: file.path, title: sample.title, outcome, difference, skipped: null });
  }

  if (json) printReplayed(replayed);
  const different = replayed.filter(({ difference }) => difference !== null);
  const [first] = different;
  if (first === undefined || (update && !dryRun)) {
    const skipped = replayed.filter((it) => it.skipped !== null).length;
    const played =
      dryRun && against !== undefined ? "nothing was posted" : update ? `${different.length} rewritten` : "as expected";
    say(`\n${files.length} samples: ${played}${skipped > 0 ? `, ${skipped} skipped` : ""}`);
    return;
  }
  say(`\n${first.path}\n${coloured(first.difference ?? "")}`);
  throw new Failure(
    `${different.length} of ${files.length} samples lead to something else than they expect; the first is shown.`,
  );
}

const printReplayed = (replayed: readonly Replayed[]): void => console.log(JSON.stringify(replayed, null, 2));
