import { createServer, request as httpRequest } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { flows } from "../../flows/index.ts";
import { parseConfig } from "../../src/config.ts";
import { deliverHere, serveHere } from "../../src/emulator/control/own-machine.ts";
import { startEmulator, startService } from "../../src/node.ts";

/** Sends a request as a browser does under any name that it resolved to this machine. */
const ask = (port: number, method: string, path: string, headers: Record<string, string>, body?: string) =>
  new Promise<{ status: number; text: string; headers: Record<string, unknown> }>((resolve, reject) => {
    const sent = httpRequest({ host: "127.0.0.1", port, method, path, headers }, async (answer) => {
      const chunks = await answer.toArray();
      resolve({ status: answer.statusCode ?? 0, text: Buffer.concat(chunks).toString(), headers: answer.headers });
    });
    sent.on("error", reject).end(body);
  });

const servers: { port: number; kind: string; stop: () => Promise<void> }[] = [];
beforeAll(async () => {
  const config = parseConfig({ PORT: "0", DATABASE_PATH: ":memory:", LOG_LEVEL: "error" });
  if (!config.ok) throw new Error(config.error.join());
  const service = await startService(config.value, flows);
  const alone = await startEmulator(0);
  for (const [kind, { url, stop }] of [["inside the service", service] as const, ["alone", alone] as const]) {
    servers.push({ kind, port: Number(new URL(url).port), stop });
  }
});
afterAll(async () => {
  for (const { stop } of servers) await stop();
});

const app = { authorization: "App any" };
const asked: [method: string, path: string, headers: Record<string, string>, body?: string][] = [
  ["GET", "/emulator/state", {}],
  ["GET", "/emulator/desk", {}],
  ["GET", "/emulator/calls", {}],
  ["PATCH", "/emulator/settings", {}, "{}"],
  ["POST", "/emulator/pushes", {}, '{"type":"X","payload":{}}'],
  ["POST", "/subscriptions/1/profiles", app, '{"webhook":{"notifyUrl":"http://127.0.0.1:1/"}}'],
  ["GET", "/ccaas/1/conversations", app],
];

