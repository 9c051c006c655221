/** Infobip Conversations as documented, in memory: what handoffs, their tests and the demo need of it. */
import { type Context, Hono } from "hono";
import {
  conversationFieldsSchema,
  metadataSchema,
  newNoteSchema,
  newTagSchema,
  type RoutingSimulation,
  tagNameSchema,
} from "../conversations/schema.ts";
import { defaultSettings, type EmulatorSettings, type Fault, type Operation } from "./settings.ts";
import { type EmulatedConversation, type State, seededState } from "./state.ts";

interface RecordedCall {
  at: number;
  operation: Operation;
  method: string;
  /** With its query. */
  path: string;
  body: unknown;
  status: number;
}

export interface EmulatorDeps {
  now: () => number;
  /** 32 upper-case hexadecimal digits, as the platform's ids are. */
  newId: () => string;
  sleep: (ms: number) => Promise<void>;
}

export interface Emulator {
  fetch: (request: Request) => Promise<Response>;
  state: State;
  settings: EmulatorSettings;
  calls: RecordedCall[];
  faults: Fault[];
  /** Called for every request as it is answered. */
  onCall: (listener: (call: RecordedCall) => void) => void;
}

type Handle = (c: Context, body: unknown) => Response;

const date = (ms: number): string => new Date(ms).toISOString().replace("Z", "+00:00");
const lost = (code: string): TypeError => new TypeError("fetch failed", { cause: { code } });
const json = (body: unknown, status = 200): Response => Response.json(body, { status });
const refuse = (status: number, messageId: string, text: string): Response =>
  json({ requestError: { serviceException: { messageId, text } } }, status);
const isClosed = (): Response => refuse(400, "BAD_REQUEST", "Closed conversation cannot be changed");
const badBody = (): Response => refuse(400, "BAD_REQUEST", "Invalid request body.");
const plain = (message: string): Response => json({ statusCode: "SUCCESS", message });
const shown = ({ createdAtMs, tags, notes, messages, metadata, ...conversation }: EmulatedConversation) => conversation;

function paged(c: Context, key: string, items: readonly unknown[]): Response {
  const limit = Math.min(999, Number(c.req.query("limit") ?? 10));
  const page = Number(c.req.query("page") ?? 0);
  if (!(limit >= 0 && page >= 0)) return refuse(400, "BAD_REQUEST", "Page size has to be bigger or equal to zero!");
  const pagination = { totalItems: items.length, page, limit, orderBy: c.req.query("orderBy") ?? "id:asc" };
  return json({ [key]: items.slice(page * limit, (page + 1) * limit), pagination });
}

