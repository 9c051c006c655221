import { expect, it } from "vitest";
import { type ConversationsClient, createConversationsClient } from "../../src/infobip/client.ts";

const CONVERSATION = { id: "c/1", status: "OPEN" };
const DONE = { statusCode: "SUCCESS", message: "Done." };
const MESSAGE = { from: "1", to: "2", channel: "SMS", contentType: "TEXT", content: { text: "x" } };
const ROOT = "https://x.api.infobip.com/ccaas/1";
const C = `${ROOT}/conversations/c%2F1`;
const ALL = "limit=999&page=0";
const LONG = "limit=100&page=0";

type Case = [string, (client: ConversationsClient) => Promise<{ kind: string }>, string, unknown, unknown?];

it.each<Case>([
  ["create", (c) => c.create({ topic: "t" }), `POST ${ROOT}/conversations`, CONVERSATION, { topic: "t" }],
  ["update", (c) => c.update("c/1", { status: "CLOSED" }), `PATCH ${C}`, CONVERSATION, { status: "CLOSED" }],
  ["get", (c) => c.get("c/1"), `GET ${C}`, CONVERSATION],
  [
    "list",
    (c) => c.list({ tagNames: ["a b", "c"], status: ["OPEN"], createdAfterMs: 0, orderBy: "createdAt:asc" }),
    `GET ${ROOT}/conversations?tagNames=a%20b&tagNames=c&status=OPEN&orderBy=createdAt%3Aasc&createdAfter=1970-01-01T00%3A00%3A00.000%2B0000&${LONG}`,
    { conversations: [] },
  ],
  ["route", (c) => c.route("c/1"), `POST ${C}/route`, CONVERSATION],
  ["simulateRouting", (c) => c.simulateRouting("c/1"), `GET ${C}/simulate-routing`, { queueId: "q" }],
  ["addTag", (c) => c.addTag("c/1", "a b"), `POST ${C}/tags`, DONE, { tagName: "a b" }],
  ["removeTag", (c) => c.removeTag("c/1", "a b"), `DELETE ${C}/tags/a%20b`, DONE],
  ["tagsOf", (c) => c.tagsOf("c/1"), `GET ${ROOT}/tags?conversationId=c%2F1&${ALL}`, { tags: [] }],
  ["tags", (c) => c.tags("a b"), `GET ${ROOT}/tags?name=a%20b&${ALL}`, { tags: [] }],
  ["createTag", (c) => c.createTag("a"), `POST ${ROOT}/tags`, { name: "a" }, { name: "a" }],
  ["deleteTag", (c) => c.deleteTag("a b"), `DELETE ${ROOT}/tags/a%20b`, DONE],
  [
    "addNote",
    (c) => c.addNote("c/1", { content: "n" }),
    `POST ${C}/notes`,
    { id: "n1", content: "n" },
    { content: "n" },
  ],
  ["notesOf", (c) => c.notesOf("c/1"), `GET ${C}/notes?${LONG}`, { notes: [] }],
  ["metadataOf", (c) => c.metadataOf("c/1"), `GET ${C}/metadata`, { a: "b" }],
  ["patchMetadata", (c) => c.patchMetadata("c/1", { a: "b" }), `PATCH ${C}/metadata`, DONE, { a: "b" }],
  ["messagesOf", (c) => c.messagesOf("c/1"), `GET ${C}/messages?${LONG}`, { messages: [] }],
  ["addMessage", (c) => c.addMessage("c/1", MESSAGE), `POST ${C}/messages`, { id: "m1", content: {} }, MESSAGE],
  ["check", (c) => c.check(), `GET ${ROOT}/queues?limit=1`, { queues: [] }],
  ["queues", (c) => c.queues("a b"), `GET ${ROOT}/queues?name=a%20b&${ALL}`, { queues: [] }],
  [
    "agents",
    (c) => c.agents({ queueIds: ["q1", "q2"], availability: "ACTIVE" }),
    `GET ${ROOT}/agents?queueIds=q1&queueIds=q2&availability=ACTIVE&${ALL}`,
    { agents: [] },
  ],
  ["bots", (c) => c.bots(), `GET ${ROOT}/bots?${ALL}`, { bots: [] }],
  ["routingRules", (c) => c.routingRules(), `GET ${ROOT}/routing?${ALL}`, { routes: [] }],
  ["workingHoursStatus", (c) => c.workingHoursStatus("w"), `GET ${ROOT}/working-hours/w/status`, { status: "INSIDE" }],
])("%s sends the documented request and takes the documented answer", async (operation, run, line, answer, body) => {
  const seen: { line: string; headers: Headers; body: string }[] = [];
  const called: string[] = [];
  const client = createConversationsClient({
    baseUrl: "https://x.api.infobip.com",
    apiKey: "key",
    now: () => 0,
    fetch: async (request) => {
      seen.push({ line: `${request.method} ${request.url}`, headers: request.headers, body: await request.text() });
      return Response.json(answer);
    },
    onCall: (name, outcome) => called.push(`${name} ${outcome.kind}`),
  });

  expect((await run(client)).kind).toBe("ok");
  expect(called).toEqual([`${operation} ok`]);
  expect(seen).toHaveLength(1);
  expect(seen[0]?.line).toBe(line);
  expect(seen[0]?.body).toBe(body === undefined ? "" : JSON.stringify(body));
  expect(Object.fromEntries(seen[0]?.headers ?? [])).toEqual({
    accept: "application/json",
    authorization: "App key",
    ...(body !== undefined && { "content-type": "application/json" }),
  });
});
