/** Reads a changed flow for a backtest: JSON alone, since nothing that was pasted may run here. */
import { changeFlow } from "../../../escalation/change-flow.ts";
import { type Flow, readFlow } from "../../../escalation/flow.ts";
import { parseBody } from "../../../http/body.ts";
import { err, type Result } from "../../../result.ts";

/** Twice the largest flow that anybody wrote. */
const MOST_CHARACTERS = 200_000;

/** `text`: the parts that differ, or a whole flow. Its errors are sentences for the author. */
export function readChange(current: Flow, text: string): Result<Flow, string[]> {
  if (text.length > MOST_CHARACTERS) return err([`It is longer than ${MOST_CHARACTERS} characters.`]);
  const body = parseBody(new TextEncoder().encode(text));
  if (!body.ok) return err([body.error]);
  if (typeof body.value !== "object" || Array.isArray(body.value)) return err(["It must be a JSON object."]);
  const read = readFlow(changeFlow(current, body.value));
  return read.ok ? read : err(read.error.problems.map(({ text }) => text));
}

/** The rules of another flow, as if the bots of this one had it. */
export const asIfIts = (other: Flow, { name, bots, account }: Flow): Flow => ({ ...other, name, bots, account });
