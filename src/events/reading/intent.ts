import type { Intent } from "../event.ts";
import { isAbsentLabel } from "./absent.ts";
import type { Reader } from "./fields.ts";
import { readName } from "./labels.ts";
import { readRecord } from "./scalars.ts";
import { readConfidence } from "./scores.ts";

const NAME_MAX = 200;

/** A record, also inside a string, or a bare name. */
export const readIntent: Reader<Intent> = (value, lose) => {
  if (isAbsentLabel(value)) return null;
  const record = readRecord(value);
  if (record === undefined) {
    const name = readName(NAME_MAX)(value, lose);
    return name === undefined || name === null ? name : { name };
  }
  const part = <T>(field: string, sent: unknown, read: Reader<T>): T | undefined => {
    const found = read(sent, () => lose(field));
    if (found === undefined) lose(field);
    return found ?? undefined;
  };
  const name = part("name", record.name ?? record.displayName ?? record.intent ?? record.label, readName(NAME_MAX));
  const confidence = part("confidence", record.confidence ?? record.score ?? record.probability, readConfidence);
  if (name === undefined && confidence === undefined) {
    return Object.values(record).every(isAbsentLabel) ? null : undefined;
  }
  return { ...(name !== undefined && { name }), ...(confidence !== undefined && { confidence }) };
};
