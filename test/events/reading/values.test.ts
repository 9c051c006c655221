/** Values in the forms that bots send them in. */
import { expect, it } from "vitest";
import { readIntent } from "../../../src/events/reading/intent.ts";
import { readSentiment } from "../../../src/events/reading/scores.ts";
import { contentTypeOf, wordsOf } from "../../../src/events/reading/words.ts";

const ignore = (): void => undefined;

it.each<[unknown, number | undefined]>([
  ["-40%", -0.4],
  [{ label: "negative" }, -1],
  [{ label: "negative", score: 0.8 }, -0.8],
  [{ label: "positive", score: -0.3 }, 1],
  [{ score: 0.25 }, 0.25],
  [{ label: "puzzled" }, undefined],
])("reads the sentiment %j", (value, read) => {
  expect(readSentiment(value, ignore)).toBe(read);
});

it.each<[unknown, unknown]>([
  [{ name: "", label: null }, null],
  [{ rank: 3 }, undefined],
  [
    { name: "order", score: "0.5" },
    { name: "order", confidence: 0.5 },
  ],
])("reads the intent %j", (value, read) => {
  expect(readIntent(value, ignore)).toEqual(read);
});

it.each<[unknown, string | undefined]>([
  [{ location: { latitude: 45.8, longitude: 16 } }, "45.8, 16"],
  [
    {
      contacts: [
        { name: "Ana", phones: ["0911"] },
        { name: { firstName: "Iva" }, phones: [{ phone: "0922" }] },
      ],
    },
    "Ana 0911, Iva 0922",
  ],
  [{ contact: { name: "Ana", phone: "0911" } }, "Ana 0911"],
  [{ subject: "Order" }, "Order"],
  [{ subject: "Order", text: "Where is it?" }, "Order\nWhere is it?"],
])("reads the words of %j", (content, words) => {
  expect(wordsOf(content)).toBe(words);
});

it.each<[unknown, string | undefined]>([
  [{ mediaUrl: "https://x.example/a" }, "FILE"],
  [{ location: {} }, "LOCATION"],
  [{ contact: {} }, "CONTACT"],
  [{ text: "x" }, undefined],
])("knows the type of %j", (content, type) => {
  expect(contentTypeOf(content)).toBe(type);
});
