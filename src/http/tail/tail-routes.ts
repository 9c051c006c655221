/** Routes of operators who watch the posts of bots. The start of a watch is an action, and audited. */
import { Hono } from "hono";
import { z } from "zod";
import { type Env, json } from "../answer.ts";
import { readPrefer } from "../prefer.ts";
import { problem } from "../problem.ts";
import { afterSchema, readQuery } from "../query.ts";
import type { tailViewSchema } from "../views/tail-view.ts";
import type { Tails } from "./tails.ts";

export const beginTailSchema = z.object({ bot: z.string().optional().describe("Only what this bot posts.") });
export const lookSchema = z.object({ after: afterSchema.describe("`next` of the page before.") });

export function tailRoutes(tails: Tails): Hono<Env> {
  const app = new Hono<Env>();
  app.post("/", readQuery(beginTailSchema), (c) => {
    const { bot = null } = c.req.valid("query");
    return json(c, { id: tails.begin(bot) } satisfies z.infer<typeof tailViewSchema>, 201);
  });
  app.get("/:tail", readQuery(lookSchema), async (c) => {
    const { waitMs, applied } = readPrefer(c.req.header("prefer"), 0);
    if (applied !== "") c.get("headers")["preference-applied"] = applied;
    const page = await tails.look(c.req.param("tail"), c.req.valid("query").after, waitMs);
    return page === null ? problem(c, { kind: "not-found" }) : json(c, page);
  });
  return app;
}
