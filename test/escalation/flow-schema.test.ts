import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { expect, it } from "vitest";
import { flows } from "../../flows/index.ts";
import { flowJsonSchema } from "../../src/escalation/flow-schema.ts";
import { valid } from "./given.ts";

const FILE = resolve(import.meta.dirname, "../../docs/flow.schema.json");
const isFlow = new Ajv2020({ strict: false, validateFormats: false }).compile(flowJsonSchema());

it("is current: npx baton flows schema > docs/flow.schema.json", () => {
  expect(readFileSync(FILE, "utf8")).toBe(`${JSON.stringify(flowJsonSchema(), null, 2)}\n`);
});

it.each(flows.map((flow) => [flow.name, JSON.parse(JSON.stringify(flow)) as object]))("holds for %s", (_, flow) => {
  isFlow(flow);
  expect(isFlow.errors ?? []).toEqual([]);
});

it.each<[string, object, boolean]>([
  ["a text", { message: "One moment." }, true],
  ["a list of texts", { message: ["{{customer.name}}, one moment.", "One moment."] }, true],
  ["texts by language", { message: { en: "One moment.", de: ["Moment."] } }, true],
  ["one condition", { rules: [{ reason: "r", when: { language: "de" }, unless: [{ channel: ["SMS"] }] }] }, true],
  ["hours of the account", { hours: { workingHoursId: "1" } }, true],
  ["a misspelt key", { mesage: "One moment." }, false],
  ["a misspelt condition", { rules: [{ reason: "r", when: { txt: "x" } }] }, false],
  ["a number for a text", { message: 5 }, false],
  ["hours without a week", { hours: { timeZone: "UTC" } }, false],
])("judges %s as an author writes it", (_, more, isRight) => {
  expect(isFlow({ ...valid, ...more })).toBe(isRight);
});
