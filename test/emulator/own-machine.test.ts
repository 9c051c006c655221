import { createServer, request as httpRequest } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { flows } from "../../flows/index.ts";
import { parseConfig } from "../../src/config.ts";
import { deliverHere, serveHere } from "../../src/emulator/control/own-machine.ts";
import { startEmulator, startService } from "../../src/node.ts";

/** As a browser asks under whatever name it has resolved to this machine. */
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
