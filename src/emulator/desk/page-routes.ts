import { Hono } from "hono";
import { z } from "zod";
import { PAGE_POLICY } from "../../assets/files.ts";
import { statusSchema } from "../../infobip/schema.ts";
import type { Result } from "../../result.ts";
import { agentStatusSchema } from "../api/account/agents.ts";
import type { Platform } from "../api/platform.ts";
import { readText } from "../api/request-body.ts";
import { parsed, problem } from "../control/validate.ts";
import { agentsWords, customersWords } from "./content.ts";
import type { Desk, DeskRefusal } from "./desk.ts";
import { deskAddress, deskFiles, deskPage } from "./page.ts";
import { REFUSALS } from "./routes.ts";

const MAX_FORM_BYTES = 65_536;

const who = { agent: z.string(), conversation: z.string() };
const replySchema = agentsWords({ act: z.literal("reply"), ...who });
const writeSchema = customersWords({ act: z.literal("write"), ...who });
const otherActSchema = z.discriminatedUnion("act", [
  z.strictObject({ act: z.enum(["take", "release", "delete"]), ...who }),
  z.strictObject({ act: z.literal("status"), ...who, status: statusSchema }),
  z.strictObject({ act: z.literal("assign"), ...who, to: z.string() }),
  z.strictObject({
    act: z.literal("availability"),
    ...who,
    conversation: z.string().optional(),
    status: agentStatusSchema,
  }),
]);
type Act = z.infer<typeof replySchema | typeof writeSchema | typeof otherActSchema>;

/** Browsers send line ends in forms as CRLF. */
function readForm(text: string): Record<string, string> {
  const fields = [...new URLSearchParams(text)].map(([name, value]) => [name, value.replaceAll("\r\n", "\n")] as const);
  return Object.fromEntries(fields);
}
function schemaOf({ act }: Record<string, string>): z.ZodType<Act> {
  if (act === "reply") return replySchema;
  return act === "write" ? writeSchema : otherActSchema;
}

const querySchema = z.object({
  agent: z.string().optional(),
  conversation: z.string().optional(),
  closed: z.literal("1").optional().catch(undefined),
  refused: z.string().optional(),
});

function perform(desk: Desk, act: Act): Result<unknown, DeskRefusal> {
  switch (act.act) {
    case "take":
      return desk.take(act.conversation, act.agent);
    case "reply": {
      const { act: _, agent, conversation, ...said } = act;
      return desk.reply(conversation, agent, said);
    }
    case "write": {
      const { act: _, agent: __, conversation, ...said } = act;
      return desk.write(conversation, { said });
    }
    case "status":
      return desk.setStatus(act.conversation, act.agent, act.status);
    case "assign":
      return desk.assign(act.conversation, act.agent, act.to);
    case "release":
      return desk.assign(act.conversation, act.agent, null);
    case "delete":
      return desk.remove(act.conversation, act.agent);
    case "availability":
      return desk.setAvailability(act.agent, act.status);
  }
}

const SECURITY = {
  "content-security-policy": PAGE_POLICY,
  "x-content-type-options": "nosniff",
  "cache-control": "no-store",
};

/** Serves the desk as a page, and takes its forms. */
export function deskPageRoutes(desk: Desk, { store }: Platform): Hono {
  const { state } = store;
  return new Hono()
    .get("/files/:file", (c) => deskFiles.read(c.req.param("file")) ?? problem(c, 404, "No such file"))
    .get("/", (c) => {
      const { agent: agentId, conversation: id, closed, refused } = querySchema.parse(c.req.query());
      const agents = [...state.agents.values()];
      const agent = agents.find((one) => one.id === agentId) ?? agents[0];
      if (agent === undefined) return problem(c, 404, "The account has no agent");
      const found = id === undefined ? null : desk.show(id);
      const reason = found !== null && !found.ok ? found.error.reason : refused;
      const [, alert = null] = Object.entries(REFUSALS).find(([name]) => name === reason)?.[1] ?? [];
      const withClosed = closed === "1";
      const page = deskPage({
        agent,
        agents,
        bots: [...state.bots.values()],
        queues: [...state.queues.values()],
        listed: [...desk.list(), ...(withClosed ? desk.list({ status: "CLOSED" }) : [])],
        shown: found?.ok ? found.value : null,
        withClosed,
        alert,
      });
      return c.html(page, 200, SECURITY);
    })
    .post("/act", async (c) => {
      const text = await readText(c.req.raw, MAX_FORM_BYTES);
      if (text === null) return problem(c, 413, "Too large");
      const form = readForm(text);
      const act = parsed(c, schemaOf(form), form);
      if (!act.ok) return act.error;
      const done = perform(desk, act.value);
      const { agent, conversation } = act.value;
      const isGone = act.value.act === "delete" && done.ok;
      return c.redirect(
        deskAddress({
          agent,
          conversation: isGone ? undefined : conversation,
          refused: done.ok ? undefined : done.error.reason,
        }),
        303,
      );
    });
}
