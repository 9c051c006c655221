/** Shows a sample's outcome, and its difference from the expected one. */
import { bad, good } from "../support/print.ts";

/** Colours the lines of a unified diff. */
export const coloured = (patch: string): string =>
  patch
    .split("\n")
    .map((line) => (line.startsWith("+") ? good(line) : line.startsWith("-") ? bad(line) : line))
    .join("\n");

/** Summarises handoffs and calls in a few words. */
export function summary(outcome: Readonly<Record<string, unknown>> | null): string {
  if (outcome === null) return "";
  const handoffs = outcome.handoffs as { reason: string; state: string }[];
  const said = handoffs.map(({ reason, state }) => `${reason}, ${state}`).join("; ") || "no handoff";
  return Array.isArray(outcome.calls) ? `${said} (${outcome.calls.length} calls)` : said;
}
