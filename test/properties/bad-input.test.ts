import { describe, expect, it } from "vitest";
import { parseBatch } from "../../src/events/batch.ts";
import { eventSchema } from "../../src/events/event.ts";
import type { EventAnswer, ProblemDocument } from "../../src/events/source.ts";
import { toSourceAnswer } from "../../src/events/source-answer.ts";
import { sources } from "../../src/events/sources.ts";
import { problemOfEvent } from "../../src/http/problem.ts";
import { fc } from "../fuzz/fast-check.ts";
import { mutated } from "../fuzz/mutations.ts";
import { realistic } from "../fuzz/payloads.ts";
import { runs } from "../fuzz/runs.ts";
import { answerForms, problemForm } from "../sources/answer-forms.ts";
import { createDoor } from "../support/door.ts";

type Path = readonly (string | number)[];

function pathsOf(value: unknown, path: Path = []): Path[] {
  if (typeof value !== "object" || value === null) return path.length === 0 ? [] : [path];
  const members: [string | number, unknown][] = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
  const below = members.flatMap(([key, member]) => pathsOf(member, [...path, key]));
  return path.length === 0 ? below : [path, ...below];
}

const patternOf = (path: Path): string => path.map((key) => (typeof key === "number" ? "*" : key)).join(".");

/** One path to each field, whatever number of list members has it. */
const fieldsOf = (payload: unknown): Path[] => [
  ...new Map(pathsOf(payload).map((path) => [patternOf(path), path])).values(),
];

/** Keeps one payload of each set of fields. */
const differing = (payloads: readonly unknown[]): unknown[] => [
  ...new Map(payloads.map((payload) => [fieldsOf(payload).map(patternOf).sort().join(), payload])).values(),
];

/** Copies a value with something else at a place; undefined: with nothing there. */
function changed(value: unknown, [key, ...rest]: Path, change: unknown): unknown {
  if (key === undefined) return change;
  if (Array.isArray(value)) return value.map((it, index) => (index === key ? changed(it, rest, change) : it));
  return Object.fromEntries(
    Object.entries(value as object).map(([name, it]) => [name, name === key ? changed(it, rest, change) : it]),
  );
}

const WRONG = [undefined, null, "", "x", 7, ["x"], { x: 1 }];
const LONG = "The kettle leaks. ".repeat(52_000);
const now = Date.parse("2026-11-23T10:00:00Z");

/** Every answer that the core may give to an event. */
const controls = ["bot", "queue", "agent", "nobody", null];
const said: EventAnswer[] = controls.flatMap((control, index) =>
  [null, "I am passing you to a colleague."].map((message) => ({
    outcome: (["accepted", "duplicate", "ignored"] as const)[index % 3] ?? "accepted",
    control,
    handoffId: message === null ? null : "01M8F9VQ2BQ85D02KWX94VTZKR",
    handoffState: message === null ? null : "routed",
    reason: message === null ? null : "customer-asked",
    conversationId: index % 2 === 0 ? null : "832EE6AFF752868A978D89DD71183D74",
    message,
    ...(index === 1 && { leftOut: ["attributes.a", "id"] }),
  })),
);

describe.each([...sources.values()])("$name", (source) => {
  const { name } = source;
  const form = answerForms[name];
  const payloads = realistic[name] ?? [];
  const door = createDoor({ botEventsPerSecond: 1_000_000 });
  // The clock on which an answer would wait does not move.
  const send = (body: unknown) => door.post(`/webhooks/${name}`, body, { prefer: "respond-async" });
  const allowed = name === "rasa" ? [413, 422] : [400, 413, 422];

  /** Sends it over HTTP: the answer has its platform's own form, or is a refusal in that form. */
  async function expectAnswered(body: unknown): Promise<void> {
    const { status, text } = await send(body);
    const about = `${JSON.stringify(body)?.slice(0, 2_000)}\n${status} ${text.slice(0, 500)}`;
    const answer: unknown = JSON.parse(text);
    if (status === 200) {
      expect(form?.safeParse(answer).error?.message, about).toBeUndefined();
      return;
    }
    expect(allowed, about).toContain(status);
    expect(problemForm.safeParse(answer).success, about).toBe(true);
  }

  let turn = 0;

  /** Reads it as the route does: it gives valid events, and an answer in the platform's form; or a refusal. */
  function expectRead(body: unknown, sent: unknown = JSON.parse(JSON.stringify(body) ?? "null")): void {
    const items = parseBatch(source, sent, { now });
    const about = () => JSON.stringify(body)?.slice(0, 2_000);
    if (!items.ok) {
      const problem = problemOfEvent(items.error.issues);
      const refusal = source.refusal?.(problem) ?? { status: problem.status, body: problem };
      if (!allowed.includes(refusal.status) || !problemForm.safeParse(refusal.body).success) expect.fail(about());
      return;
    }
    for (const item of items.value) {
      if (item.ok && !eventSchema.safeParse(item.value.event).success) expect.fail(about());
    }
    const answersWith = (answer: EventAnswer): (EventAnswer | ProblemDocument)[] =>
      items.value.map((item) => (item.ok ? answer : problemOfEvent(item.error.issues)));
    const isSilent = items.value.length === 0;
    turn += 1;
    const core = said[turn % said.length] as EventAnswer;
    const answers = !isSilent ? answersWith(core) : source.answer === undefined ? [core] : [];
    const answer = form?.safeParse(JSON.parse(JSON.stringify(toSourceAnswer(source, sent, answers))));
    if (!answer?.success) expect.fail(`${about()}\n${answer?.error.message}`);
  }

  it("is given the bodies of all other platforms", async () => {
    expect(form).toBeDefined();
    for (const [other, bodies] of Object.entries(realistic)) {
      if (other === name) continue;
      for (const body of bodies) expectRead(body);
      for (const body of bodies.slice(0, 1)) await expectAnswered(body);
    }
  });

  it("is given its own bodies with each field removed, null or of another type", async () => {
    let place = 0;
    for (const payload of payloads) await expectAnswered(payload);
    for (const payload of differing(payloads)) {
      for (const path of fieldsOf(payload)) {
        for (const change of WRONG) expectRead(changed(payload, path, change));
        // Sends one of them over HTTP, another one at each place.
        place += 1;
        if (place % 8 === 0) await expectAnswered(changed(payload, path, WRONG[(place / 8) % WRONG.length]));
      }
    }
  });

  it("is given its own bodies with a megabyte in any field", async () => {
    const [payload] = payloads;
    const paths = fieldsOf(payload);
    for (const path of paths.slice(0, 15)) {
      const long = changed(payload, path, LONG);
      expectRead(long, long);
    }
    for (const path of paths.slice(0, 1)) await expectAnswered(changed(payload, path, LONG));
    await expectAnswered(changed(payload, paths[0] ?? [], LONG.repeat(6)));
  });

  it("is given no body, no JSON and half of its own", async () => {
    const whole = JSON.stringify(payloads[0]);
    for (const body of [
      "",
      "null",
      "[]",
      "{}",
      "7",
      '"x"',
      "<x/>",
      "x=1",
      "\u0000",
      whole.slice(0, -2),
      whole.slice(0, 40),
    ]) {
      await expectAnswered(body);
    }
  });

  it("is given its own bodies with any mistakes", async () => {
    fc.assert(
      fc.property(mutated(payloads), (payload) => expectRead(payload)),
      runs(40),
    );
    await fc.assert(fc.asyncProperty(mutated(payloads), expectAnswered), runs(6));
  });
});
