/**
 * A minimal platform, as a process of its own: it answers the calls of a handoff with the bodies of the emulator, checks nothing
 * and keeps nothing. LATENCY_MS: milliseconds before each answer. ANSWERS=never: no answer.
 */
import { createServer } from "node:http";

const latencyMs = Number(process.env.LATENCY_MS ?? 0);
const isSilent = process.env.ANSWERS === "never";

/** A conversation of this name belongs to the bot until it is routed. */
const GIVEN = "GIVEN";
const BOT = "5EED00000000000000000000000000C1";
const QUEUE = "5EED00000000000000000000000000A1";
const CONVERSATION = /^\/ccaas\/1\/conversations\/([^/?]+)(?:\/([a-z]+))?$/;
const page = (key: string, items: readonly unknown[]): object => ({
  [key]: items,
  pagination: { totalItems: items.length, page: 0, limit: 999, orderBy: "id:ASC" },
});

let made = 0;
/** Calls so far, for `GET /`. */
const seen = { calls: 0, routes: 0, firstAt: 0, routedAt: 0 };

const newId = (): string => (made++).toString(16).toUpperCase().padStart(32, "7");

function conversation(id: string, fields: object, queueId: string | null): object {
  const at = new Date().toISOString().replace("Z", "+00:00");
  const agentId = queueId === null && id.startsWith(GIVEN) ? BOT : null;
  const given = { topic: "Order A-1042", summary: null, priority: "HIGH", ...fields };
  return { id, ...given, status: "OPEN", queueId, agentId, createdAt: at, updatedAt: at };
}

function answerTo(method: string, path: string, body: string): object {
  const [, id, part] = CONVERSATION.exec(path) ?? [];
  const fields = (): object => JSON.parse(body) as object;
  if (path === "/ccaas/1/conversations") return conversation(newId(), fields(), null);
  if (method === "GET" && path.startsWith("/ccaas/1/bots")) return page("bots", [{ id: BOT, displayName: "A bot" }]);
  if (method === "GET" && part === undefined && id === undefined) return page(path.split(/[/?]/)[3] ?? "", []);
  if (id === undefined) throw new Error(`the stand-in knows nothing of ${method} ${path}`);
  if (method === "GET") return part === undefined ? conversation(id, {}, null) : page(part, []);
  switch (part) {
    case undefined:
      return conversation(id, fields(), null);
    case "notes":
      return { ...fields(), agentId: null, id: newId(), conversationId: id, createdAt: null, updatedAt: null };
    case "route":
      seen.routes += 1;
      seen.routedAt = Date.now();
      return conversation(id, {}, QUEUE);
    default:
      return { statusCode: "SUCCESS", message: "Done." };
  }
}

createServer((request, response) => {
  const { method = "", url = "" } = request;
  const parts: Buffer[] = [];
  request.on("data", (part: Buffer) => parts.push(part));
  request.on("end", () => {
    if (url === "/") {
      response.end(JSON.stringify(seen));
      return;
    }
    seen.calls += 1;
    seen.firstAt ||= Date.now();
    if (isSilent) return;
    const text = JSON.stringify(answerTo(method, url, Buffer.concat(parts).toString()));
    const answer = (): void => {
      response.setHeader("content-type", "application/json");
      response.setHeader("x-request-id", `stand-in-${seen.calls}`);
      response.end(text);
    };
    if (latencyMs > 0) setTimeout(answer, latencyMs);
    else answer();
  });
}).listen(Number(process.env.PORT), "127.0.0.1");
process.once("SIGTERM", () => process.exit(0));
