/** Parts of a platform's payload, whatever stands in their places. */
import { isRecord } from "../reading/scalars.ts";

export type Members = Record<string, unknown>;

const NONE: Members = Object.freeze({});

export const recordOf = (value: unknown): Members => (isRecord(value) ? value : NONE);
const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
export const recordsIn = (value: unknown): Members[] => listOf(value).filter(isRecord);
/** A text that says something. */
export const textOf = (value: unknown): string | undefined =>
  typeof value === "string" && value.trim() !== "" ? value : undefined;
