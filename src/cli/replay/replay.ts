import { existsSync, writeFileSync } from "node:fs";
import { relative } from "node:path";
import { flowsByBot } from "../../escalation/flow.ts";
import { describeDifferences } from "../../replay/compare.ts";
import { expectedOf } from "../../replay/expected-outcome.ts";
import { runInMemory } from "../../replay/run-in-memory.ts";
import { readSample, type Sample, type SampleFile, samplePaths } from "../../replay/sample.ts";
import { formatSample } from "../../replay/write-sample.ts";
import { bad, Failure, faint, good } from "../support/print.ts";
import { projectFlows } from "../support/project-flows.ts";
import { trustedUrl } from "../support/service-url.ts";
import { createLivePlayer } from "./live-player.ts";
import { isOfLines, linePathsIn, type PostOptions } from "./read-posts.ts";
import { replayPosts, replayPostsLive } from "./replay-posts.ts";
import { coloured, summary } from "./show-outcome.ts";

interface ReplayOptions extends PostOptions {
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

/** Sorts the input: samples, and paths of bots' posts. */
function readAll(path: string, { bot }: PostOptions): { files: SampleFile[]; posts: string[] } {
  if (path === "-") return { files: [], posts: [path] };
  if (!existsSync(path)) throw new Failure(`${path} does not exist.`, 2);
  if (isOfLines(path)) return { files: [], posts: [path] };
  const files: SampleFile[] = [];
  const posts = linePathsIn(path);
  for (const it of samplePaths(path)) {
    const file = readSample(it);
    if (file.ok) files.push(file.value);
    else if (bot !== undefined) posts.push(it);
    else
      throw new Failure(
        `${it} ${file.error}. A payload as a bot posts it needs --bot, and --source unless it is in Baton's own schema.`,
        2,
      );
  }
  if (files.length + posts.length === 0) throw new Failure(`${path} holds neither samples nor payloads.`, 2);
  return { files, posts };
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

function showWouldPost({ bot, script }: Sample, url: string): void {
  for (const turn of script) {
    if (turn.kind !== "post") {
      console.log(faint(`      not posted: ${turn.kind}`));
      continue;
    }
    const { to, body } = turn;
    console.log(`      POST ${new URL(`/v1/bots/${encodeURIComponent(bot)}/${to}`, url)}`);
    console.log(faint(`      ${typeof body === "string" ? body : JSON.stringify(body)}`));
  }
}

/** Gives the script of a file its present name. */
const withScript = (written: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(written).map(([name, part]) => [name === "posts" ? "script" : name, part]));

/** Plays samples and compares their outcomes with the expected ones; shows the outcomes of payloads. */
export async function replay(path: string, options: ReplayOptions) {
  const { against, dryRun = false, update = false, json = false } = options;
  if (against !== undefined && update)
    throw new Failure("--update rewrites from this project's flows: leave --against out.", 2);
  if (against !== undefined && !URL.canParse(against))
    throw new Failure("--against must be an address, as http://127.0.0.1:8787.", 2);
  const { files, posts } = readAll(path, options);
  const flows = flowsByBot(await projectFlows());
  const onService = against === undefined || dryRun ? null : createLivePlayer(trustedUrl(against));
  if (posts.length > 0) {
    if (update) throw new Failure("--update writes into samples, which payloads are not: see baton tail.", 2);
    const show = (sample: Sample): null => {
      showWouldPost(sample, against ?? "");
      return null;
    };
    if (against === undefined) await replayPosts(posts, flows, { ...options, json });
    else await replayPostsLive(posts, flows, { ...options, json }, onService ?? show);
    if (files.length === 0) return;
  }
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
    const played = await (onService === null ? runInMemory(sample, flow) : onService(sample, flow));
    if (typeof played === "string") {
      say(`${faint("skip")}  ${name}  ${played}`);
      replayed.push({ path: file.path, title: sample.title, outcome: null, difference: null, skipped: played });
      continue;
    }
    const outcome = { ...played };
    const seen = expectedOf(played, sample.whole);
    const expected = comparable(sample.expected, seen);
    const isLive = onService !== null && expected !== undefined;
    const difference = isLive
      ? describeDifferences(withoutFurtherNotes(expected), withoutFurtherNotes(seen))
      : describeDifferences(expected, seen);
    const isWritten = difference !== null && update && !dryRun;
    if (isWritten) writeFileSync(file.path, formatSample({ ...withScript(file.written), expected: seen }));
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
