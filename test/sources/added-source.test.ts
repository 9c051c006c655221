/** A source is one file, its samples and its page. This one is added without a change anywhere else. */
import { resolve } from "node:path";
import { expect, it } from "vitest";
import { sources } from "../../src/events/sources.ts";
import { readSample } from "../../src/replay/sample.ts";
import { makeCalls } from "../docs/page.ts";
import { realistic } from "../fuzz/payloads.ts";
import { createServedDoor } from "../support/served.ts";
import { SECRET } from "../support/world.ts";
import { expectAnswers } from "./expect-answers.ts";
import { parrot } from "./parrot/parrot.ts";

const FOLDER = resolve(import.meta.dirname, "parrot");
const withParrot = new Map([...sources, [parrot.name, parrot]]);
const served = () => createServedDoor({ sources: withParrot });

it("its samples are answered as they expect", async () => {
  const file = readSample(resolve(FOLDER, "asks.json"));
  if (!file.ok) throw new Error(file.error);
  await expectAnswers(file.value.sample, await served());
});

it("the calls of its page are answered as it says", async () => {
  const door = await served();
  await makeCalls(resolve(FOLDER, "parrot.md"), door.url);
  expect(door.conversations()).toHaveLength(1);
});

it("the description of the interface names it", async () => {
  const document = await (await fetch(`${(await served()).url}/openapi.json`)).text();
  expect(document).toContain('"parrot"');
});

it("bodies of other platforms get an answer in its form", async () => {
  const door = await served();
  for (const body of Object.values(realistic).map(([first]) => first)) {
    const answer = await fetch(`${door.url}/v1/bots/shop-assistant/webhooks/parrot`, {
      method: "POST",
      headers: { authorization: `Bearer ${SECRET}`, "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    const said = (await answer.json()) as object;
    expect([200, 413, 422]).toContain(answer.status);
    expect(Object.keys(said)[0]).toMatch(/^(perch|feathers)$/);
  }
});
