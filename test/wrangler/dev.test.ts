import { get } from "node:http";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { flows } from "../../flows/index.ts";
import { parseConfig } from "../../src/config.ts";
import { startService } from "../../src/node.ts";
import { until } from "../support/process.ts";
import { type Dev, OPERATOR, startDev } from "./dev.ts";
import { chats, playChat, type Side } from "./schedule.ts";

let dev: Dev;
beforeAll(async () => {
  dev = await startDev();
});
afterAll(async () => {
  await dev?.stop();
});

interface Said {
  outcome: string;
  control: string;
  handoffId: string | null;
  handoffState: string | null;
  conversationId: string | null;
}
interface Call {
  operation: string;
  path: string;
  body: { topic?: string } | null;
  answer: { id?: string } | null;
}
interface Shown {
  id: string;
  session: string;
  state: string;
  control: string;
  agentId: string | null;
}

const ask = (session: string, id: string) => ({ id, session, type: "customer.message", text: "a human, please" });
const post = async (body: unknown): Promise<Said> => (await (await dev.bot("/events", body)).json()) as Said;
const session = async (name: string) =>
  (await (await dev.bot(`/sessions/${name}`)).json()) as Said & { handoff: Shown };
const calls = async (): Promise<Call[]> => (await dev.json<{ calls: Call[] }>("/emulator/calls")).calls;
const desk = (id: string, act: string, body: object) =>
  dev.fetch(`/emulator/desk/conversations/${id}/${act}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });

it("answers no page that has rebound its name to this machine, and no tunnel", async () => {
  const { port } = new URL(dev.url);
  const statusOf = (headers: Record<string, string>, path = "/emulator/state") =>
    new Promise((resolve) => get({ host: "127.0.0.1", port, path, headers }, (it) => resolve(it.resume().statusCode)));
  expect(await statusOf({ host: `127.0.0.1:${port}` })).toBe(200);
  expect(await statusOf({ host: `127.0.0.1:${port}`, "x-forwarded-for": "203.0.113.9" })).toBe(421);
  for (const path of ["/emulator/state", "/ccaas/1/conversations", "/v1/handoffs"]) {
    expect(await statusOf({ host: `evil.example:${port}` }, path), path).toBe(421);
  }
});

describe("a chat", () => {
  it("goes to an agent and comes back, as the platform's pushes tell it", async () => {
    await post({ id: "c1", session: "circle", type: "customer.message", text: "hello" });
    const said = await post(ask("circle", "c2"));
    expect(said).toMatchObject({ outcome: "accepted", control: "queue", handoffState: "routed" });
    const id = said.conversationId ?? "";
    const { agents } = await dev.json<{ agents: { id: string; queueIds?: string[] }[] }>("/emulator/state");
    const agentId = agents[0]?.id ?? "";
    expect((await desk(id, "take", { agentId })).status).toBe(200);
    const isAt = (control: string) => async () => ((await session("circle")).control === control ? true : undefined);
    await until(isAt("agent"));
    expect((await session("circle")).handoff.state).toBe("assigned");
    expect((await desk(id, "write", { text: "hello?" })).status).toBe(200);
    expect((await desk(id, "reply", { agentId, text: "Hello, how can I help?" })).status).toBe(200);
    await desk(id, "status", { agentId, status: "CLOSED" });
    await until(isAt("bot"));
    const handoff = await dev.json<Shown>(`/v1/handoffs/${said.handoffId}`, { headers: OPERATOR });
    expect(handoff).toMatchObject({ state: "returned", control: "bot", session: "circle" });
  });
});

/** Returns the conversations created for each of these sessions, and the routes of one of them. */
async function effects(names: readonly string[]) {
  const all = await calls();
  const created = new Map(names.map((name) => [name, [] as string[]]));
  for (const { operation, body, answer } of all) {
    if (operation !== "createConversation") continue;
    created.get(body?.topic?.replace("Chat ", "") ?? "")?.push(answer?.id ?? "");
  }
  const routes = all.filter(({ operation }) => operation === "route").map(({ path }) => path);
  return names.map((name) => {
    const ids = created.get(name) ?? [];
    return {
      name,
      conversations: ids.length,
      routes: routes.filter((path) => ids.some((id) => path.includes(id))).length,
    };
  });
}

describe("many at once", () => {
  it("make one conversation and one route of a thousand copies of one event", async () => {
    await dev.fetch("/emulator/settings", { method: "PATCH", body: JSON.stringify({ maxCalls: 50_000 }) });
    const said = await Promise.all(Array.from({ length: 1_000 }, () => post(ask("crowded", "one"))));
    expect(said.filter(({ outcome }) => outcome === "accepted")).toHaveLength(1);
    expect(said.filter(({ outcome }) => outcome === "duplicate")).toHaveLength(999);
    expect(new Set(said.map(({ handoffId }) => handoffId)).size).toBe(1);
    expect(await effects(["crowded"])).toEqual([{ name: "crowded", conversations: 1, routes: 1 }]);
  });

  it("get each its own, over many sessions", async () => {
    const names = Array.from({ length: 60 }, (_, n) => `many-${n}`);
    const said = await Promise.all(names.map((name) => post(ask(name, `ask-${name}`))));
    expect(said.filter(({ outcome }) => outcome === "accepted")).toHaveLength(names.length);
    await until(async () => {
      const shown = await Promise.all(names.map(session));
      return shown.every(({ handoff }) => handoff.state === "routed") ? true : undefined;
    });
    expect(await effects(names)).toEqual(names.map((name) => ({ name, conversations: 1, routes: 1 })));
  });
});

describe("a request with a key", () => {
  const key = { "idempotency-key": "k-1" };
  it("is answered once, whatever session it is used for", async () => {
    const first = await dev.bot("/handoffs", { session: "keyed", reason: "asked" }, key);
    expect(first.status).toBe(201);
    const again = await dev.bot("/handoffs", { session: "keyed", reason: "asked" }, key);
    expect([again.status, again.headers.get("idempotency-replayed")]).toEqual([201, "true"]);
    expect(await again.json()).toEqual(await first.json());
    const other = await dev.bot("/handoffs", { session: "another", reason: "asked" }, key);
    expect(other.status).toBe(422);
    expect((await dev.bot("/sessions/another")).status).toBe(404);
  });
});

describe("an operator", () => {
  it("pages through the handoffs of all sessions, the newest first", async () => {
    const ids: string[] = [];
    for (let before = ""; ; ) {
      const path = `/v1/handoffs?bot=shop-assistant&state=routed&limit=25${before && `&before=${before}`}`;
      const page = await dev.json<{ handoffs: Shown[]; next: string | null }>(path, { headers: OPERATOR });
      ids.push(...page.handoffs.map(({ id }) => id));
      if (page.next === null) break;
      before = page.next;
    }
    expect(ids.length).toBeGreaterThan(60);
    expect(ids).toEqual([...new Set(ids)].sort().reverse());
  });

  it("cancels what is not routed, wherever it is, and hears why something cannot be done", async () => {
    const faults = [{ operation: "createConversation", kind: "status", status: 503, times: 3 }];
    const made = await dev.fetch("/emulator/faults", { method: "POST", body: JSON.stringify(faults) });
    expect([made.status, await made.text()]).toEqual([201, expect.any(String)]);
    const asked = await dev.bot("/handoffs", { session: "unlucky", reason: "asked" }, { prefer: "respond-async" });
    const { handoffId } = (await asked.json()) as Said;
    const act = async (name: string) =>
      (await dev.fetch(`/v1/handoffs/${handoffId}/${name}`, { method: "POST", headers: OPERATOR })).status;
    expect(await act("retry")).toBe(409);
    expect(await act("cancel")).toBe(200);
    expect((await session("unlucky")).handoff.state).toBe("cancelled");
    expect(
      (await dev.fetch("/v1/handoffs/01M0000000000000000000000/retry", { method: "POST", headers: OPERATOR })).status,
    ).toBe(404);
    await dev.fetch("/emulator/faults", { method: "DELETE" });
  });
});

describe("beside the service on Node", () => {
  it("one schedule of chats gives the same log of the platform", async () => {
    const config = parseConfig({ PORT: "0", DATABASE_PATH: ":memory:", LOG_LEVEL: "error" });
    if (!config.ok) throw new Error(config.error.join());
    const node = await startService(
      { ...config.value, operators: [{ name: "operator", token: "operator", mayAct: true }] },
      flows,
    );
    try {
      const secret = node.development?.botSecrets.get("shop-assistant")?.[0] ?? "";
      const play = async (side: Side, token: string) => {
        const played: Record<string, unknown> = {};
        for (const [name, chat] of Object.entries(chats)) played[name] = await playChat(side, token, name, chat);
        return played;
      };
      const [onNode, onWorker] = await Promise.all([
        play({ url: node.url, secret }, "operator"),
        play({ url: dev.url, secret: "development-secret" }, "development-operator"),
      ]);
      expect(onWorker).toEqual(onNode);
    } finally {
      await node.stop();
    }
  });
});
