import { describe, expect, it } from "vitest";
import { createAccount, refusal } from "./create-account.ts";

const UNAUTHORIZED = refusal("UNAUTHORIZED", "Unauthorized");

describe("authorization", () => {
  it.each(["App key-1", "Basic dXNlcjpwYXNz", "Bearer token", "IBSSO token", "app key-1"])(
    "accepts %s",
    async (value) => {
      const { call } = createAccount();
      expect((await call("GET", "/conversations", undefined, { authorization: value })).status).toBe(200);
    },
  );

  it.each(["", "App", "App ", "Digest x", "key-1"])("refuses '%s'", async (value) => {
    const { call, emulator } = createAccount();
    const answer = await call("POST", "/conversations", {}, { authorization: value });
    expect([answer.status, answer.body]).toEqual([401, UNAUTHORIZED]);
    expect(emulator.state.conversations.size).toBe(0);
  });

  it("knows the keys it is given, and what each may do", async () => {
    const keys = { reader: ["conversations:read" as const], manager: ["conversations:manage" as const], none: [] };
    const { call } = createAccount({ settings: { keys } });
    const status = async (method: string, key: string) =>
      (await call(method, "/conversations", method === "GET" ? undefined : {}, { authorization: `App ${key}` })).status;
    expect([await status("GET", "reader"), await status("POST", "reader")]).toEqual([200, 403]);
    expect([await status("GET", "manager"), await status("POST", "manager")]).toEqual([200, 200]);
    expect([await status("GET", "none"), await status("GET", "toString")]).toEqual([403, 401]);
  });

  it("says Forbidden as documented", async () => {
    const { call } = createAccount({ settings: { keys: { key: [] } } });
    expect((await call("GET", "/tags")).body).toEqual(refusal("FORBIDDEN", "Forbidden"));
  });
});

describe("an unknown path", () => {
  it("is the documented 404, and is recorded", async () => {
    const { call, send, emulator } = createAccount();
    for (const answer of [await call("GET", "/nothing"), await send("GET", "/ccaas/2/forms")]) {
      expect([answer.status, answer.body]).toEqual([404, refusal("NOT_FOUND", "Not found")]);
    }
    expect(emulator.calls.map(({ operation }) => operation)).toEqual([null, null]);
  });
});
