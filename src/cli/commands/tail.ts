/** Prints the posts of bots to a running service, one sample a line. */
import { z } from "zod";
import { tailPageViewSchema, tailViewSchema } from "../../http/views/tail-view.ts";
import { ask, type ServiceOptions } from "../support/operator.ts";
import { Failure } from "../support/print.ts";

const WAIT_S = 20;
const countSchema = z.coerce.number().int().positive().optional();

interface TailOptions extends ServiceOptions {
  bot?: string;
  count?: string;
}

/** Standard output has only the samples, so that it can be saved or piped; the rest goes to standard error. */
export async function tail({ bot, count, ...service }: TailOptions): Promise<void> {
  const most = countSchema.safeParse(count);
  if (!most.success) throw new Failure("--count must be a number above 0.", 2);
  let left = most.data ?? Number.POSITIVE_INFINITY;
  const only = bot === undefined ? "" : `?bot=${encodeURIComponent(bot)}`;
  const { id } = tailViewSchema.parse(await ask(`/v1/tail${only}`, service, { method: "POST" }));
  console.error("Waiting for what bots post. Ctrl-C ends it.");
  // The reader of the pipe has enough and closed it.
  process.stdout.on("error", () => process.exit(0));
  for (let after = 0; ; ) {
    const answer = await ask(`/v1/tail/${id}?after=${after}`, service, { headers: { prefer: `wait=${WAIT_S}` } });
    const { received, next, missed } = tailPageViewSchema.parse(answer);
    if (missed > 0) console.error(`${missed} posts are missing: they came faster than they were read.`);
    for (const sample of received) {
      process.stdout.write(`${JSON.stringify(sample)}\n`);
      left -= 1;
      if (left === 0) return;
    }
    after = next;
  }
}
