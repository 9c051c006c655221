/** Answers to payloads, in the form that their source's platform reads. */
import type { EventAnswer, ProblemDocument, Source } from "./source.ts";

type Answers = readonly (EventAnswer | ProblemDocument)[];

/** Joins the names of what was left out, as an attribute mapping reads them. */
const flat = (answer: EventAnswer | ProblemDocument) =>
  "leftOut" in answer && answer.leftOut !== undefined ? { ...answer, leftOut: answer.leftOut.join(",") } : answer;

/** Renders the answers to a payload. */
export function toSourceAnswer(source: Source, payload: unknown, answers: Answers): unknown {
  if (source.answer !== undefined) return source.answer(payload, answers);
  const shown = source.isPasted ? answers.map(flat) : answers;
  return shown.length > 1 ? shown : shown[0];
}

/** One answer for all events of a payload: the one of its handoff, or else the last, with what is to be said by any of them. */
export function joinAnswers(answers: Answers): EventAnswer | null {
  const given = answers.filter((answer) => "outcome" in answer);
  const main = given.findLast(({ handoffId }) => handoffId !== null) ?? given.at(-1);
  if (main === undefined) return null;
  const said = new Set(given.map(({ message }) => message).filter((message) => message !== null));
  return { ...main, message: said.size === 0 ? null : [...said].join("\n") };
}