describe("the emulator", () => {
  it.each(asked)(
    "answers no page that has rebound its name to this machine, and no tunnel: %s %s",
    async (method, path, headers, body) => {
      for (const { port, kind } of servers) {
        const elsewhere: Record<string, string>[] = [
          { host: `evil.example:${port}`, origin: `http://evil.example:${port}` },
          { host: `127.0.0.1.evil.example:${port}` },
          { host: "abc.ngrok.app" },
          { host: `x.localhost:${port}` },
          { host: `127.0.0.1:${port}`, "x-forwarded-for": "203.0.113.9" },
          { host: `localhost:${port}`, "x-forwarded-host": "abc.ngrok.app" },
          { host: `localhost:${port}`, forwarded: "for=203.0.113.9" },
        ];
        for (const more of elsewhere) {
          const answer = await ask(port, method, path, { ...headers, ...more }, body);
          expect([answer.status, answer.headers["content-type"]], `${kind} ${JSON.stringify(more)}`).toEqual([
            421,
            "application/problem+json",
          ]);
        }
      }
    },
  );

  it.each([
    ["cf-connecting-ip", "203.0.113.9"],
    ["cf-ray", "8f0a1b2c3d4e5f60-ZAG"],
    ["cdn-loop", "cloudflare; loops=1"],
    ["x-real-ip", "127.0.0.1"],
    ["true-client-ip", "203.0.113.9"],
    ["x-client-ip", "203.0.113.9"],
    ["x-cluster-client-ip", "203.0.113.9"],
    ["wl-proxy-client-ip", "203.0.113.9"],
    ["do-connecting-ip", "203.0.113.9"],
    ["x-originating-ip", "203.0.113.9"],
    ["x-remote-addr", "203.0.113.9"],
    ["x-forwarded", "for=203.0.113.9"],
    ["x-original-forwarded-for", "203.0.113.9"],
    ["x-original-host", "abc.ngrok.app"],
    ["fly-client-ip", "203.0.113.9"],
    ["fly-region", "ams"],
    ["fastly-client-ip", "203.0.113.9"],
    ["ngrok-skip-browser-warning", "1"],
    ["ngrok-auth-user-email", "ana@example.com"],
    ["tailscale-user-login", "ana@example.com"],
    ["x-tunnel-id", "1"],
    ["x-amzn-trace-id", "Root=1-67891233-abcdef012345678912345678"],
    ["x-envoy-external-address", "203.0.113.9"],
    ["x-azure-clientip", "203.0.113.9"],
    ["x-appengine-user-ip", "203.0.113.9"],
    ["x-cloud-trace-context", "105445aa7843bc8bf206b12000100000/1;o=1"],
    ["via", "1.1 proxy"],
    ["proxy-connection", "keep-alive"],
  ])("answers nothing that a proxy has passed on: %s", async (header, value) => {
    for (const { port, kind } of servers) {
      const { status } = await ask(port, "GET", "/emulator/state", { host: `localhost:${port}`, [header]: value });
      expect(status, kind).toBe(421);
    }
  });

  it("answers a browser, curl and the server of wrangler, which names who asked it", async () => {
    const ofABrowser = {
      ...{ accept: "text/html", "accept-language": "de", "cache-control": "no-cache", connection: "keep-alive" },
      ...{ cookie: "a=b", dnt: "1", pragma: "no-cache", referer: "http://localhost/", "sec-fetch-site": "same-origin" },
      ...{ "sec-ch-ua-platform": "Linux", "upgrade-insecure-requests": "1", "user-agent": "Mozilla/5.0" },
      ...{ "x-requested-with": "XMLHttpRequest", "x-request-id": "1", traceparent: "00-1-1-01", priority: "u=0, i" },
    };
    const asks = [ofABrowser, { "user-agent": "curl/8.5.0", accept: "*/*" }, { "cf-connecting-ip": "127.0.0.1" }, {}];
    for (const { port, kind } of servers) {
      for (const headers of asks) {
        const { status } = await ask(port, "GET", "/emulator/state", { host: `localhost:${port}`, ...headers });
        expect(status, kind).toBe(200);
      }
    }
  });

  it("answers this machine under its names, and nobody keeps the answer", async () => {
    for (const { port, kind } of servers) {
      for (const host of [`127.0.0.1:${port}`, `localhost:${port}`, `[::1]:${port}`]) {
        const { status, headers } = await ask(port, "GET", "/emulator/state", { host });
        expect([status, headers["cache-control"], headers["x-content-type-options"]], kind).toEqual([
          200,
          "no-store",
          "nosniff",
        ]);
      }
    }
  });

  it("pushes to this machine", async () => {
    const arrived = Promise.withResolvers<string | undefined>();
    const target = createServer((request, response) => {
      arrived.resolve(request.url);
      response.end();
    });
    await new Promise<void>((resolve) => target.listen(0, "127.0.0.1", resolve));
    const { url, emulator, stop } = await startEmulator(0);
    emulator.pushes.subscribe({ url: `http://localhost:${(target.address() as AddressInfo).port}/here` });
    await ask(
      Number(new URL(url).port),
      "POST",
      "/ccaas/1/conversations",
      { ...app, "content-type": "application/json" },
      "{}",
    );
    expect(await arrived.promise).toBe("/here");
    await stop();
    target.close();
  });

  it("pushes nowhere else, unless it is allowed to", async () => {
    const reached: string[] = [];
    const deliver = deliverHere(
      async ({ url }) => {
        reached.push(url);
        return new Response();
      },
      ({ host }) => host === "baton.internal:8787",
    );
    await deliver(new Request("http://baton.internal:8787/v1/infobip/default/events"));
    await deliver(new Request("http://[::1]:1/"));
    for (const url of [
      "http://baton.internal/",
      "http://169.254.169.254/",
      "https://x.localhost/",
      "http://10.0.0.1/",
    ]) {
      await expect(deliver(new Request(url))).rejects.toMatchObject({ code: "NOT_ALLOWED" });
    }
    expect(reached).toEqual(["http://baton.internal:8787/v1/infobip/default/events", "http://[::1]:1/"]);
  });

  it("has its own word on how an answer is kept", async () => {
    const serve = serveHere(async () => new Response("x", { headers: { "cache-control": "private" } }));
    expect((await serve(new Request("http://localhost/"))).headers.get("cache-control")).toBe("private");
  });
});
