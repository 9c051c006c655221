/** The body of an author's flow, which a builder pastes together: JSON, or what comes near it. */
import { parseJson } from "../reading/json.ts";
import { isRecord } from "../reading/scalars.ts";
import { type Members, membersOf, withoutRepeats } from "./members.ts";
import { repairJson } from "./repair-json.ts";

export interface Pasted {
  value: unknown;
  /** True: it was no JSON, or said something twice. */
  isMended: boolean;
}

/** Undefined: it cannot be read at all. `text` neither begins nor ends with white space. */
export function readPasted(text: string): Pasted | undefined {
  const value = parsed(text);
  if (value === undefined) {
    const members = repairJson(text);
    return members === undefined || members.length === 0
      ? undefined
      : { value: withoutRepeats(members), isMended: true };
  }
  if (!isRecord(value)) return { value, isMended: false };
  const members = membersOf(text);
  if (members.length === Object.keys(value).length) return { value, isMended: false };
  const all = members.map(([name, written]): Members[number] => [name, parseJson(written)]);
  return { value: withoutRepeats(all), isMended: true };
}

function parsed(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}
