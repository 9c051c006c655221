/** Sentences that customers say to a flow's bot: some must hand over, and some must not. */
import { existsSync } from "node:fs";
import { z } from "zod";
import { decide } from "../escalation/decide.ts";
import type { Flow } from "../escalation/flow.ts";
import { isSchedule, nextOpening } from "../escalation/hours.ts";
import { noFacts } from "../events/facts.ts";
import { err, ok, type Result } from "../result.ts";
import { readTextFile } from "./read-text-file.ts";

const sentencesSchema = z.strictObject({
  /** By the reason of the handoff. */
  handsOver: z.record(z.string(), z.array(z.string().min(1)).min(1)),
  doesNot: z.array(z.string().min(1)),
});
export type Sentences = z.infer<typeof sentencesSchema>;

const NONE: Sentences = { handsOver: {}, doesNot: [] };

/** Reads `sentences.json` of a flow's folder; a flow needs none. */
export function readSentences(path: string): Result<Sentences, string> {
  if (!existsSync(path)) return ok(NONE);
  let written: unknown;
  try {
    written = JSON.parse(readTextFile(path));
  } catch {
    return err("is not JSON");
  }
  const parsed = sentencesSchema.safeParse(written);
  return parsed.success ? ok(parsed.data) : err("must have the shape { handsOver: { reason: [...] }, doesNot: [...] }");
}

export interface Said {
  text: string;
  /** The reason with which it must hand over; null: it must not. */
  wanted: string | null;
  /** The reason with which it does. */
  reason: string | null;
}

export const isRight = ({ wanted, reason }: Said): boolean => wanted === reason;

/** One sentence about a sentence that came out wrong. */
export function describeWrong({ text, wanted, reason }: Said): string {
  if (wanted === null) return `“${text}” hands over (${reason}), and must not`;
  return `“${text}” must hand over (${wanted}), and ${reason === null ? "does not" : `does as ${reason}`}`;
}

/** Decides about each sentence as the first message of a chat, within the flow's hours. A suggestion is no handoff. */
export function saySentences(flow: Flow, { handsOver, doesNot }: Sentences, now: number): Said[] {
  const at = flow.hours !== undefined && isSchedule(flow.hours) ? (nextOpening(flow.hours, now) ?? now) : now;
  const subject = { bot: flow.bots[0] ?? "", session: "sentence", conversationId: null, facts: noFacts };
  const reasonOf = (text: string): string | null => {
    const event = { type: "customer.message", id: "sentence", session: subject.session, at: "", text } as const;
    const { escalation } = decide(flow, subject, { ...event, at: new Date(at).toISOString() }, at);
    return escalation === null || escalation.course === "suggest" ? null : escalation.reason;
  };
  const all = [
    ...Object.entries(handsOver).flatMap(([wanted, texts]) => texts.map((text) => ({ text, wanted }))),
    ...doesNot.map((text) => ({ text, wanted: null })),
  ];
  return all.map((one) => ({ ...one, reason: reasonOf(one.text) }));
}