export function createEmulator(deps: EmulatorDeps, given: Partial<EmulatorSettings> = {}): Emulator {
  const settings: EmulatorSettings = { ...defaultSettings, ...given };
  const state = seededState();
  const calls: RecordedCall[] = [];
  const faults: Fault[] = [];
  const listeners: ((call: RecordedCall) => void)[] = [];
  const app = new Hono();

  function struck(operation: Operation, when: Fault["when"]): Response | null {
    const fault = faults.find((it) => it.operation === operation && it.when === when && it.times > 0);
    if (fault === undefined) return null;
    fault.times -= 1;
    if (fault.effect === "reset") throw lost("ECONNRESET");
    if (fault.effect === "refuse") throw lost("ECONNREFUSED");
    const { status, body = "{}", retryAfter } = fault.effect;
    return new Response(body, { status, headers: retryAfter === undefined ? {} : { "retry-after": retryAfter } });
  }

  /** One operation, with the faults that were asked for around its effect. */
  function on(operation: Operation, method: string, path: string, handle: Handle): void {
    app.on(method, `/ccaas/1${path}`, async (c) => {
      const body: unknown = await c.req.json().catch(() => undefined);
      const url = new URL(c.req.url);
      const call = { at: deps.now(), operation, method, path: url.pathname + url.search, body, status: 0 };
      calls.push(call);
      if (calls.length > settings.maxCalls) calls.shift();
      if (settings.latencyMs > 0) await deps.sleep(settings.latencyMs);
      const isKnown = /^\S+ \S+/.test(c.req.header("authorization") ?? "");
      const answer = isKnown
        ? (struck(operation, "before") ?? afterEffect(operation, handle(c, body)))
        : refuse(401, "UNAUTHORIZED", "Unauthorized");
      call.status = answer.status;
      for (const listener of listeners) listener(call);
      return answer;
    });
  }
  const afterEffect = (operation: Operation, answer: Response): Response => struck(operation, "after") ?? answer;

  /** An operation on one conversation; `changes`: refused where it is closed. */
  const of =
    (changes: boolean, handle: (conversation: EmulatedConversation, c: Context, body: unknown) => Response): Handle =>
    (c, body) => {
      const id = c.req.param("id") ?? "";
      const conversation = state.conversations.get(id);
      if (conversation === undefined) {
        return refuse(settings.unknownIdStatus, "NOT_FOUND", `Invalid id '${id}' given! No such entity exists.`);
      }
      if (changes && conversation.status === "CLOSED") return isClosed();
      return handle(conversation, c, body);
    };
  const touch = (conversation: EmulatedConversation): void => {
    conversation.updatedAt = date(deps.now());
  };
  const routed = (conversation: EmulatedConversation): RoutingSimulation => {
    const rule = state.rules.find(({ tag }) => conversation.tags.includes(tag));
    return {
      id: conversation.id,
      queueId: rule?.queueId ?? conversation.queueId ?? null,
      priority: rule?.priority ?? conversation.priority ?? null,
    };
  };

  on("create", "POST", "/conversations", (_, body) => {
    const fields = conversationFieldsSchema.safeParse(body);
    if (!fields.success) return badBody();
    const now = deps.now();
    const conversation: EmulatedConversation = {
      topic: null,
      summary: null,
      priority: "NORMAL",
      queueId: null,
      agentId: null,
      ...fields.data,
      status: fields.data.status ?? "OPEN",
      id: deps.newId(),
      createdAt: date(now),
      updatedAt: date(now),
      channel: "NO_CHANNEL",
      createdAtMs: now,
      tags: [],
      notes: [],
      messages: [],
      metadata: {},
    };
    state.conversations.set(conversation.id, conversation);
    return json(shown(conversation));
  });
  on("list", "GET", "/conversations", (c) => {
    const after = Date.parse((c.req.query("createdAfter") ?? "").replace("+0000", "Z"));
    const found = [...state.conversations.values()].filter(
      ({ createdAtMs }) => !(createdAtMs < after) && createdAtMs + settings.listLagMs <= deps.now(),
    );
    return paged(c, "conversations", found.map(shown));
  });
  on(
    "get",
    "GET",
    "/conversations/:id",
    of(false, (conversation) => json(shown(conversation))),
  );
  on(
    "update",
    "PATCH",
    "/conversations/:id",
    of(true, (conversation, _, body) => {
      const fields = conversationFieldsSchema.safeParse(body);
      if (!fields.success) return badBody();
      Object.assign(conversation, fields.data);
      if (conversation.status === "CLOSED") conversation.closedAt = date(deps.now());
      touch(conversation);
      return json(shown(conversation));
    }),
  );
  on(
    "assign",
    "PUT",
    "/conversations/:id/assignee",
    of(true, (conversation, _, body) => {
      const fields = conversationFieldsSchema.required({ agentId: true }).safeParse(body);
      if (!fields.success) return badBody();
      conversation.agentId = fields.data.agentId;
      touch(conversation);
      return json(shown(conversation));
    }),
  );
  on(
    "route",
    "POST",
    "/conversations/:id/route",
    of(true, (conversation) => {
      const { queueId = null, priority = null } = routed(conversation);
      Object.assign(conversation, { agentId: null, queueId, priority });
      touch(conversation);
      const one = shown(conversation);
      switch (settings.routeBody) {
        case "single":
          return json(one);
        case "page":
          return json({ conversations: [one], pagination: { totalItems: 1, page: 0, limit: 10, orderBy: "id:asc" } });
        case "object":
          return json({});
        case "empty":
          return new Response(null, { status: 200 });
      }
    }),
  );
  on(
    "simulateRouting",
    "GET",
    "/conversations/:id/simulate-routing",
    of(true, (it) => json(routed(it))),
  );

  on(
    "addTag",
    "POST",
    "/conversations/:id/tags",
    of(true, (conversation, _, body) => {
      const tag = tagNameSchema.safeParse(body);
      if (!tag.success) return badBody();
      const { tagName } = tag.data;
      if (!state.tags.has(tagName)) {
        return refuse(400, "NOT_FOUND", `Invalid tagName '${tagName}' given! No such entity exists.`);
      }
      if (!conversation.tags.includes(tagName)) conversation.tags.push(tagName);
      return plain("Tag added to conversation successfully.");
    }),
  );
  on(
    "removeTag",
    "DELETE",
    "/conversations/:id/tags/:tag",
    of(true, (conversation, c) => {
      conversation.tags = conversation.tags.filter((tag) => tag !== c.req.param("tag"));
      return plain("Tag removed successfully.");
    }),
  );
  on("tags", "GET", "/tags", (c) => {
    const id = c.req.query("conversationId");
    const names = id === undefined ? [...state.tags] : (state.conversations.get(id)?.tags ?? []);
    return paged(
      c,
      "tags",
      names.map((name) => ({ name, id: name })),
    );
  });
  on("createTag", "POST", "/tags", (_, body) => {
    const tag = newTagSchema.safeParse(body);
    if (!tag.success) return badBody();
    if (state.tags.has(tag.data.name)) return refuse(400, "BAD_REQUEST", "Tag already exists.");
    state.tags.add(tag.data.name);
    return json({ name: tag.data.name, createdAt: date(deps.now()) });
  });

  on(
    "notes",
    "GET",
    "/conversations/:id/notes",
    of(false, (conversation, c) => paged(c, "notes", conversation.notes)),
  );
  on(
    "addNote",
    "POST",
    "/conversations/:id/notes",
    of(false, (conversation, _, body) => {
      const note = newNoteSchema.safeParse(body);
      if (!note.success) return badBody();
      const at = date(deps.now());
      const added = {
        type: "INTERNAL",
        ...note.data,
        id: deps.newId(),
        conversationId: conversation.id,
        createdAt: at,
        updatedAt: at,
      };
      conversation.notes.push(added);
      return json(added);
    }),
  );
  on(
    "metadata",
    "GET",
    "/conversations/:id/metadata",
    of(false, (conversation) => json(conversation.metadata)),
  );
  on(
    "patchMetadata",
    "PATCH",
    "/conversations/:id/metadata",
    of(false, (conversation, _, body) => {
      const data = metadataSchema.safeParse(body);
      if (!data.success || Object.keys(data.data).length === 0) return badBody();
      Object.assign(conversation.metadata, data.data);
      return plain("Metadata patch to conversation successfully.");
    }),
  );

  on("queues", "GET", "/queues", (c) => paged(c, "queues", state.queues));
  on("agents", "GET", "/agents", (c) => paged(c, "agents", state.agents));
  on("bots", "GET", "/bots", (c) => paged(c, "bots", state.bots));
  app.notFound(() => refuse(404, "NOT_FOUND", "Not found"));
  app.onError((error) => {
    throw error;
  });

  return {
    fetch: async (request) => app.fetch(request),
    state,
    settings,
    calls,
    faults,
    onCall: (listener) => {
      listeners.push(listener);
    },
  };
}
