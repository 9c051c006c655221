import { exports } from "cloudflare:workers";
import { expect, it } from "vitest";

const get = (path: string) => exports.default.fetch(new Request(`http://127.0.0.1${path}`));

it("describes on Workers what is there: the rebuild of the lists, and no page", async () => {
  const answer = await get("/openapi.json");
  expect(answer.status).toBe(200);
  const { openapi, paths } = (await answer.json()) as { openapi: string; paths: Record<string, object> };
  expect(openapi).toMatch(/^3\.1\./);
  expect(Object.keys(paths)).toEqual(expect.arrayContaining(["/v1/bots/{bot}/events", "/v1/handoffs/rebuild"]));
  expect(paths).not.toHaveProperty("/docs");
  expect((await get("/docs")).status).toBe(404);
});
