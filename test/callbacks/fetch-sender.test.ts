import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createFetchSender } from "../../src/callbacks/fetch-sender.ts";

let server: Server;
let host: string;
const received: { method: string | undefined; id: string | string[] | undefined; body: string }[] = [];
beforeAll(async () => {
  server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk) => {
      body += String(chunk);
    });
    request.on("end", () => {
      received.push({ method: request.method, id: request.headers["webhook-id"], body });
      if (request.url === "/silent") return;
      if (request.url === "/gone") request.socket.destroy();
      else if (request.url === "/elsewhere") response.writeHead(302, { location: "/taken" }).end();
      else if (request.url === "/later") response.writeHead(503, { "retry-after": "7" }).end();
      else response.writeHead(204).end();
    });
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((done) => server.close(done));
});

const send = (url: string, allowedHosts: readonly string[] = [host], timeoutMs = 5_000) =>
  createFetchSender({ fetch: (request) => fetch(request), allowedHosts })({
    url,
    headers: { "webhook-id": "cb-1" },
    body: '{"a":1}',
    timeoutMs,
  });

describe("a sender over fetch", () => {
  it("posts the message, and tells how it was answered", async () => {
    expect(await send(`http://${host}/taken`)).toEqual({ kind: "answered", status: 204, retryAfter: null });
    expect(received.at(-1)).toEqual({ method: "POST", id: "cb-1", body: '{"a":1}' });
    expect(await send(`http://${host}/later`)).toEqual({ kind: "answered", status: 503, retryAfter: "7" });
  });

  it("follows no redirect", async () => {
    const before = received.length;
    expect(await send(`http://${host}/elsewhere`)).toMatchObject({ kind: "answered", status: 302 });
    expect(received).toHaveLength(before + 1);
  });

  it("cannot tell whether it arrived where no answer came", async () => {
    expect(await send(`http://${host}/gone`)).toMatchObject({ kind: "unanswered" });
    expect(await send(`http://${host}/silent`, [host], 50)).toEqual({ kind: "unanswered", code: "timeout" });
  });

  it.each([
    ["http://bot.example.com/", "not-https"],
    ["https://127.0.0.1/", "private-address"],
    ["https://[::1]/", "private-address"],
    ["https://169.254.169.254/latest", "private-address"],
    ["https://bot.localhost/", "private-address"],
  ])("sends nothing to %s", async (url, code) => {
    expect(await send(url, [])).toEqual({ kind: "not-sent", code });
  });
});
