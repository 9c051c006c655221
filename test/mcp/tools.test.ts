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

it("tells a model what is wrong, and a stranger nothing", async () => {
  const { door, client } = await connect({ mode: "auto" });
  const wrong = await client.callTool({ name: "hand_over_to_human", arguments: { session: "{{session}}" } });
  expect(wrong).toMatchObject({ isError: true, content: [{ text: expect.stringContaining("session") }] });
  const stranger = await door.request(ADDRESS, { method: "POST", body: "{}" });
  expect(stranger.status).toBe(401);
  const { headers } = await door.request(ADDRESS, { headers: { authorization: `Bearer ${SECRET}` } });
  expect(headers.get("allow")).toBe("OPTIONS, POST");
});
