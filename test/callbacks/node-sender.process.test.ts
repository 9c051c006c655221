import { createServer, type RequestListener, type Server } from "node:http";
import { createServer as createSecureServer } from "node:https";
import type { AddressInfo, Socket } from "node:net";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { afterEach, describe, expect, it } from "vitest";
import { createNodeSender } from "../../src/callbacks/node-sender.ts";
import { BOT_TEST_CERTIFICATE, BOT_TEST_KEY } from "./certificate.ts";

const ends: (() => void)[] = [];
afterEach(() => {
  for (const end of ends.splice(0)) end();
});

async function listening(server: Server): Promise<{ port: number; connections: () => number }> {
  let connections = 0;
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    connections += 1;
    sockets.add(socket);
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  ends.push(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  return { port: (server.address() as AddressInfo).port, connections: () => connections };
}

const serve = (handle: RequestListener) => listening(createServer(handle));

const loopback = async () => [{ address: "127.0.0.1", family: 4 }];
const message = (url: string, timeoutMs = 5_000) => ({ url, headers: { "webhook-id": "cb-1" }, body: "{}", timeoutMs });

describe("a name", () => {
  it("is resolved once, and the connection is made to what was checked", async () => {
    const heard: (string | undefined)[] = [];
    const { port } = await serve((request, response) => {
      heard.push(request.headers.host, String(request.headers["webhook-id"]), request.url);
      response.writeHead(204).end();
    });
    const answers = [
      [{ address: "127.0.0.1", family: 4 }],
      // A second lookup would lead here: nothing listens there.
      [{ address: "127.0.0.9", family: 4 }],
    ];
    let lookups = 0;
    const sender = createNodeSender({
      allowedHosts: ["bot.test"],
      lookup: async () => answers[lookups++] ?? [],
    });
    const sent = await sender.send(message(`http://bot.test:${port}/callbacks?of=shop`));
    expect(sent).toEqual({ kind: "answered", status: 204, retryAfter: null });
    expect(lookups).toBe(1);
    expect(heard).toEqual([`bot.test:${port}`, "cb-1", "/callbacks?of=shop"]);
  });

  it.each([
    ["10.0.0.5"],
    ["172.16.0.1"],
    ["192.168.1.1"],
    ["127.0.0.1"],
    ["169.254.169.254"],
    ["100.64.0.1"],
    ["198.18.0.1"],
    ["0.0.0.0"],
    ["224.0.0.1"],
    ["::1"],
    ["::"],
    ["fe80::1"],
    ["fd00:ec2::254"],
    ["ff02::1"],
    ["::ffff:127.0.0.1"],
    ["64:ff9b::7f00:1"],
    ["2002:7f00:1::"],
  ])("that leads to %s is refused, whatever else it leads to", async (address) => {
    const { port, connections } = await serve((_, response) => response.end());
    const family = address.includes(":") ? 6 : 4;
    const sender = createNodeSender({
      lookup: async () => [
        { address: "8.8.8.8", family: 4 },
        { address, family },
      ],
    });
    const sent = await sender.send(message(`https://bot.test:${port}/`));
    expect(sent).toEqual({ kind: "not-sent", code: "private-address" });
    expect(connections()).toBe(0);
  });

  it("that does not resolve, or not in time, was not sent to", async () => {
    const failing = createNodeSender({
      lookup: () => Promise.reject(Object.assign(new Error("no such name"), { code: "ENOTFOUND" })),
    });
    expect(await failing.send(message("https://bot.test/"))).toEqual({ kind: "not-sent", code: "ENOTFOUND" });
    const empty = createNodeSender({ lookup: async () => [] });
    expect(await empty.send(message("https://bot.test/"))).toEqual({ kind: "not-sent", code: "ENOTFOUND" });
    const silent = createNodeSender({ lookup: () => new Promise(() => {}) });
    expect(await silent.send(message("https://bot.test/", 20))).toEqual({ kind: "not-sent", code: "timeout" });
  });
});

describe("a URL", () => {
  const { refusalOf } = createNodeSender({ allowedHosts: ["bot.internal", "10.0.0.5:8080", "[::1]", "plain.test:80"] });

  it.each([
    ["https://bot.example/callbacks", null],
    ["https://8.8.8.8/", null],
    ["https://[2606:4700::1111]/", null],
    ["http://bot.example/callbacks", "not-https"],
    ["https://10.0.0.6/", "private-address"],
    ["https://127.1/", "private-address"],
    ["https://0x7f000001/", "private-address"],
    ["https://2130706433/", "private-address"],
    ["https://[::ffff:127.0.0.1]/", "private-address"],
    ["https://localhost:3000/", "private-address"],
    ["https://bot.localhost/", "private-address"],
    ["https://localhost./", "private-address"],
    ["https://bot.internal/", null],
    ["http://bot.internal:3000/", null],
    ["https://not.bot.internal/", null],
    ["http://not.bot.internal/", "not-https"],
    ["http://10.0.0.5:8080/", null],
    ["http://10.0.0.5/", "not-https"],
    ["https://10.0.0.5:8443/", "private-address"],
    ["http://[::1]:3000/", null],
    ["http://plain.test/", null],
    ["http://plain.test:8080/", "not-https"],
  ])("%s is refused for %s", (url, refusal) => {
    expect(refusalOf(url)).toBe(refusal);
  });

  it("that is refused is sent nothing", async () => {
    const { port, connections } = await serve((_, response) => response.end());
    const sender = createNodeSender();
    expect(await sender.send(message(`http://127.0.0.1:${port}/`))).toEqual({ kind: "not-sent", code: "not-https" });
    expect(await sender.send(message(`https://127.0.0.1:${port}/`))).toMatchObject({ code: "private-address" });
    expect(await sender.send(message(`https://localhost:${port}/`))).toMatchObject({ code: "private-address" });
    expect(connections()).toBe(0);
  });

  it("with an address that is allowed is sent to", async () => {
    const { port } = await serve((_, response) => response.writeHead(200).end("ok"));
    const sender = createNodeSender({ allowedHosts: [`127.0.0.1:${port}`] });
    expect(await sender.send(message(`http://127.0.0.1:${port}/`))).toMatchObject({ kind: "answered", status: 200 });
  });
});

describe("TLS", () => {
  async function secure() {
    const trusted = getCACertificates("default");
    setDefaultCACertificates([BOT_TEST_CERTIFICATE]);
    ends.push(() => setDefaultCACertificates(trusted));
    const names: string[] = [];
    const server = createSecureServer(
      {
        key: BOT_TEST_KEY,
        cert: BOT_TEST_CERTIFICATE,
        SNICallback: (name, done) => {
          names.push(name);
          done(null);
        },
      },
      (_, response) => response.writeHead(204).end(),
    );
    return { ...(await listening(server)), names };
  }

  it("is with the host's name, though the connection is to an address", async () => {
    const { port, names } = await secure();
    const sender = createNodeSender({ allowedHosts: ["bot.test"], lookup: loopback });
    expect(await sender.send(message(`https://bot.test:${port}/`))).toMatchObject({ kind: "answered", status: 204 });
    expect(names).toEqual(["bot.test"]);
  });

  it("with the certificate of another name is no connection", async () => {
    const { port, names } = await secure();
    const sender = createNodeSender({ allowedHosts: ["other.test"], lookup: loopback });
    const sent = await sender.send(message(`https://other.test:${port}/`));
    expect(sent).toEqual({ kind: "not-sent", code: "ERR_TLS_CERT_ALTNAME_INVALID" });
    expect(names).toEqual(["other.test"]);
  });
});

describe("an answer", () => {
  const sendTo = async (handle: RequestListener, timeoutMs?: number) => {
    const { port } = await serve(handle);
    const sender = createNodeSender({ allowedHosts: ["bot.test"], lookup: loopback });
    return sender.send(message(`http://bot.test:${port}/`, timeoutMs));
  };

  it("that redirects is not followed", async () => {
    const elsewhere = await serve((_, response) => response.end());
    const sent = await sendTo((_, response) =>
      response.writeHead(307, { location: `http://127.0.0.1:${elsewhere.port}/` }).end(),
    );
    expect(sent).toMatchObject({ kind: "answered", status: 307 });
    expect(elsewhere.connections()).toBe(0);
  });

  it("tells when to come back", async () => {
    const sent = await sendTo((_, response) => response.writeHead(429, { "retry-after": "120" }).end());
    expect(sent).toEqual({ kind: "answered", status: 429, retryAfter: "120" });
  });

  it("counts by its status, though its body never ends", async () => {
    const sent = await sendTo((_, response) => {
      response.writeHead(200).write("{");
    });
    expect(sent).toMatchObject({ kind: "answered", status: 200 });
  });

  it("of any size is read no further than a little", async () => {
    let written = 0;
    const hungUp = new Promise<void>((resolve) => {
      void sendTo((_, response) => {
        response.writeHead(200).once("close", resolve);
        const pour = (): void => {
          while (!response.destroyed && response.write(Buffer.alloc(65_536))) written += 65_536;
        };
        response.on("drain", pour);
        pour();
      });
    });
    await hungUp;
    // The kernel may take this much from the server, but not an endless body.
    expect(written).toBeLessThan(64 * 1024 * 1024);
  });

  it("that does not come in time may be of something that arrived", async () => {
    expect(await sendTo(() => {}, 50)).toEqual({ kind: "unanswered", code: "timeout" });
  });

  it("that breaks off may be of something that arrived", async () => {
    const sent = await sendTo((request) => request.socket.destroy());
    expect(sent.kind).toBe("unanswered");
  });

  it("cannot come where nothing listens", async () => {
    const { port } = await serve((_, response) => response.end());
    for (const end of ends.splice(0)) end();
    const sender = createNodeSender({ allowedHosts: ["bot.test"], lookup: loopback });
    const sent = await sender.send(message(`http://bot.test:${port}/`));
    expect(sent).toEqual({ kind: "not-sent", code: "ECONNREFUSED" });
  });
});
