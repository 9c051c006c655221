import { exports } from "cloudflare:workers";
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { expect, it } from "vitest";

it.each(["legacy", "auto"] as const)("lets a model hand over on Workers (%s protocol)", async (mode) => {
  const client = new Client({ name: "an agent", version: "1" }, { versionNegotiation: { mode } });
  const transport = new StreamableHTTPClientTransport(new URL("http://127.0.0.1/v1/bots/shop-assistant/mcp"), {
    fetch: async (url, init) => exports.default.fetch(new Request(url, init)),
    requestInit: { headers: { authorization: "Bearer development-secret" } },
  });
  await client.connect(transport);
  const { tools } = await client.listTools();
  expect(tools.map(({ name }) => name)).toEqual(["hand_over_to_human", "handoff_status"]);
  const session = `mcp-${mode}`;
  const status = () => client.callTool({ name: "handoff_status", arguments: { session } });
  expect((await status()).structuredContent).toMatchObject({ control: "bot", silent: false });
  const handed = await client.callTool({
    name: "hand_over_to_human",
    arguments: { session, reason: "wants a refund" },
  });
  expect(handed.structuredContent).toMatchObject({ outcome: "accepted", control: "queue", silent: true });
  expect((await status()).structuredContent).toMatchObject({ control: "queue", silent: true });
  await client.close();
});
