import { afterEach, expect, it, vi } from "vitest";
import { trustedUrl } from "../../src/cli/support/service-url.ts";

afterEach(() => {
  vi.unstubAllEnvs();
});

it.each(["http://127.0.0.1:8787", "http://localhost:1", "http://[::1]:8787", "https://baton.example.com"])(
  "sends secrets to %s",
  (url) => {
    expect(trustedUrl(url)).toBe(url);
  },
);

it("sends secrets to where this environment's own service listens", () => {
  vi.stubEnv("HOST", "192.168.1.5");
  vi.stubEnv("PORT", "9000");
  expect(trustedUrl()).toBe("http://192.168.1.5:9000");
});

it.each(["http://baton.example.com", "http://192.168.1.5:9000", "http://x.localhost:8787", "http://127.0.0.1.example"])(
  "sends no secret over plain http beyond this machine: %s",
  (url) => {
    expect(() => trustedUrl(url)).toThrow(/give its https:\/\/ address/);
  },
);

it("takes nothing for an address that is none", () => {
  expect(() => trustedUrl("baton")).toThrow(/is not an address/);
});
