import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { expect, it } from "vitest";
import { createDoor } from "../support/door.ts";
import { SECRET } from "../support/world.ts";

const ADDRESS = "/v1/bots/shop-assistant/mcp";

/** Connects a real client of the protocol, in one of its generations. */
async function connect(versionNegotiation: { mode: "legacy" | "auto" }, headers: Record<string, string> = {}) {
  const door = createDoor();
  const client = new Client({ name: "an agent", version: "1" }, { versionNegotiation });
  const transport = new StreamableHTTPClientTransport(new URL(`http://baton.invalid${ADDRESS}`), {
    fetch: async (url, init) => door.service.fetch(new Request(url, init)),
    requestInit: { headers: { authorization: `Bearer ${SECRET}`, prefer: "respond-async", ...headers } },
  });
  await client.connect(transport);
  return { door, client };
}

const messages = [
  { role: "system", content: "Never give discounts." },
  { role: "user", content: "Let me talk to a person" },
];

it.each(["legacy", "auto"] as const)("lets a model hand over and tells it to be silent (%s protocol)", async (mode) => {
  const { door, client } = await connect({ mode });
  const { tools } = await client.listTools();
  expect(tools.map(({ name }) => name)).toEqual(["hand_over_to_human", "handoff_status"]);
  expect(tools[0]?.inputSchema.required).toEqual(["session"]);

  const status = () => client.callTool({ name: "handoff_status", arguments: { session: "chat-1" } });
  expect((await status()).structuredContent).toMatchObject({ control: "bot", silent: false });
  const request = { session: "chat-1", reason: "wants a refund", messages, priority: "HIGH" };
  const handed = await client.callTool({ name: "hand_over_to_human", arguments: request });
  expect(handed.isError).not.toBe(true);
  expect(handed.structuredContent).toMatchObject({ outcome: "accepted", control: "queue", silent: true });
  await door.rest();
  const again = await client.callTool({ name: "hand_over_to_human", arguments: request });
  expect(again.structuredContent).toMatchObject({ outcome: "duplicate", handoffState: "routed" });
  expect((await status()).structuredContent).toMatchObject({ control: "queue", handoffState: "routed", silent: true });
  expect(door.conversations()).toHaveLength(1);
  const notes = door.note();
  expect(notes).toContain("Let me talk to a person");
  expect(notes).not.toContain("discounts");
  await client.close();
});

it("takes the session from the header, and then asks no model for it", async () => {
  const { door, client } = await connect({ mode: "auto" }, { "x-baton-session": "chat-of-header" });
  const { tools } = await client.listTools();
  expect(tools[0]?.inputSchema.properties).not.toHaveProperty("session");
  await client.callTool({ name: "hand_over_to_human", arguments: { reason: "asked" } });
  await door.rest();
  expect(door.record.read((t) => t.handoffs.list({}, 10)).map(({ session }) => session)).toEqual(["chat-of-header"]);
});

it.each(["legacy", "auto"] as const)(
  "takes what it can use of wrong arguments, and names the rest (%s protocol)",
  async (mode) => {
    const { door, client } = await connect({ mode });
    const call = (name: string, given: Record<string, unknown>) => client.callTool({ name, arguments: given });
    const handed = await call("hand_over_to_human", {
      session: 4711,
      reason: 7,
      summary: null,
      messages: "Customer: My parcel is lost\nBot: Which one?",
      priority: "urgent",
      queue: ["cards"],
      mood: "angry",
    });
    expect(handed.isError).not.toBe(true);
    expect(handed.structuredContent).toMatchObject({
      outcome: "accepted",
      control: "queue",
      leftOut: expect.arrayContaining(["queue", "mood"]),
    });
    await door.rest();
    expect(door.note()).toContain("My parcel is lost");
    expect(door.record.read((t) => t.handoffs.list({}, 10)).map(({ session }) => session)).toEqual(["4711"]);
    expect((await call("handoff_status", { session: 4711 })).structuredContent).toMatchObject({ silent: true });
    await client.close();
  },
);

it("lets a model name no event and no conversation", async () => {
  const { door, client } = await connect({ mode: "auto" });
  const ask = (session: string) =>
    client.callTool({
      name: "hand_over_to_human",
      arguments: { session, id: "1", type: "session.ended", conversation_id: "C-1", at: 1, customer: { name: "Ana" } },
    });
  for (const session of ["chat-1", "chat-2"])
    expect((await ask(session)).structuredContent).toMatchObject({
      outcome: "accepted",
      control: "queue",
      leftOut: ["id", "type", "conversation_id", "at"],
    });
  await door.rest();
  expect(door.conversations()).toHaveLength(2);
  expect(door.note()).toContain("Ana");
});

it("shows a model which types its arguments have, and which it must give", async () => {
  const { client } = await connect({ mode: "auto" });
  const { tools } = await client.listTools();
  expect(tools[0]?.inputSchema).toMatchObject({
    required: ["session"],
    properties: { session: { type: "string" }, messages: { type: "array" }, priority: { enum: expect.any(Array) } },
  });
  expect(tools[1]?.inputSchema).toMatchObject({ required: ["session"], properties: { session: { type: "string" } } });
});

it.each(["hand_over_to_human", "handoff_status"])("refuses a call of %s without a session of its own", async (name) => {
  const { client } = await connect({ mode: "auto" });
  for (const given of [{}, { session: null }, { session: "" }, { session: "{{session}}" }, { session: { id: "1" } }]) {
    const refused = await client.callTool({ name, arguments: given });
    expect(refused).toMatchObject({ isError: true, content: [{ text: expect.stringContaining("session") }] });
  }
});

it("tells a model what is wrong, and a stranger nothing", async () => {
  const { door, client } = await connect({ mode: "auto" });
  const wrong = await client.callTool({ name: "hand_over_to_human", arguments: { session: "{{session}}" } });
  expect(wrong).toMatchObject({ isError: true, content: [{ text: expect.stringContaining("session") }] });
  const stranger = await door.request(ADDRESS, { method: "POST", body: "{}" });
  expect(stranger.status).toBe(401);
  const { headers } = await door.request(ADDRESS, { headers: { authorization: `Bearer ${SECRET}` } });
  expect(headers.get("allow")).toBe("OPTIONS, POST");
});
