import { parseArgs } from "node:util";
import { z } from "zod";

const count = z.coerce.number().int().positive().optional();

/** Options of a run. Each benchmark has defaults of its own, which suit a run of all. */
const optionsSchema = z.strictObject({
  /** Rounds of processes that are compared side by side. */
  rounds: count,
  /** `growth`: events in the file. `footprint`: events to send. */
  events: count,
  /** `growth`, `metrics`: sessions in the file; `lists`: handoffs. */
  sessions: count,
  /** `recovery`: pending handoffs. */
  pending: count,
  /** `instructions`: counter to use. */
  counter: z.enum(["perf", "valgrind", "cpu"]).optional(),
  /** `handoffs`: platform to use. */
  platform: z.enum(["stand-in", "emulator"]).optional(),
});
export type Options = z.infer<typeof optionsSchema>;

/** Parses the command line. Throws with the mistake. */
export function parseOptions(args: readonly string[]): { names: string[]; options: Options } {
  const known = Object.fromEntries(Object.keys(optionsSchema.shape).map((name) => [name, { type: "string" as const }]));
  const { values, positionals } = parseArgs({ args: [...args], options: known, allowPositionals: true });
  const parsed = optionsSchema.safeParse(values);
  if (!parsed.success) throw new Error(z.prettifyError(parsed.error));
  return { names: positionals, options: parsed.data };
}
