import { expect, it } from "vitest";
import { createWorld, OPERATOR_TOKEN, SECRET } from "../support/world.ts";
import { anyText, fc } from "./fast-check.ts";
import { MARK } from "./malformed-bodies.ts";
import { mutated } from "./mutations.ts";
import { realistic } from "./payloads.ts";
import { runs } from "./runs.ts";

const segment = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.constantFrom("v1", "bots", "shop-assistant", "events", "handoffs", "webhooks", "sessions"),
  },
  {
    weight: 2,
    arbitrary: fc.constantFrom("answers", "flow", "infobip-bot", "baton", "flows", "livez", "readyz", "s1"),
  },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      "",
      ".",
      "..",
      "%2e%2e",
      "%2f",
      "%00",
      "%zz",
      "%ff",
      "__proto__",
      "constructor",
      MARK,
      "*",
    ),
  },
  {
    weight: 1,
    arbitrary: anyText({ maxLength: 20 }).map((it) => encodeURIComponent(it.toWellFormed())),
  },
);
const known = fc.constantFrom(
  "/v1/bots/shop-assistant/events",
  "/v1/bots/shop-assistant/handoffs",
  "/v1/bots/shop-assistant/webhooks/answers",
  "/v1/bots/shop-assistant/webhooks/flow",
  "/v1/bots/shop-assistant/webhooks/infobip-bot",
  "/v1/bots/shop-assistant/sessions/s1",
  "/v1/handoffs?limit=1",
  "/v1/flows",
);
const path = fc.oneof(
  known,
  fc.array(segment, { maxLength: 7 }).map((segments) => `/${segments.join("/")}`),
  fc.tuple(known, segment).map(([start, end]) => `${start}/${end}`),
  fc.tuple(known, fc.webQueryParameters()).map(([start, query]) => `${start}?${query}`),
);
const method = fc.constantFrom(
  "POST",
  "POST",
  "POST",
  "GET",
  "GET",
  "PUT",
  "PATCH",
  "DELETE",
  "HEAD",
  "OPTIONS",
  "PROPFIND",
);
const credentials = fc.oneof(
  { weight: 6, arbitrary: fc.constant(`Bearer ${SECRET}`) },
  { weight: 1, arbitrary: fc.constant(`Bearer ${OPERATOR_TOKEN}`) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(`Bearer ${MARK}`, "Basic %%%", "Bearer", `Basic ${btoa(`shop-assistant:${SECRET}`)}`),
  },
  { weight: 1, arbitrary: fc.constant(undefined) },
);
const value = fc.stringMatching(/^[\x21-\x7e\xa1-\xff]{0,40}$/);
const header = fc
  .tuple(
    fc.constantFrom(
      "idempotency-key",
      "content-type",
      "content-encoding",
      "x-request-id",
      "webhook-id",
      "webhook-timestamp",
      "webhook-signature",
      "x-hub-signature-256",
      "prefer",
      "accept",
      "forwarded",
    ),
    fc.oneof(value, fc.constantFrom(MARK, "", "application/json", "gzip", "respond-async", "wait=0", "v1,", "1")),
  )
  // A caller may see its own request id again.
  .filter(([name, given]) => name !== "x-request-id" || given !== MARK);
const json = mutated([...Object.values(realistic).flat(), { session: "s1" }, null]).map((it) => JSON.stringify(it));
const body = fc.oneof(
  { weight: 6, arbitrary: json.map((it) => new TextEncoder().encode(it)) },
  { weight: 2, arbitrary: fc.uint8Array({ maxLength: 200 }) },
  { weight: 1, arbitrary: json.map((it) => new TextEncoder().encode(it.slice(0, -1))) },
);

/** An answer that takes longer never comes: nothing here waits for anything. */
const HANG_MS = 20_000;

it("answers whatever is asked with what was done or a problem, never with a failure of its own, and repeats nothing", async () => {
  const world = createWorld();
  const any = fc.record({ method, path, credentials, headers: fc.array(header, { maxLength: 4 }), body });
  await fc.assert(
    fc.asyncProperty(any, async (asked) => {
      const headers = new Headers(asked.headers);
      // The world's clock stands still: an answer that waits would wait for ever.
      headers.set("prefer", "respond-async");
      if (asked.credentials !== undefined) headers.set("authorization", asked.credentials);
      const hasBody = asked.method !== "GET" && asked.method !== "HEAD";
      const before = world.operations().length;
      const response = await Promise.race([
        world.request(asked.path, {
          method: asked.method,
          headers,
          ...(hasBody && { body: new Uint8Array(asked.body) }),
        }),
        new Promise<null>((resolve) => setTimeout(resolve, HANG_MS, null).unref()),
      ]);
      if (response === null) throw new Error("no answer");
      expect(response.status).toBeLessThan(500);
      // The work of an accepted request ends before the next request.
      if (response.status < 400) return world.pass(0);
      expect(world.operations().length).toBe(before);
      expect(response.headers.get("content-type")).toBe("application/problem+json");
      const said = await response.text();
      expect(said).not.toContain(MARK);
      if (asked.method !== "HEAD") {
        expect(JSON.parse(said)).toMatchObject({
          type: expect.stringMatching(/^urn:baton:problem:/),
          status: response.status,
        });
      }
    }),
    runs(400),
  );
});
