import { describe, expect, it } from "vitest";
import { createConversationsClient } from "../../src/infobip/client.ts";
import { fc } from "../fuzz/fast-check.ts";

const CONVERSATION = { id: "c1", status: "OPEN" };
const MESSAGE = { from: "1", to: "2", channel: "SMS", contentType: "TEXT", content: { text: "x" } };

function clientOf(
  fetch: (request: Request) => Promise<Response>,
  limits: { timeoutMs?: number; maxBytes?: number } = {},
) {
  return createConversationsClient({ baseUrl: "https://x.example", apiKey: "key", now: () => 0, fetch, ...limits });
}
type Source = NonNullable<ConstructorParameters<typeof ReadableStream<Uint8Array>>[0]>;
const streamOf = (source: Source, status = 200, headers = {}) =>
  new Response(new ReadableStream(source), { status, headers });
const bytes = (text: string) => new TextEncoder().encode(text);

describe("an exchange", () => {
  it("keeps its time also over a fetch that knows no signal", async () => {
    const client = clientOf(() => new Promise(() => {}), { timeoutMs: 20 });
    expect(await client.create({})).toMatchObject({ kind: "unknown", why: "timeout", call: { status: null } });
  });

  it("keeps one time for headers and body together", async () => {
    const client = clientOf(async () => streamOf({ start: (each) => each.enqueue(bytes("{")) }), { timeoutMs: 20 });
    expect(await client.create({})).toMatchObject({ kind: "unknown", why: "timeout", call: { status: 200 } });
  });

  it("keeps its time also over a body that drips", async () => {
    const drip = {
      pull: async (each: ReadableStreamDefaultController<Uint8Array>) => {
        await new Promise((resolve) => setTimeout(resolve, 5));
        each.enqueue(bytes(" "));
      },
    };
    expect(await clientOf(async () => streamOf(drip), { timeoutMs: 40 }).create({})).toMatchObject({ why: "timeout" });
  });

  it("aborts the request of which it has given up", async () => {
    let signal: AbortSignal | undefined;
    const client = clientOf(
      (request) => {
        signal = request.signal;
        return new Promise(() => {});
      },
      { timeoutMs: 20 },
    );
    await client.create({});
    expect(signal?.aborted).toBe(true);
  });

  it("gives up a body at its size cap", async () => {
    let cancelled = false;
    const endless = {
      pull: (each: ReadableStreamDefaultController<Uint8Array>) => each.enqueue(bytes("x".repeat(600))),
      cancel: () => {
        cancelled = true;
      },
    };
    const outcome = await clientOf(async () => streamOf(endless), { maxBytes: 1_000 }).create({});
    expect(outcome).toMatchObject({ kind: "unknown", why: "unreadable", detail: "over the size cap" });
    expect(cancelled).toBe(true);
  });

  it("knows a refusal by its status though the body breaks off", async () => {
    const broken = () => streamOf({ pull: (each) => each.error(new Error("x")) }, 429, { "retry-after": "5" });
    expect(await clientOf(async () => broken()).create({})).toMatchObject({
      kind: "refused",
      refusal: { reason: "throttled", retryAfterMs: 5_000 },
      call: { status: 429 },
    });
  });

  it("puts characters together that come in two pieces", async () => {
    const json = bytes(JSON.stringify({ ...CONVERSATION, topic: "č" }));
    const at = json.indexOf(0xc4) + 1;
    const pieces = (each: ReadableStreamDefaultController<Uint8Array>) => {
      each.enqueue(json.slice(0, at));
      each.enqueue(json.slice(at));
      each.close();
    };
    expect(await clientOf(async () => streamOf({ start: pieces })).get("c1")).toMatchObject({ value: { topic: "č" } });
  });

  it("takes from the answer to route only what it says of this conversation", async () => {
    const answers = [
      CONVERSATION,
      { conversations: [CONVERSATION], pagination: null },
      { id: "c2", status: "OPEN" },
      {},
    ];
    const client = clientOf(async () => Response.json(answers.shift()));
    const ids = [];
    for (const _ of [...answers]) {
      const outcome = await client.route("c1");
      ids.push(outcome.kind === "ok" ? (outcome.value?.id ?? null) : outcome);
    }
    expect(ids).toEqual(["c1", "c1", null, null]);
  });

  it("takes an empty answer to route, and to nothing else", async () => {
    const client = clientOf(async () => new Response(""));
    expect(await client.route("c1")).toMatchObject({ kind: "ok", value: null });
    expect(await client.addTag("c1", "t")).toMatchObject({ kind: "unknown", why: "unreadable", detail: "no body" });
    expect(await client.metadataOf("c1")).toMatchObject({ kind: "unknown", why: "unreadable" });
  });

  it("sends nothing for what cannot be sent, and says so", async () => {
    const client = clientOf(async () => expect.unreachable("nothing may be sent"));
    for (const attempt of [
      client.get(""),
      client.get(".."),
      client.removeTag("c1", "\ud800"),
      client.addMessage("c1", MESSAGE, "a\r\nx-evil: 1"),
    ]) {
      expect(await attempt).toMatchObject({ kind: "refused", refusal: { reason: "invalid", status: null } });
    }
  });

  it("asks not to follow a redirect", async () => {
    let redirect = "";
    const client = clientOf(async (request) => {
      redirect = request.redirect;
      return Response.json(CONVERSATION);
    });
    await client.get("c1");
    expect(redirect).toBe("manual");
  });

  it("names the acting agent in its header", async () => {
    let header: string | null = null;
    const client = clientOf(async (request) => {
      header = request.headers.get("x-agent-id");
      return Response.json({ id: "m1", content: {} });
    });
    await client.addMessage("c1", MESSAGE, "A1");
    expect(header).toBe("A1");
  });

  it("measures with the clock it is given", async () => {
    let now = 100;
    const client = createConversationsClient({
      baseUrl: "https://x.example",
      apiKey: "key",
      now: () => 0,
      monotonic: () => now,
      fetch: async () => {
        now += 42.4;
        return Response.json(CONVERSATION, { headers: { "x-request-id": "r".repeat(1_000) } });
      },
    });
    expect((await client.get("c1")).call).toEqual({ status: 200, requestId: "r".repeat(200), ms: 42 });
  });

  it("does not start with a key that is no header, and does not quote it", () => {
    const start = (apiKey: string) => () =>
      createConversationsClient({
        baseUrl: "https://x.example",
        apiKey,
        now: () => 0,
        fetch: async () => new Response(),
      });
    for (const apiKey of ["", "sec\nret", "sécret", " secret"]) {
      expect(start(apiKey)).toThrow("the API key must be printable ASCII");
    }
  });

  it("ends in an outcome whatever is thrown", async () => {
    await fc.assert(
      fc.asyncProperty(fc.anything(), fc.boolean(), async (thrown, isSync) => {
        const client = clientOf(() => {
          if (isSync) throw thrown;
          return Promise.reject(thrown);
        });
        expect(["refused", "unknown"]).toContain((await client.create({})).kind);
      }),
      { numRuns: 100 },
    );
  });
});
