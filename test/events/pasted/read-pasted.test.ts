import { describe, expect, it } from "vitest";
import { readPasted } from "../../../src/events/pasted/read-pasted.ts";
import { parseJson } from "../../../src/events/reading/json.ts";
import { fc } from "../../fuzz/fast-check.ts";

/** Bodies as authors write them, with the customer's words first, in the middle and last. */
const TEMPLATES: [before: string, behind: string][] = [
  ['{"uniqueSessionId":"u-1","displayName":"Ana","lastReceivedTextMessage":"', '","orderId":"A-1","n":12}'],
  ['{ "uniqueSessionId": "u-1",\n  "displayName": "Ana", "orderId": "A-1", "n": 12,\n  "text": "', '"\n}'],
  ['{"message":"', '","uniqueSessionId":"u-1","displayName":"Ana","orderId":"A-1","n":12,}'],
];
const fields = { uniqueSessionId: "u-1", displayName: "Ana", orderId: "A-1", n: 12 };

function read(template: readonly string[], text: string): { said: unknown; others: Record<string, unknown> } {
  const value = readPasted(template.join(text))?.value as Record<string, unknown>;
  const { lastReceivedTextMessage, text: inText, message, ...others } = value;
  return { said: lastReceivedTextMessage ?? inText ?? message, others };
}

describe.each(TEMPLATES)("a body pasted together as %s…%s", (...template) => {
  it.each([
    ...["I want my money back\nand a human", "two\r\nlines", "a\ttab", "NUL\u0000 inside", "ends in \\"],
    ...['The box said "fragile" and it broke', 'I said "agent", twice', '"quoted"', '"', 'say "hi"}', '"}', '", "'],
    ...['he wrote "a": b', 'C:\\new\\table "x"', '{"a":1}', '[1, 2] and "x"', '/* c */ "x"', '"yes", she said: "no"'],
  ])("says %j", (text) => {
    expect(read(template, text)).toEqual({ said: text, others: fields });
  });

  it("keeps the author's fields whatever a customer writes", () => {
    const words = fc.string({
      unit: fc.constantFrom(..."ab \n\t\"\\{}[],:'", "null", '","', '":"', "{{x}}"),
      maxLength: 40,
    });
    // A customer's key cannot be distinguished from an author's: text behind the words may end up in its value.
    const writesKey = /,[\s,]*"[^"]*"\s*:/;
    const [before] = template;
    const safe = Object.fromEntries(Object.entries(fields).filter(([name]) => before.includes(`"${name}"`)));
    fc.assert(
      fc.property(words, (text) => {
        expect(read(template, text).others).toMatchObject(writesKey.test(text) ? safe : fields);
      }),
      { numRuns: 500 },
    );
  });

  it.each(["uniqueSessionId", "orderId"])("does not let a customer write another %s", (name) => {
    expect(read(template, `x","${name}":"other`).others).toMatchObject(fields);
    expect(read(template, `x\n","${name}":"other","message":"y`).others).toMatchObject(fields);
  });
});

describe("readPasted", () => {
  it.each([
    ['{"s":"x","orderId":{{orderId}},"b":1}', { s: "x", orderId: "{{orderId}}", b: 1 }],
    ['{"s":"x","orderId":,"b":1}', { s: "x", orderId: null, b: 1 }],
    ['{"s":"x","orderId":A-1042}', { s: "x", orderId: "A-1042" }],
    ['{"s":"x",}', { s: "x" }],
    ['{"s":"x","text":"cut o', { s: "x", text: "cut o" }],
    ['{"s":"x\n","o":3012345678901234567}', { s: "x\n", o: "3012345678901234567" }],
    [
      '{"s":"a\n","customer":{"name":"A "B" C"},"tags":["a","b "c" d"]}',
      { s: "a\n", customer: { name: 'A "B" C' }, tags: ["a", 'b "c" d'] },
    ],
    [
      '{"s":"1","transcript":"[{"author":"user","text":"hi"}]","text":"a"}',
      { s: "1", transcript: '[{"author":"user","text":"hi"}]', text: "a" },
    ],
    ['[{"s":"a\nb"}]', { s: "a\nb" }],
  ])("reads %s", (text, value) => {
    expect(readPasted(text)).toEqual({ value, isMended: true });
  });

  it("finds nothing in what is no object", () => {
    expect(["not json", "{", '{"a"}', "{]", ""].map((text) => readPasted(text)?.value)).toEqual(
      Array(5).fill(undefined),
    );
  });

  it("reads JSON as it is", () => {
    const body = fc.dictionary(
      fc.string().filter((name) => name !== "__proto__"),
      fc.jsonValue(),
      { noNullPrototype: true },
    );
    fc.assert(
      fc.property(body, (value) => {
        const text = JSON.stringify(value);
        expect(readPasted(text)).toEqual({ value: parseJson(text), isMended: false });
      }),
    );
  });

  it("comes to an end with anything", () => {
    const text = fc.string({ unit: fc.constantFrom(...'{}[]":,\\ \na1', '{"a":"'), maxLength: 200 });
    fc.assert(
      fc.property(text, (body) => readPasted(body.trim()) !== null),
      { numRuns: 2_000 },
    );
    const started = performance.now();
    readPasted(`{"text":"${'"[{'.repeat(100_000)}`);
    readPasted(`{"text":"${'", "'.repeat(100_000)}`);
    readPasted(`{"text":${"a ,} ".repeat(100_000)}`);
    expect(performance.now() - started).toBeLessThan(5_000);
  });
});

it("reads a list that was pasted into quotes", () => {
  const body = '{"uniqueSessionId":"u-1","messages":"[{role:"user","text":"hi"}]"}';
  expect(readPasted(body)?.value).toEqual({ uniqueSessionId: "u-1", messages: [{ role: "user", text: "hi" }] });
});

it.each([
  ["a list that is closed as an object", '{"a":[}, "b":1}'],
  ["nesting without an end", `{"a":${"[".repeat(50)} "b" 'c' ${"]".repeat(50)},}`],
])("comes to an end with %s", (_, body) => {
  expect(() => readPasted(body)).not.toThrow();
});
