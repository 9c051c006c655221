/** Reads payloads as bots post them: from a file, from each line of a `.jsonl`, or from standard input. */
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { z } from "zod";
import { sources } from "../../events/sources.ts";
import { readTextFile } from "../../replay/read-text-file.ts";
import type { GivenPost } from "../../replay/run-post.ts";
import { sampleSchema } from "../../replay/sample.ts";
import { Failure } from "../support/print.ts";

export interface PostOptions {
  bot?: string;
  source?: string;
  at?: string;
}

export interface NamedPost extends GivenPost {
  /** A file, or a line of one. */
  label: string;
}

const LINES = /\.(?:jsonl|ndjson)$/i;
const FORM = /^[\w.%+-]+=[^{}]*$/;
export const isOfLines = (path: string): boolean => LINES.test(path);

/** Files of posts in a folder and all below it, sorted. */
export const linePathsIn = (path: string): string[] =>
  statSync(path).isDirectory()
    ? readdirSync(path, { recursive: true, encoding: "utf8" })
        .filter(isOfLines)
        .sort()
        .map((name) => join(path, name))
    : [];

/** A request as samples write it. */
const requestSchema = z.strictObject({
  bot: z.string().optional(),
  to: z.string().optional(),
  headers: z.record(z.string(), z.string()).default({}),
  body: z.unknown(),
});

/** The path of a source, below the bot's. */
function pathOfSource(source = "baton"): string {
  if (source === "baton" || source === "events") return "events";
  if (source === "handoffs") return source;
  if (sources.has(source)) return `webhooks/${source}`;
  throw new Failure(`There is no source '${source}'; there is ${[...sources.keys(), "handoffs"].join(", ")}.`, 2);
}

/** Undefined: the text is no JSON. */
export function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function botOf(label: string, bot: string | undefined): string {
  if (bot !== undefined) return bot;
  throw new Failure(
    `${label} does not say which bot posts it: give --bot, and --source unless it is in Baton's own schema.`,
    2,
  );
}

/** Finds the posts in a text: those of a sample, as `baton tail` writes it, or the text as one post. */
function postsIn(label: string, text: string, { bot, source, at }: PostOptions): NamedPost[] {
  const came = at === undefined ? undefined : Date.parse(at);
  if (Number.isNaN(came)) throw new Failure(`--at ${at} is no time: write one such as 2026-12-24T18:00:00+01:00.`, 2);
  const json = readJson(text);
  const isObject = typeof json === "object" && json !== null;
  if (isObject && ("script" in json || "posts" in json)) {
    const sample = sampleSchema.safeParse(json);
    // A tail reports a post that is too long without its body.
    if (!sample.success) return [];
    return sample.data.script.flatMap((turn, index): NamedPost[] => {
      if (turn.kind !== "post") return [];
      const when = index === 0 && "at" in json ? Date.parse(sample.data.at) : undefined;
      return [{ label, bot: sample.data.bot, to: turn.to, headers: turn.headers, body: turn.body, at: when }];
    });
  }
  const request =
    isObject && "body" in json && ("headers" in json || "to" in json) ? requestSchema.safeParse(json) : null;
  if (request?.success) {
    const { to = pathOfSource(source), headers, body } = request.data;
    return [{ label, bot: botOf(label, request.data.bot ?? bot), to, headers, body, at: came }];
  }
  const headers =
    json === undefined && FORM.test(text.trim()) ? { "content-type": "application/x-www-form-urlencoded" } : {};
  return [{ label, bot: botOf(label, bot), to: pathOfSource(source), headers, body: text, at: came }];
}

/** Reads each line as a post if each is JSON; otherwise the whole input is one. */
async function* readStandardInput(options: PostOptions): AsyncGenerator<NamedPost> {
  const whole: string[] = [];
  let isOfPosts: boolean | undefined;
  let count = 0;
  for await (const line of createInterface({ input: process.stdin })) {
    count += 1;
    if (line.trim() !== "") isOfPosts ??= readJson(line) !== undefined;
    if (isOfPosts === false) whole.push(line);
    else if (line.trim() !== "") yield* postsIn(`line ${count}`, line, options);
  }
  if (whole.length > 0) yield* postsIn("standard input", whole.join("\n"), options);
}

/** `-` is standard input. */
export async function* readPosts(paths: readonly string[], options: PostOptions): AsyncGenerator<NamedPost> {
  for (const path of paths) {
    if (path === "-") yield* readStandardInput(options);
    else if (!isOfLines(path)) yield* postsIn(path, readTextFile(path), options);
    else {
      const lines = readTextFile(path).split("\n");
      for (const [index, line] of lines.entries()) {
        if (line.trim() !== "") yield* postsIn(`${path}:${index + 1}`, line, options);
      }
    }
  }
}
