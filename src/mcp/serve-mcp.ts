/** The tools that language models get by the Model Context Protocol. Each request has a server of its own: nothing is kept. */
import { createMcpHandler, McpServer } from "@modelcontextprotocol/server";
import { z } from "zod";
import { prioritySchema } from "../events/event.ts";
import { answerSchema } from "../handoff/use-cases/event-answer.ts";
import type { BotTools, ServeMcp } from "../http/mcp.ts";
import { controlSchema } from "../model/session.ts";

/** A platform that knows the chat names it here: a model may invent a session. */
const SESSION_HEADER = "x-baton-session";

const sessionSchema = z.string().min(1).describe("The id of this chat, as the application knows it. Never invent one.");
const requestSchema = z.object({
  reason: z.string().optional().describe("Why the customer needs a person, in a few words."),
  summary: z.string().optional().describe("What the agent needs to know, in two or three sentences."),
  messages: z
    .array(z.looseObject({ role: z.string(), content: z.unknown() }))
    .optional()
    .describe("The messages of this chat so far."),
  priority: prioritySchema.optional(),
  queue: z.string().optional().describe("The queue of agents, where you were told one."),
});

/**
 * Advertises a schema and accepts any arguments: the reader of requests takes what it can use of them, and names the rest. The
 * SDK would refuse them whole.
 */
const advertise = (schema: z.ZodObject) => ({
  "~standard": { ...anyArguments["~standard"], jsonSchema: schema["~standard"].jsonSchema },
});
const anyArguments = z.record(z.string(), z.unknown());

const guidance = {
  silent: z.boolean().describe("True: a person has the customer, or is about to. Say nothing until it is false."),
  instructions: z.string().describe("What to do now."),
};
const handoffResultSchema = answerSchema.extend(guidance);
const statusResultSchema = z.object({
  control: controlSchema,
  conversationId: z.string().nullable(),
  handoffState: answerSchema.shape.handoffState,
  ...guidance,
});

function guide(
  control: z.infer<typeof controlSchema> | null,
  message: string | null,
): { silent: boolean; instructions: string } {
  const silent = control === "queue" || control === "agent";
  const say = message === null ? "" : "Say exactly the text in `message` to the customer. ";
  if (!silent) return { silent, instructions: `${say}You still have the customer: go on helping.` };
  const after = message === null ? "Say nothing" : "Then say nothing";
  return {
    silent,
    instructions: `${say}${after} more: a person takes over. Go on only when handoff_status says that \`silent\` is false.`,
  };
}

const result = (structuredContent: Record<string, unknown>) => ({
  content: [{ type: "text" as const, text: JSON.stringify(structuredContent) }],
  structuredContent,
});
const refused = (issues: readonly { field: string; message: string }[]) => ({
  isError: true,
  content: [{ type: "text" as const, text: issues.map(({ field, message }) => `${field} ${message}`).join("; ") }],
});

function createServer(tools: BotTools, known: string | null): McpServer {
  const server = new McpServer({ name: "baton", version: "1" });
  const session = known === null ? { session: sessionSchema } : {};
  const nameIn = ({ session }: Record<string, unknown>): unknown => known ?? session;

  server.registerTool(
    "hand_over_to_human",
    {
      title: "Hand over to a human",
      description:
        "Passes this chat to a human agent. Use it when the customer asks for a person, is upset, or when you cannot or may not help. Then follow `instructions` of the result.",
      inputSchema: advertise(requestSchema.extend(session)),
      outputSchema: handoffResultSchema,
      annotations: { idempotentHint: true, destructiveHint: false, openWorldHint: true },
    },
    async (request) => {
      const handedOver = await tools.handOver({ ...request, session: nameIn(request) });
      if (!handedOver.ok) return refused(handedOver.error.issues);
      const { control, message } = handedOver.value;
      return result({ ...handedOver.value, ...guide(control, message) });
    },
  );
  server.registerTool(
    "handoff_status",
    {
      title: "Tell who has the customer",
      description:
        "Tells whether a human has the customer of this chat. Ask it before you answer, once the chat was handed over.",
      inputSchema: advertise(z.object(session)),
      outputSchema: statusResultSchema,
      annotations: { readOnlyHint: true },
    },
    async (request) => {
      const found = await tools.session(nameIn(request));
      if (!found.ok) return refused(found.error.issues);
      const view = found.value;
      const control = view?.session.control ?? "bot";
      const { conversationId = null } = view?.session ?? {};
      const handoffState = view?.lastHandoff?.state ?? null;
      return result({ control, conversationId, handoffState, ...guide(control, null) });
    },
  );
  return server;
}

export const serveMcp: ServeMcp = async (request, body, tools) => {
  /** The SDK would tell the model of a failure of ours: the interface answers it as any other. */
  let failure: { error: unknown } | null = null;
  const noting = async <T>(work: Promise<T>): Promise<T> => {
    try {
      return await work;
    } catch (error) {
      failure = { error };
      throw error;
    }
  };
  const watched: BotTools = {
    handOver: (asked) => noting(tools.handOver(asked)),
    session: (name) => noting(tools.session(name)),
  };
  const known = request.headers.get(SESSION_HEADER);
  const handler = createMcpHandler(() => createServer(watched, known));
  const response = await handler.fetch(new Request(request.url, { method: "POST", headers: request.headers }), {
    parsedBody: body,
  });
  // A tool's answer comes by a stream, for older clients.
  const text = await response.text();
  const failed = failure as { error: unknown } | null;
  if (failed !== null) throw failed.error;
  return new Response(text === "" ? null : text, { status: response.status, headers: response.headers });
};
