/** The part of an outcome that a reviewer reads: no nulls, nothing empty, and no echo of the script. Pure. */
import { z } from "zod";
import type { SampleOutcome } from "./run-in-memory.ts";

/** Outcome of a run: a running service shows its answers, sessions and handoffs only. */
type Seen = Partial<SampleOutcome> & Pick<SampleOutcome, "answers" | "handoffs">;

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const isEmpty = (value: unknown): boolean =>
  value === null ||
  value === undefined ||
  (Array.isArray(value) && value.length === 0) ||
  (isObject(value) && Object.keys(value).length === 0);

/** Drops nulls and whatever is empty, at any depth; an array keeps its length. */
function withoutEmpty(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutEmpty);
  if (!isObject(value)) return value;
  const kept = Object.entries(value).map(([name, part]) => [name, withoutEmpty(part)] as const);
  return Object.fromEntries(kept.filter(([, part]) => !isEmpty(part)));
}

/** Lists the values of a body by their names. */
const fieldsOf = (body: unknown, prefix = ""): string[] =>
  isObject(body)
    ? Object.entries(body).flatMap(([name, value]) => fieldsOf(value, prefix === "" ? name : `${prefix}.${name}`))
    : [`${prefix}${prefix === "" ? "" : ": "}${typeof body === "string" ? body : JSON.stringify(body)}`];

const API = "/ccaas/1";
const NOTE = /\/notes$/;
type Call = SampleOutcome["calls"][number];

/** A call as one line: method, path, a status that is not 200, and the fields of its body. A note stands by itself. */
function lineOf({ call, status, body }: Call): string {
  const [method = "", path = ""] = call.split(" ");
  const isNote = method === "POST" && NOTE.test(path);
  const fields = isEmpty(body) || isNote ? [] : fieldsOf(body);
  const answered = status === 200 ? [] : [`-> ${status ?? "no answer"}`];
  const place = `${method} ${path.replace(API, "")}`;
  return [place, ...answered, ...(fields.length === 0 ? [] : [` ${fields.join(", ")}`])].join(" ");
}

const noteSchema = z.object({ content: z.string() });
const notesOf = (calls: readonly Call[]): string[][] =>
  calls.flatMap(({ call, body }) => {
    const note = NOTE.test(call) && call.startsWith("POST ") ? noteSchema.safeParse(body) : null;
    return note?.success ? [note.data.content.split("\n")] : [];
  });

const shownSchema = z.looseObject({ id: z.string() });

/** Drops what the handoff of an answer, or of a callback, says anyway. */
function withoutEcho(data: Record<string, unknown>, handoffs: readonly unknown[]): Record<string, unknown> {
  const shown = handoffs.map((it) => shownSchema.parse(it)).find(({ id }) => id === data.handoffId);
  if (shown === undefined) return data;
  const { bot: _, ...rest } = data;
  return Object.fromEntries(Object.entries(rest).filter(([name, value]) => !ECHOED.has(name) || value !== shown[name]));
}
const ECHOED = new Set(["session", "reason", "conversationId"]);

const standingSchema = z.object({ control: z.string(), handoff: z.string().nullable(), state: z.string().nullable() });

/** An answer to a post, or the sessions after another turn. */
function answerOf(answer: unknown, handoffs: readonly unknown[]): unknown {
  if (!isObject(answer)) return answer;
  const { status, body, sessions, ...others } = answer;
  const standing = Object.entries(isObject(sessions) ? sessions : {}).map(([name, it]) => {
    const { control, handoff, state } = standingSchema.parse(it);
    return [name, handoff === null ? control : `${control}, ${handoff} ${state}`];
  });
  return withoutEmpty({
    ...(status !== undefined && status !== 200 && { status }),
    ...(isObject(body) ? withoutEcho(body, handoffs) : { body }),
    ...Object.fromEntries(standing),
    ...others,
  });
}

/** Reasonable ends of a step, which the calls show. */
const isPlain = (name: string, state: unknown): boolean =>
  state === "done" || (name === "sweep" && state === "skipped");

function handoffOf(handoff: unknown): unknown {
  if (!isObject(handoff)) return handoff;
  const { flow: _, reason, steps, ...shown } = handoff;
  const open = Object.entries(isObject(steps) ? steps : {}).filter(([name, state]) => !isPlain(name, state));
  return withoutEmpty({
    ...shown,
    ...(reason !== shown.rule && { reason }),
    steps: Object.fromEntries(open),
  });
}

/** Returns the outcome as its sample states it: whole, or the part that a reviewer reads. */
export function expectedOf(outcome: Seen, isWhole: boolean): Record<string, unknown> {
  if (isWhole) return { ...outcome };
  const { answers, calls = [], pushes, callbacks, events = [], handoffs } = outcome;
  const decisions = events.flatMap(({ type, rule }) => (rule === null ? [] : [`${type}: ${rule}`]));
  const parts = {
    decisions,
    calls: calls.map(lineOf),
    notes: notesOf(calls),
    pushes,
    callbacks: (callbacks ?? []).map(({ type, data }) => withoutEmpty({ type, ...withoutEcho(data, handoffs) })),
    handoffs: handoffs.map(handoffOf),
  };
  return {
    answers: answers.map((answer) => answerOf(answer, handoffs)),
    ...Object.fromEntries(Object.entries(parts).filter(([, part]) => !isEmpty(part))),
  };
}
