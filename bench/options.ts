import { parseArgs } from "node:util";
import { z } from "zod";

const count = z.coerce.number().int().positive().optional();

/** What a run may be told; each benchmark has its own defaults, which suit a run of all of them. */
const optionsSchema = z.strictObject({
  /** Of what is measured side by side. */
  rounds: count,
  /** Of `growth`: in the file. Of `footprint`: sent. */
  events: count,
  /** Of `growth`: in the file. */
  sessions: count,
  /** Of `recovery`: handoffs. */
  pending: count,
  /** Of `instructions`. */
  counter: z.enum(["perf", "valgrind", "cpu"]).optional(),
  /** Of `handoffs`: who answers. */
  platform: z.enum(["stand-in", "emulator"]).optional(),
});
export type Options = z.infer<typeof optionsSchema>;

/** Names and options of the command line. Throws with what is wrong. */
export function parseOptions(args: readonly string[]): { names: string[]; options: Options } {
  const known = Object.fromEntries(Object.keys(optionsSchema.shape).map((name) => [name, { type: "string" as const }]));
  const { values, positionals } = parseArgs({ args: [...args], options: known, allowPositionals: true });
  const parsed = optionsSchema.safeParse(values);
  if (!parsed.success) throw new Error(z.prettifyError(parsed.error));
  return { names: positionals, options: parsed.data };
}
