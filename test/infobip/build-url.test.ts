import { expect, it } from "vitest";
import { toAddress } from "../../src/infobip/build-url.ts";
import { anyText, fc } from "../fuzz/fast-check.ts";

const ORIGIN = "https://x.api.infobip.com";

it("encodes each part of the path, and a query so that a plus and a space stay what they are", () => {
  const query = {
    createdAfter: "2026-11-23T10:00:00.000+0000",
    name: "Tag 1",
    status: ["OPEN", "WAITING"],
    none: undefined,
    page: 0,
  };
  expect(toAddress(ORIGIN, ["tags", "a b/c?d#e%2e"], query)).toEqual({
    ok: true,
    value: `${ORIGIN}/tags/a%20b%2Fc%3Fd%23e%252e?createdAfter=2026-11-23T10%3A00%3A00.000%2B0000&name=Tag%201&status=OPEN&status=WAITING&page=0`,
  });
});

it.each(["", ".", "..", "\ud800"])("refuses the id %j", (id) => {
  expect(toAddress(ORIGIN, ["conversations", id]).ok).toBe(false);
});

it("refuses a lone surrogate in a query", () => {
  expect(toAddress(ORIGIN, ["tags"], { name: "\udc00" }).ok).toBe(false);
});

it("keeps any id in its own part of the path, and it can be read back", () => {
  fc.assert(
    fc.property(anyText(), anyText(), (id, value) => {
      const address = toAddress(ORIGIN, ["ccaas", "1", "conversations", id, "route"], { value });
      if (!address.ok) return;
      const url = new URL(address.value);
      expect(url.origin).toBe(ORIGIN);
      expect(url.pathname.split("/").map(decodeURIComponent)).toEqual(["", "ccaas", "1", "conversations", id, "route"]);
      expect(url.searchParams.get("value")).toBe(value);
    }),
    { numRuns: 50 },
  );
});
