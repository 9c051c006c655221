/** A sample: a script of posts of a bot and other events, and the outcome that it must have. The file beside a flow is its own golden. */

import { readdirSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { z } from "zod";
import { faultSchema } from "../emulator/faults/faults.ts";
import { callbackTypes } from "../events/callback-types.ts";
import { idSchema } from "../events/event.ts";
import { statusSchema } from "../infobip/schema.ts";
import { plainIssue } from "../plain-issue.ts";
import { err, ok, type Result } from "../result.ts";
import { readTextFile } from "./read-text-file.ts";
import { availabilitySchema, type Post, sampleStepSchema } from "./sample-step.ts";

/** A conversation that exists before the first post, under its name in the payloads. */
const conversationSchema = z.strictObject({
  /** Assignee: one of the account's bots, or a person. */
  assignee: z.enum(["bot", "human"]).optional(),
  status: statusSchema.exclude(["PENDING"]).default("OPEN"),
  /** Name of the queue in which it is. */
  queue: z.string().min(1).optional(),
});

const givenSchema = z.strictObject({
  conversations: z.record(idSchema, conversationSchema).default({}),
  /** Availability of agents; all others keep the emulator's. */
  agents: availabilitySchema.default({}),
  /** Callback types that the bot gets, whatever its flow says. */
  callbacks: z.array(z.enum(callbackTypes)).min(1).optional(),
  /** Pushes of the platform: those that `baton subscribe` subscribes to, or all that the portal offers. */
  pushes: z.enum(["subscribed", "all"]).default("subscribed"),
  /** Faults of the platform, in the emulator's form. */
  faults: z.array(faultSchema).default([]),
});

const scriptSchema = z.array(sampleStepSchema).min(1);

const writtenSchema = z.strictObject({
  title: z.string().min(1),
  bot: idSchema,
  /** RFC 3339; time of the first post. */
  at: z.iso.datetime({ offset: true }).default("2026-11-23T10:00:00Z"),
  given: givenSchema.prefault({}),
  /** Everything that happens, in order. */
  script: scriptSchema.optional(),
  /** Its former name, which `baton tail` gives too. */
  posts: scriptSchema.optional(),
  /** True: `expected` has the whole outcome; otherwise the part that a reviewer reads. */
  whole: z.boolean().default(false),
  /** Absent until it is first written. */
  expected: z.unknown().optional(),
});

export const sampleSchema = writtenSchema.transform(({ posts, script = posts, ...sample }, context) => {
  if (script !== undefined) return { ...sample, script };
  context.addIssue({ code: "custom", path: ["script"], message: "must list what happens" });
  return z.NEVER;
});
export type Sample = z.infer<typeof sampleSchema>;

/** Requests of the bot in the sample. */
export const postsOf = ({ script }: Sample): Post[] => script.filter((turn) => turn.kind === "post");

export interface SampleFile {
  path: string;
  /** Content of the file, to write it back. */
  written: Record<string, unknown>;
  sample: Sample;
}

/** Stands beside the samples of a flow, and is none. */
export const SENTENCES_FILE = "sentences.json";

/** Returns the samples of a folder and all below it, sorted, or the one file. */
export function samplePaths(path: string): string[] {
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".json") && basename(name) !== SENTENCES_FILE)
    .sort()
    .map((name) => join(path, name));
}

export function readSample(path: string): Result<SampleFile, string> {
  let written: unknown;
  try {
    written = JSON.parse(readTextFile(path));
  } catch (error) {
    return err(error instanceof SyntaxError ? "is not JSON" : "cannot be read");
  }
  const parsed = sampleSchema.safeParse(written);
  if (parsed.success) return ok({ path, written: written as Record<string, unknown>, sample: parsed.data });
  const issues = parsed.error.issues.map((issue) => `${issue.path.join(".") || "(the file)"}: ${plainIssue(issue)}`);
  return err(`is not a sample ({ title, bot, script: [{ to, body }] }): ${issues.join("; ")}`);
}
