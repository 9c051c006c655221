/** Posts of bots for operators who watch them. */
import { z } from "zod";
import { timeSchema } from "./handoff-view.ts";

export const tailViewSchema = z.object({ id: z.string().describe("Ends a minute after the last look.") });

const tailedSchema = z.object({
  title: z.string(),
  bot: z.string(),
  at: timeSchema,
  posts: z.array(
    z.object({
      to: z.string(),
      headers: z.record(z.string(), z.string()).exactOptional(),
      body: z.unknown(),
    }),
  ),
});
/** A sample of one post, for `baton replay`. */
export type Tailed = z.infer<typeof tailedSchema>;

export const tailPageViewSchema = z.object({
  received: z.array(tailedSchema).describe("Each is a sample as `baton replay` takes it."),
  next: z.number().int().describe("Where the next page begins, as `after`."),
  missed: z.number().int().describe("Posts for which there was no room."),
});
export type TailPage = z.infer<typeof tailPageViewSchema>;
