import type { Ledger } from "../../src/model/handoff.ts";

/** Counts finished steps by kind, and ends of handoffs by reason. */
export function countCoverage(ledgers: readonly Ledger[]): Record<string, number> {
  const seen: Record<string, number> = {};
  const count = (name: string): void => {
    seen[name] = (seen[name] ?? 0) + 1;
  };
  for (const { handoff, steps } of ledgers) {
    if (handoff.returnedBecause !== null) count(`returned: ${handoff.returnedBecause}`);
    if (steps[0]?.arguments.kind === "conversation" && steps[0].arguments.reopen) count("reopen within grace");
    for (const { arguments: args, state, name } of steps) {
      if (state !== "done") continue;
      if (name === "note:further") count("note: what was said afterwards");
      if (["text", "priority", "untag", "release", "agents"].includes(args.kind)) count(`step: ${args.kind}`);
    }
  }
  return seen;
}
