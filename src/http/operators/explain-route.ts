/** A dry run of a flow: nothing is stored or sent. */
import type { Hono } from "hono";
import { z } from "zod";
import type { Flows } from "../../escalation/flow.ts";
import { readDecoded } from "../access/read-decoded.ts";
import { type Env, json } from "../answer.ts";
import type { AppDeps } from "../app-deps.ts";
import { CONVERSATION_ID_MAX, forecastRoutes, MOST_ASKED } from "../dry-run/forecast-routes.ts";
import { REQUESTS, tryPayload } from "../dry-run/try-payload.ts";
import { problem } from "../problem.ts";
import { readQuery } from "../query.ts";
import { showDryRun } from "../views/dry-run-view.ts";

type ExplainDeps = Pick<AppDeps, "core" | "flows" | "now" | "readBody"> & {
  sources: NonNullable<AppDeps["sources"]>;
};

export const explainQuerySchema = z.object({
  bot: z.string().optional().describe("One of the flow's bots. Default: its first."),
  source: z
    .string()
    .default("baton")
    .describe("Source of the payload, as in `/v1/bots/{bot}/webhooks/{source}`; `handoffs`: a request for a handoff."),
  live: z
    .enum(["true", "false"])
    .optional()
    .catch(undefined)
    .describe(`Asks the account where it would route the chat, for at most ${MOST_ASKED} handoffs of a payload.`),
  conversation: z
    .string()
    .max(CONVERSATION_ID_MAX)
    .optional()
    .describe("With `live`: the conversation that the platform simulates. Default: the one that the payload names."),
});

const botsOf = (flows: Flows, name: string): string[] =>
  [...flows].flatMap(([bot, flow]) => (flow.name === name ? [bot] : []));

export function registerExplain(app: Hono<Env>, { core, flows, sources, now, readBody }: ExplainDeps): void {
  app.post("/flows/:flow/explain", readQuery(explainQuerySchema), async (c) => {
    const query = c.req.valid("query");
    const bots = botsOf(flows, c.req.param("flow"));
    const bot = query.bot ?? bots[0] ?? "";
    const flow = flows.get(bot);
    if (bots.length === 0) return problem(c, { kind: "not-found" });
    if (flow === undefined || !bots.includes(bot)) {
      const message = `must be a bot of this flow: ${bots.join(", ")}`;
      return problem(c, { kind: "invalid-event", issues: [{ field: "bot", message }] });
    }
    const source = sources.get(query.source);
    if (source === undefined && query.source !== REQUESTS)
      return problem(c, { kind: "unknown-source", sources: [...sources.keys(), REQUESTS] });
    const isLive = query.live === "true";
    if (isLive && c.get("operator")?.mayAct !== true) return problem(c, { kind: "read-only" });
    const bytes = await readDecoded(c, readBody);
    if (!bytes.ok) return problem(c, bytes.error);
    const result = tryPayload(flow, bot, source, bytes.value, now());
    if (!result.ok) return problem(c, result.error);
    const { tried, problems } = result.value;
    const routes = await forecastRoutes(core, flow, isLive ? tried : [], query.conversation ?? null);
    return json(c, showDryRun({ flow: flow.name, bot, source: query.source, tried, problems, routes }));
  });
}
