/** Routes of operators who watch the posts of bots. The start of a watch is an action, and audited. */
import { Hono } from "hono";
import { z } from "zod";
import { type Env, json } from "../answer.ts";
import { readPrefer } from "../prefer.ts";
import { problem } from "../problem.ts";
import type { Tails } from "./tails.ts";

export const beginTailSchema = z.object({ bot: z.string().optional().describe("Only what this bot posts.") });
export const lookSchema = z.object({
  after: z.coerce.number().int().min(0).default(0).describe("`next` of the page before."),
});

export const tailViewSchema = z.object({ id: z.string().describe("Ends a minute after the last look.") });
export const tailPageViewSchema = z.object({
  received: z
    .array(
      z.object({
        title: z.string(),
        bot: z.string(),
        at: z.iso.datetime(),
        posts: z.array(
          z.object({ to: z.string(), headers: z.record(z.string(), z.string()).optional(), body: z.unknown() }),
        ),
      }),
    )
    .describe("Each is a sample as `baton replay` takes it."),
  next: z.number().int().describe("Where the next page begins, as `after`."),
  missed: z.number().int().describe("Posts for which there was no room."),
});

export function tailRoutes(tails: Tails): Hono<Env> {
  const app = new Hono<Env>();
  app.post("/", (c) => {
    const { bot = null } = beginTailSchema.parse(c.req.query());
    return json(c, { id: tails.begin(bot) }, 201);
  });
  app.get("/:tail", async (c) => {
    const query = lookSchema.safeParse(c.req.query());
    if (!query.success) {
      const message = "must be what the page before told as next";
      return problem(c, { kind: "invalid-event", issues: [{ field: "after", message }] });
    }
    const { waitMs, applied } = readPrefer(c.req.header("prefer"), 0);
    if (applied !== "") c.get("headers")["preference-applied"] = applied;
    const page = await tails.look(c.req.param("tail"), query.data.after, waitMs);
    return page === null ? problem(c, { kind: "not-found" }) : json(c, page);
  });
  return app;
}
