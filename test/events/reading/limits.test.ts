import { expect, it } from "vitest";
import { toAttributes } from "../../../src/events/reading/attributes.ts";
import { createLostFields } from "../../../src/events/reading/fields.ts";
import { createNamedValues, plainName } from "../../../src/events/reading/named-values.ts";
import { readSaid, wordsOf } from "../../../src/events/reading/words.ts";

it("keeps 200 attributes, and names those beyond", () => {
  const lost: string[] = [];
  const sent = Array.from({ length: 202 }, (_, n): [string, unknown] => [`a${n}`, n]);
  expect(Object.keys(toAttributes([...sent, ["a0", "last"]], (name) => lost.push(name)))).toHaveLength(200);
  expect(lost).toEqual(["a200", "a201"]);
});

it("names the first 50 fields that are lost, and none that reads like no name", () => {
  const lost = createLostFields();
  for (let n = 0; n < 60; n += 1) lost.add(n === 0 ? "a b{c}.d" : `f${n}`);
  expect(lost.reported().leftOut).toHaveLength(50);
  expect(lost.reported().leftOut?.[0]).toBe("*.d");
});

it("finds a value by its name after any number of other names", () => {
  for (let n = 0; n < 2_100; n += 1) plainName(`Made_Up-${n}`);
  const values = createNamedValues({ Session_ID: "chat-1" }, createLostFields());
  expect(values.take(["sessionid"], (value) => String(value))).toBe("chat-1");
  expect(plainName(`${"Long_".repeat(20)}Name`)).toBe(`${"long".repeat(20)}name`);
});

it("says of a place and of a person what they are", () => {
  expect(readSaid({ latitude: 45.8, longitude: 15.9 })).toEqual({ text: "45.8, 15.9", contentType: "LOCATION" });
  const contacts = [{ name: { firstName: "Ana", lastName: "Horvat" }, phones: [{ phone: "+385911234567" }] }];
  expect(readSaid({ contacts })).toEqual({ text: "Ana Horvat +385911234567", contentType: "CONTACT" });
  expect(readSaid({})).toBeNull();
});

it("looks for words no deeper than any message has them", () => {
  let content: unknown = "hi";
  for (let depth = 0; depth < 5; depth += 1) content = { content };
  expect(wordsOf(content)).toBe("hi");
  expect(wordsOf({ content: { content } })).toBeUndefined();
});
