/** Replays payloads as bots post them, and shows the answer, the decision and the calls of each. */
import { z } from "zod";
import type { Flow } from "../../escalation/flow.ts";
import { createPostRunner, type PostRun } from "../../replay/run-post.ts";
import type { SampleRun } from "../../replay/run-sample.ts";
import { type Sample, sampleSchema } from "../../replay/sample.ts";
import { bad, doubtful, Failure, faint, good, printJson } from "../support/print.ts";
import { type NamedPost, type PostOptions, readJson, readPosts } from "./read-posts.ts";

const whySchema = z.array(z.object({ key: z.string(), expected: z.unknown(), saw: z.unknown() }));
const leftOutSchema = z.array(z.string());

function printEvents({ events, status }: PostRun): void {
  if (events.length === 0) {
    console.log(
      status < 300 ? "  nothing new: it says nothing that Baton uses, or was known" : "  nothing is kept of it",
    );
  }
  for (const { type, session, rule, why, leftOut } of events) {
    const decided = rule === null ? "no rule holds" : good(rule);
    console.log(`  ${type} of ${session}: ${decided}`);
    for (const { key, expected, saw } of whySchema.safeParse(why).data ?? []) {
      console.log(faint(`      because ${key} ${JSON.stringify(expected)}, saw ${JSON.stringify(saw)}`));
    }
    const lost = leftOutSchema.safeParse(leftOut).data ?? [];
    if (lost.length > 0) console.log(`      left out: ${lost.join(", ")}`);
  }
}

function printPlayed({ label, bot, to }: NamedPost, played: PostRun): void {
  const { status, answer, calls } = played;
  console.log(`${label}  ${faint(`POST /v1/bots/${bot}/${to}`)}`);
  console.log(`  ${status < 300 ? good(String(status)) : bad(String(status))} ${JSON.stringify(answer)}`);
  printEvents(played);
  for (const { call, status: answered, body } of calls) {
    console.log(`  ${call} ${answered ?? "no answer"}${body == null ? "" : faint(` ${JSON.stringify(body)}`)}`);
  }
}

/** Uses one service for each flow, so that a chat continues from post to post. */
export async function replayPosts(
  paths: readonly string[],
  flows: ReadonlyMap<string, Flow>,
  options: PostOptions & { json: boolean },
): Promise<void> {
  const runners = new Map<string, ReturnType<typeof createPostRunner>>();
  const all: object[] = [];
  let refused = 0;
  try {
    for await (const post of readPosts(paths, options)) {
      const flow = flows.get(post.bot);
      if (flow === undefined) throw new Failure(`${post.label} is of bot '${post.bot}', which no flow has.`, 2);
      const runner = runners.get(flow.name) ?? createPostRunner(flow, post.at ?? Date.now());
      runners.set(flow.name, runner);
      const played = await runner.play(post);
      if (played.status >= 300) refused += 1;
      const { label, bot, to } = post;
      all.push({ label, bot, to, ...played });
      if (!options.json) printPlayed(post, played);
    }
  } finally {
    for (const runner of runners.values()) await runner.stop();
  }
  if (options.json) printJson(all);
  else if (all.length === 0) console.log(doubtful("There is nothing to replay."));
  if (refused > 0) throw new Failure(`${refused} of ${all.length} posts were refused.`);
}

/** Posts them to a running service, in new sessions. The posts of one bot are sent one after the other. */
export async function replayPostsLive(
  paths: readonly string[],
  flows: ReadonlyMap<string, Flow>,
  { json, ...options }: PostOptions & { json: boolean },
  play: (sample: Sample, flow: Flow) => Promise<Omit<SampleRun, "named"> | string> | null,
): Promise<void> {
  const byBot = new Map<string, NamedPost[]>();
  for await (const post of readPosts(paths, options)) byBot.set(post.bot, [...(byBot.get(post.bot) ?? []), post]);
  const all: object[] = [];
  let refused = 0;
  for (const [bot, posts] of byBot) {
    const flow = flows.get(bot);
    if (flow === undefined) throw new Failure(`${posts[0]?.label} is of bot '${bot}', which no flow has.`, 2);
    // Sessions in JSON can be found, and replaced by new ones.
    const given = posts.map(({ to, headers, body }) => ({
      to,
      headers,
      body: (typeof body === "string" ? readJson(body) : undefined) ?? body,
    }));
    const sample = sampleSchema.parse({ title: "payloads", bot, at: new Date().toISOString(), script: given });
    const outcome = await play(sample, flow);
    if (typeof outcome === "string") throw new Failure(`The payloads of ${bot} are not posted: ${outcome}.`);
    const answers = z.array(z.object({ status: z.number(), body: z.unknown() })).parse(outcome?.answers ?? []);
    for (const [index, { status, body }] of answers.entries()) {
      const { label = "", to = "" } = posts[index] ?? {};
      if (status >= 300) refused += 1;
      all.push({ label, bot, to, status, answer: body });
      if (json) continue;
      console.log(`${label}  ${faint(`POST /v1/bots/${bot}/${to}`)}`);
      console.log(`  ${status < 300 ? good(String(status)) : bad(String(status))} ${JSON.stringify(body)}`);
    }
  }
  if (json) printJson(all);
  if (refused > 0) throw new Failure(`${refused} of ${all.length} posts were refused.`);
}
