/**
 * The least work of a durable intake, as a process of its own: node:http, JSON.parse and one insert with `synchronous=FULL`.
 * COMMITS=group shares a commit between the requests of a turn of the event loop, COMMITS=each does not.
 */
import { openDurable, serveByHand } from "./baseline-server.ts";

const { sqlite, commit } = openDurable();
sqlite.exec("CREATE TABLE IF NOT EXISTS events (seq INTEGER PRIMARY KEY, id TEXT NOT NULL, body TEXT NOT NULL) STRICT");
const insert = sqlite.prepare("INSERT INTO events (id, body) VALUES (?, ?)");
const keep = process.env.COMMITS === "group" ? commit : async (work: () => unknown): Promise<void> => void work();

serveByHand(200, async (text) => {
  const { id } = JSON.parse(text) as { id: string };
  await keep(() => insert.run(id, text));
  return '{"outcome":"accepted"}';
});
