import { expect, it } from "vitest";
import { toBaseUrl } from "../../src/infobip/base-url.ts";

it.each([
  ["https://xyz.api.infobip.com", "https://xyz.api.infobip.com"],
  ["xyz.api.infobip.com", "https://xyz.api.infobip.com"],
  ["  XYZ.Api.Infobip.com//\n", "https://xyz.api.infobip.com"],
  ["HTTPS://XYZ.api.infobip.com:443/", "https://xyz.api.infobip.com"],
  ["http://localhost:9000", "http://localhost:9000"],
  ["http://127.0.0.2:9000/", "http://127.0.0.2:9000"],
  ["http://[::1]:9000", "http://[::1]:9000"],
])("takes %j", (pasted, origin) => {
  expect(toBaseUrl(pasted)).toEqual({ ok: true, value: origin });
});

it.each([
  ["", "not an address"],
  ["   ", "not an address"],
  ["https://x .api.infobip.com", "not an address"],
  ["https://x.api\n.infobip.com", "not an address"],
  ["https:x.api.infobip.com", "not an address"],
  ["http://xyz.api.infobip.com", "loopback"],
  ["http://localhost.example", "loopback"],
  ["http://app.localhost:9000", "loopback"],
  ["http://127.0.0.1.example", "loopback"],
  ["ftp://xyz.api.infobip.com", "https://"],
  ["https://user:secret@xyz.api.infobip.com", "user or password"],
  ["user:secret@xyz.api.infobip.com", "user or password"],
  ["https://xyz.api.infobip.com/ccaas/1", "without a path"],
  ["https://xyz.api.infobip.com\\ccaas", "without a path"],
  ["https://xyz.api.infobip.com?", "without a path"],
  ["https://xyz.api.infobip.com/#x", "without a path"],
])("refuses %j and says why, never what", (pasted, why) => {
  const result = toBaseUrl(pasted);
  expect(result).toMatchObject({ ok: false, error: expect.stringContaining(why) });
  expect(JSON.stringify(result)).not.toContain("secret");
});
