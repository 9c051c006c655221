import { exports } from "cloudflare:workers";
import { expect, it } from "vitest";

const operator = { authorization: "Bearer development-operator" };
const request = (path: string, init: RequestInit = {}) =>
  exports.default.fetch(new Request(`http://127.0.0.1${path}`, { ...init, headers: operator }));

it("keeps on Workers too what operators did, over all sessions", async () => {
  expect((await request("/v1/bots/shop-assistant/sessions/nobody/export")).status).toBe(404);
  expect((await request("/v1/handoffs/01KBNONE/cancel", { method: "POST" })).status).toBe(404);
  const first = (await (await request("/v1/audit?limit=1")).json()) as { entries: unknown[]; next: string };
  expect(first.entries).toMatchObject([
    { operator: "operator", act: "cancel", bot: null, handoff: "01KBNONE", outcome: "not-found" },
  ]);
  const rest = await (await request(`/v1/audit?act=export&before=${first.next}`)).json();
  expect(rest).toMatchObject({ entries: [{ act: "export", bot: "shop-assistant", handoff: null }], next: null });
});
