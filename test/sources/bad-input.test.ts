import { describe, expect, it } from "vitest";
import { sources } from "../../src/events/sources.ts";
import { fc } from "../fuzz/fast-check.ts";
import { mutated } from "../fuzz/mutations.ts";
import { realistic } from "../fuzz/payloads.ts";
import { runs } from "../fuzz/runs.ts";
import { createDoor } from "../support/door.ts";
import { answerForms, problemForm } from "./answer-forms.ts";

type Path = readonly (string | number)[];

function pathsOf(value: unknown, path: Path = []): Path[] {
  if (typeof value !== "object" || value === null) return path.length === 0 ? [] : [path];
  const members: [string | number, unknown][] = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
  const below = members.flatMap(([key, member]) => pathsOf(member, [...path, key]));
  return path.length === 0 ? below : [path, ...below];
}

/** A copy with something else at a place; undefined: with nothing there. */
function changed(value: unknown, [key, ...rest]: Path, change: unknown): unknown {
  if (key === undefined) return change;
  if (Array.isArray(value)) return value.map((it, index) => (index === key ? changed(it, rest, change) : it));
  return Object.fromEntries(
    Object.entries(value as object).map(([name, it]) => [name, name === key ? changed(it, rest, change) : it]),
  );
}

const WRONG = [undefined, null, "", 7, ["x"], { x: 1 }];

describe.each([...sources.keys()])("%s", (name) => {
  const form = answerForms[name];
  const payloads = realistic[name] ?? [];
  const door = createDoor({ botEventsPerSecond: 1_000_000 });
  // Nobody moves the clock on which an answer would wait.
  const send = (body: unknown) => door.post(`/webhooks/${name}`, body, { prefer: "respond-async" });

  /** Answered in its platform's own form, or refused as that shows it. */
  async function expectAnswered(body: unknown): Promise<void> {
    const { status, text } = await send(body);
    const about = `${JSON.stringify(body)?.slice(0, 2_000)}\n${status} ${text.slice(0, 500)}`;
    const said: unknown = JSON.parse(text);
    if (status === 200) {
      expect(form?.safeParse(said).error?.message, about).toBeUndefined();
      return;
    }
    expect(name === "rasa" ? [413, 422] : [400, 413, 422], about).toContain(status);
    expect(problemForm.safeParse(said).success, about).toBe(true);
  }

  it("is given the bodies of all other platforms", async () => {
    expect(form).toBeDefined();
    for (const [other, bodies] of Object.entries(realistic)) {
      if (other !== name) for (const body of bodies) await expectAnswered(body);
    }
  });

  it("is given its own bodies with each field removed, null or of another type", async () => {
    for (const payload of payloads) {
      await expectAnswered(payload);
      for (const path of pathsOf(payload)) {
        for (const change of WRONG) await expectAnswered(changed(payload, path, change));
      }
    }
  });

  it("is given its own bodies with a megabyte in any field", async () => {
    const [payload] = payloads;
    const long = "The kettle leaks. ".repeat(52_000);
    for (const path of pathsOf(payload).slice(0, 10)) await expectAnswered(changed(payload, path, long));
    await expectAnswered(changed(payload, pathsOf(payload)[0] ?? [], long.repeat(6)));
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
    await fc.assert(
      fc.asyncProperty(mutated(payloads), async (payload) => expectAnswered(payload)),
      runs(100),
    );
  });
});
