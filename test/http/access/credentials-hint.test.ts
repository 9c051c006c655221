import { describe, expect, it } from "vitest";
import { createWorld, OPERATOR_TOKEN, SECRET } from "../../support/world.ts";

const JWT = "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJhY2NvdW50cyJ9.c2lnbmF0dXJl";
const EVENTS = "/v1/bots/shop-assistant/events";

async function refusedWith(headers: Record<string, string>, path = EVENTS): Promise<string> {
  const answer = await createWorld().request(path, { method: "POST", headers, body: "{}" });
  const problem = (await answer.json()) as { detail: string };
  expect([answer.status, answer.headers.get("www-authenticate")]).toEqual([401, expect.stringContaining("Bearer")]);
  return problem.detail;
}

describe("refused credentials", () => {
  it.each<[string, Record<string, string>, RegExp, string?]>([
    ["a JWT", { authorization: `Bearer ${JWT}` }, /is a JWT.*Authorization: Bearer <the bot's secret>/],
    ["no scheme", { authorization: SECRET }, /has no scheme.*Authorization: Bearer <secret>/],
    ["Infobip's scheme", { authorization: `App ${SECRET}` }, /scheme that is not taken here/],
    ["Digest", { authorization: 'Digest username="shop-assistant"' }, /scheme that is not taken here/],
    ["a header for keys", { "x-api-key": SECRET }, /Headers for API keys are not read/],
    ["the query", {}, /query of an address/, `${EVENTS}?access_token=${SECRET}`],
    ["nothing", {}, /^Send the secret as a bearer token/],
    ["another secret", { authorization: "Bearer another" }, /^Send the secret as a bearer token/],
  ])("by %s are told what to send instead, and not repeated", async (_, headers, detail, path) => {
    const said = await refusedWith(headers, path);
    expect(said).toMatch(detail);
    for (const text of [JWT, SECRET]) expect(said).not.toContain(text);
  });

  it("of an operator are told the same", async () => {
    const answer = await createWorld().request("/v1/handoffs", { headers: { authorization: OPERATOR_TOKEN } });
    expect([answer.status, await answer.text()]).toEqual([401, expect.stringContaining("has no scheme")]);
  });
});
