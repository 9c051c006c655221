/**
 * A handoff that one would write in an afternoon, as a process of its own: the platform's calls one after the other through the
 * global fetch, and one row at the end with `synchronous=FULL`. No ledger, no retry. CALLS=three: create, one tag, route.
 * CALLS=all: each call that Baton makes.
 */
import { openDurable, serveByHand } from "./baseline-server.ts";
import { type HandoffRequest, metadataOf, noteOf, summaryOf, topicOf } from "./handoff-request.ts";

const { sqlite } = openDurable();
sqlite.exec(
  "CREATE TABLE IF NOT EXISTS handoffs (id INTEGER PRIMARY KEY, session TEXT NOT NULL, conversation TEXT NOT NULL, body TEXT NOT NULL) STRICT",
);
const insert = sqlite.prepare("INSERT INTO handoffs (session, conversation, body) VALUES (?, ?, ?)");
const root = `${process.env.PLATFORM_URL}/ccaas/1/conversations`;

async function call(method: string, path: string, body?: object): Promise<{ id?: string }> {
  const response = await fetch(root + path, {
    method,
    headers: { authorization: "App k", "content-type": "application/json", accept: "application/json" },
    ...(body && { body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(`${method} ${path} was answered ${response.status}`);
  return (await response.json()) as { id?: string };
}

async function handOver(text: string): Promise<string> {
  const asked = JSON.parse(text) as HandoffRequest;
  const made = await call("POST", "", { topic: topicOf(asked), summary: summaryOf("ho"), priority: "HIGH" });
  const at = `/${made.id}`;
  await call("POST", `${at}/tags`, { tagName: "bot_handoff" });
  if (process.env.CALLS === "all") {
    await call("POST", `${at}/tags`, { tagName: "customer_asked" });
    await call("POST", `${at}/notes`, { content: noteOf(asked, "ho"), type: "INTERNAL" });
    await call("PATCH", `${at}/metadata`, metadataOf(asked, "ho"));
  }
  await call("POST", `${at}/route`);
  insert.run(asked.session, made.id, text);
  return JSON.stringify({ outcome: "accepted", conversationId: made.id, handoffState: "routed" });
}

serveByHand(201, handOver);
