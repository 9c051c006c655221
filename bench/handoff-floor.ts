/**
 * The least work of a durable handoff with a ledger, as a process of its own: node:http in, undici's `request` out, Baton's calls
 * with as many side by side. Each call has an intent committed before it and a result after it, in group commits with
 * `synchronous=FULL`. No authentication, no validation, no decision, no retry.
 */
import { Agent } from "undici";
import { openDurable, serveByHand } from "./baseline-server.ts";
import { type HandoffRequest, metadataOf, noteOf, summaryOf, topicOf } from "./handoff-request.ts";

const { sqlite, commit } = openDurable();
sqlite.exec(`
  CREATE TABLE IF NOT EXISTS handoffs (id INTEGER PRIMARY KEY, session TEXT NOT NULL, body TEXT NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS steps (handoff_id INTEGER NOT NULL, position INTEGER NOT NULL, arguments TEXT, result TEXT,
    PRIMARY KEY (handoff_id, position)) STRICT, WITHOUT ROWID;`);
const addHandoff = sqlite.prepare("INSERT INTO handoffs (session, body) VALUES (?, ?)");
const addIntent = sqlite.prepare("INSERT INTO steps (handoff_id, position, arguments) VALUES (?, ?, ?)");
const addResult = sqlite.prepare("UPDATE steps SET result = ? WHERE handoff_id = ? AND position = ?");

const agent = new Agent({ connections: 512 });
const origin = process.env.PLATFORM_URL ?? "";
const headers = { authorization: "App k", "content-type": "application/json", accept: "application/json" };

interface Step {
  method: "POST" | "PATCH";
  path: string;
  body: string | null;
}
const post = (path: string, body?: object): Step => ({
  method: "POST",
  path,
  body: body ? JSON.stringify(body) : null,
});
const patch = (path: string, body: object): Step => ({ method: "PATCH", path, body: JSON.stringify(body) });

async function call({ method, path, body }: Step): Promise<{ text: string; id?: string }> {
  const answer = await agent.request({ origin, path: `/ccaas/1/conversations${path}`, method, headers, body });
  const text = await answer.body.text();
  if (answer.statusCode !== 200) throw new Error(`${method} ${path} was answered ${answer.statusCode}`);
  return { text, ...(JSON.parse(text) as { id?: string }) };
}

const intend = (handoff: number, position: number, step: Step): void =>
  void addIntent.run(handoff, position, step.body);

async function handOver(text: string): Promise<string> {
  const asked = JSON.parse(text) as HandoffRequest;
  const create = post("", { topic: topicOf(asked), summary: summaryOf("ho"), priority: "HIGH" });
  let handoff = 0;
  await commit(() => {
    handoff = Number(addHandoff.run(asked.session, text).lastInsertRowid);
    intend(handoff, 0, create);
  });
  const made = await call(create);
  const at = `/${made.id}`;
  const context = [
    post(`${at}/tags`, { tagName: "bot_handoff" }),
    post(`${at}/tags`, { tagName: "customer_asked" }),
    post(`${at}/notes`, { content: noteOf(asked, "ho"), type: "INTERNAL" }),
    patch(`${at}/metadata`, metadataOf(asked, "ho")),
  ];
  const route = post(`${at}/route`);
  await commit(() => {
    addResult.run(made.text, handoff, 0);
    for (const [index, step] of context.entries()) intend(handoff, index + 1, step);
  });
  let open = context.length;
  await Promise.all(
    context.map(async (step, index) => {
      const done = await call(step);
      await commit(() => {
        addResult.run(done.text, handoff, index + 1);
        open -= 1;
        if (open === 0) intend(handoff, context.length + 1, route);
      });
    }),
  );
  const routed = await call(route);
  await commit(() => addResult.run(routed.text, handoff, context.length + 1));
  return JSON.stringify({ outcome: "accepted", conversationId: made.id, handoffState: "routed" });
}

serveByHand(201, handOver);
