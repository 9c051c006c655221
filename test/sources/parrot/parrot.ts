import type { Source } from "../../../src/events/source.ts";
import { joinAnswers } from "../../../src/events/source-answer.ts";
import { baton } from "../../../src/events/sources/baton.ts";
import { ok } from "../../../src/result.ts";

/** A platform that Baton does not know: this holds everything special about it. */
export const parrot: Source = {
  name: "parrot",
  limits: { bytes: 2_000, depth: 4 },
  partsOf: () => undefined,
  toEvents: (payload, context) => {
    const { cage, squawk } = payload as Record<string, unknown>;
    if (squawk === "") return ok([]);
    const session = context.headers?.get("x-cage") ?? cage;
    return baton.toEvents({ type: "customer.message", session, text: squawk }, context);
  },
  answer: (_, answers) => {
    const joined = joinAnswers(answers);
    return joined === null ? { perch: "quiet" } : { perch: joined.control, say: joined.message };
  },
  refusal: ({ status, title }) => ({ status: status === 400 ? 422 : status, body: { feathers: title } }),
};
