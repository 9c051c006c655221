/** Scores as bots and models give them. */
import { isAbsent } from "./absent.ts";
import type { Reader } from "./fields.ts";
import { isRecord } from "./scalars.ts";

/** Rounding may push a score this far over its bounds. */
const ROUNDING = 1e-3;

/** A number, or a text that is one: a decimal comma and a percent sign are read. */
export function readNumber(value: unknown): { number: number; isPercent: boolean } | undefined {
  if (typeof value === "number") return Number.isFinite(value) ? { number: value, isPercent: false } : undefined;
  if (typeof value !== "string") return undefined;
  const [, digits = "", percent = ""] =
    /^\s*([+-]?(?:\d+[.,]?\d*|[.,]\d+)(?:[eE][+-]?\d+)?)\s*(%?)\s*$/.exec(value) ?? [];
  const number = Number(digits.replace(",", "."));
  return digits === "" || !Number.isFinite(number) ? undefined : { number, isPercent: percent !== "" };
}

function within(number: number, least: number, lose: () => void): number {
  if (number > 1 + ROUNDING || number < least - ROUNDING) lose();
  return Math.min(1, Math.max(least, number));
}

/** 0 to 1; a number that is far above counts percent. */
export const readConfidence: Reader<number> = (value, lose) => {
  if (isAbsent(value)) return null;
  const read = readNumber(value);
  if (read === undefined) return undefined;
  const { number, isPercent } = read;
  return within(isPercent || (number >= 2 && number <= 100) ? number / 100 : number, 0, lose);
};

const FEELINGS: ReadonlyMap<string, number> = new Map([
  ["very negative", -1],
  ["negative", -1],
  ["neutral", 0],
  ["mixed", 0],
  ["positive", 1],
  ["very positive", 1],
]);
const feelingOf = (value: unknown): number | undefined =>
  typeof value === "string" ? FEELINGS.get(value.trim().toLowerCase().replace(/[_-]/g, " ")) : undefined;

/** -1 to 1; also in words, and as a model's label with its score. */
export const readSentiment: Reader<number> = (value, lose) => {
  if (isAbsent(value)) return null;
  if (isRecord(value)) {
    const score = readNumber(value.score ?? value.value ?? value.magnitude)?.number;
    const feeling = feelingOf(value.label ?? value.sentiment);
    if (feeling !== undefined) return score === undefined || score < 0 ? feeling : within(feeling * score, -1, lose);
    return score === undefined ? undefined : within(score, -1, lose);
  }
  const feeling = feelingOf(value);
  if (feeling !== undefined) return feeling;
  const read = readNumber(value);
  return read === undefined ? undefined : within(read.isPercent ? read.number / 100 : read.number, -1, lose);
};
