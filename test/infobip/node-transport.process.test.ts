import { createServer, type Server } from "node:http";
import { type AddressInfo, createServer as createTcpServer, type Socket, type Server as TcpServer } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { codeOf, notSentCode } from "../../src/infobip/network-error.ts";
import { readBody } from "../../src/infobip/read-body.ts";
import { createNodeTransport } from "../../src/infobip/transport/node-transport.ts";

const transports: { close(): Promise<void> }[] = [];
const servers: (Server | TcpServer)[] = [];
const sockets = new Set<Socket>();

afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  for (const server of servers.splice(0)) server.close();
  await Promise.all(transports.splice(0).map((each) => each.close()));
});

function transport(options = {}) {
  const created = createNodeTransport(options);
  transports.push(created);
  return created;
}

async function listen<S extends Server | TcpServer>(server: S): Promise<string> {
  servers.push(server);
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Answers each connection's first bytes with these bytes. */
const raw = (answer: string, then: (socket: Socket) => void = () => {}) =>
  createTcpServer((socket) => {
    socket.on("error", () => {});
    socket.once("data", () => socket.write(answer, () => then(socket)));
  });

const failureOf = (promise: Promise<unknown>) =>
  promise.then(
    () => expect.unreachable("should have failed"),
    (error: unknown) => error,
  );

describe("the transport of Node", () => {
  it("sends a request as it is and gives back the answer with all its headers", async () => {
    const host = await listen(
      createServer(async (request, response) => {
        const body = (await request.toArray()).join("");
        response.writeHead(418, { "x-a": ["1", "2"] });
        response.end(JSON.stringify([request.method, request.url, request.headers["x-b"], body]));
      }),
    );
    const response = await transport().fetch(
      new Request(`http://${host}/a%2Fb?c=%2B`, { method: "PATCH", body: "č", headers: { "x-b": "3" } }),
    );
    expect(response.status).toBe(418);
    expect(response.headers.get("x-a")).toBe("1, 2");
    expect(await response.json()).toEqual(["PATCH", "/a%2Fb?c=%2B", "3", "č"]);
  });

  it("sends an empty POST with a length, as servers want one", async () => {
    const host = await listen(createServer((request, response) => response.end(request.headers["content-length"])));
    expect(await (await transport().fetch(new Request(`http://${host}`, { method: "POST" }))).text()).toBe("0");
  });

  it("uses its connections again", async () => {
    let connections = 0;
    const server = createServer((_, response) => response.end("x"));
    server.on("connection", () => {
      connections += 1;
    });
    const { fetch } = transport();
    const host = await listen(server);
    for (let request = 0; request < 20; request += 1) await (await fetch(new Request(`http://${host}`))).text();
    // One or two, by the time at which undici sees that the first is free.
    expect(connections).toBeLessThanOrEqual(2);
  });

  it("follows no redirect", async () => {
    const host = await listen(createServer((_, response) => response.writeHead(302, { location: "/elsewhere" }).end()));
    expect((await transport().fetch(new Request(`http://${host}`))).status).toBe(302);
  });

  it("gives back an answer that has no body", async () => {
    const host = await listen(createServer((_, response) => response.writeHead(204).end()));
    expect((await transport().fetch(new Request(`http://${host}`))).body).toBeNull();
  });

  it("gives back a body larger than one piece whole", async () => {
    const body = "x".repeat(3_000_000);
    const host = await listen(createServer((_, response) => response.end(body)));
    expect(await (await transport().fetch(new Request(`http://${host}`))).text()).toBe(body);
  });

  it("sends a request once, though the connection is lost before the answer", async () => {
    let requests = 0;
    const host = await listen(
      createServer((request) => {
        requests += 1;
        request.socket.destroy();
      }),
    );
    const failure = await failureOf(transport().fetch(new Request(`http://${host}`)));
    expect(notSentCode(failure)).toBeNull();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(requests).toBe(1);
  });

  it("fails the body, not the answer, when the connection is lost in the middle of it", async () => {
    const host = await listen(
      raw("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf", (socket) => socket.resetAndDestroy()),
    );
    const response = await transport().fetch(new Request(`http://${host}`));
    expect(response.status).toBe(200);
    expect(notSentCode(await failureOf(response.text()))).toBeNull();
  });

  it("fails on an answer that is not HTTP", async () => {
    const host = await listen(raw("SSH-2.0-x\r\n"));
    expect(notSentCode(await failureOf(transport().fetch(new Request(`http://${host}`))))).toBeNull();
  });

  it("fails on a status that no Response can hold, and keeps no connection for it", async () => {
    const host = await listen(
      createServer((request, response) => {
        if (request.url === "/odd") response.writeHead(999).end("x".repeat(1_000_000));
        else response.end("x");
      }),
    );
    const { fetch } = transport({ connections: 1 });
    expect(notSentCode(await failureOf(fetch(new Request(`http://${host}/odd`))))).toBeNull();
    expect(await (await fetch(new Request(`http://${host}`))).text()).toBe("x");
  });

  it("takes no more of a body than is read", async () => {
    const piece = "x".repeat(100_000);
    let taken = 0;
    const host = await listen(
      createServer((_, response) => {
        const pump = () => {
          do taken += piece.length;
          while (response.write(piece));
        };
        response.on("drain", pump);
        pump();
      }),
    );
    const response = await transport().fetch(new Request(`http://${host}`));
    await new Promise((resolve) => setTimeout(resolve, 200));
    const before = taken;
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(taken).toBe(before);
    await response.body?.cancel();
  });

  it("knows that a refused connection and an unknown name sent nothing", async () => {
    const server = createServer();
    const host = await listen(server);
    await new Promise((resolve) => server.close(resolve));
    const { fetch } = transport();
    expect(notSentCode(await failureOf(fetch(new Request(`http://${host}`))))).toBe("ECONNREFUSED");
    const unknownName = await failureOf(fetch(new Request("http://name.invalid")));
    expect(notSentCode(unknownName)).toMatch(/^(?:ENOTFOUND|EAI_\w+)$/);
  });

  it("knows that nothing was sent when TLS does not come about, also by a reset", async () => {
    const { fetch } = transport();
    for (const server of [
      raw("not TLS"),
      createTcpServer((socket) => socket.once("data", () => socket.resetAndDestroy())),
    ]) {
      const failure = await failureOf(fetch(new Request(`https://${await listen(server)}`)));
      expect(notSentCode(failure)).not.toBeNull();
    }
  });

  it("knows that nothing was sent when TLS takes too long", async () => {
    const host = await listen(createTcpServer());
    const failure = await failureOf(transport({ connectTimeoutMs: 50 }).fetch(new Request(`https://${host}`)));
    expect(notSentCode(failure)).toBe("UND_ERR_CONNECT_TIMEOUT");
  });

  it("stops at the signal: before the answer, in its body, and before it began", async () => {
    const { fetch } = transport();
    const silent = await listen(createServer());
    const half = await listen(createServer((_, response) => response.writeHead(200).write("{")));

    const before = new AbortController();
    const waiting = failureOf(fetch(new Request(`http://${silent}`, { signal: before.signal })));
    before.abort(new Error("late"));
    expect(codeOf(await waiting)).toBeNull();

    const during = new AbortController();
    const response = await fetch(new Request(`http://${half}`, { signal: during.signal }));
    const reading = failureOf(response.text());
    during.abort(new Error("late"));
    expect(await reading).toMatchObject({ message: "late" });

    await failureOf(fetch(new Request(`http://${silent}`, { signal: AbortSignal.abort() })));
  });

  it("sends what stands beside a request, and gives back an answer that is read as it comes", async () => {
    const host = await listen(
      createServer(async (request, response) => {
        const body = (await request.toArray()).join("");
        response.writeHead(418, { "x-a": ["1", "2"] }).write(request.headers["x-b"] ?? "");
        setTimeout(() => response.end(body), 20);
      }),
    );
    const request = new Request(`http://${host}/a`, { method: "POST" });
    const reply = await transport().exchange(request, { headers: { "x-b": "3" }, body: "č" });
    expect([reply.status, reply.headers.get("x-a"), reply.headers.get("x-c")]).toEqual([418, "1, 2", null]);
    expect(await readBody(reply, 100, 1_000)).toEqual({ kind: "whole", text: "3č" });
  });

  it("ends a reading of which is given up, and lets go of the connection", async () => {
    let closed: Promise<unknown> | undefined;
    const host = await listen(
      createServer((request, response) => {
        closed = new Promise((resolve) => request.socket.on("close", resolve));
        response.writeHead(200).write("{");
      }),
    );
    const reply = await transport().exchange(new Request(`http://${host}`), { headers: {}, body: null });
    expect(await readBody(reply, 100, 30)).toMatchObject({ kind: "cut", why: "timeout" });
    await closed;
  });

  it("never sends what is given up while it waits for a connection", async () => {
    const urls: (string | undefined)[] = [];
    const host = await listen(
      createServer((request, response) => {
        urls.push(request.url);
        setTimeout(() => response.end("x"), 50);
      }),
    );
    const { fetch } = transport({ connections: 1 });
    const first = fetch(new Request(`http://${host}/first`));
    const second = new AbortController();
    const waiting = failureOf(fetch(new Request(`http://${host}/second`, { signal: second.signal })));
    second.abort(new Error("late"));
    expect(await waiting).toMatchObject({ message: "late" });
    await (await first).text();
    expect(await (await fetch(new Request(`http://${host}/third`))).text()).toBe("x");
    expect(urls).toEqual(["/first", "/third"]);
  });

  it("survives a cancel while more of the body is in its buffer", async () => {
    const host = await listen(createServer((_, response) => response.end("x".repeat(3_000_000))));
    const { fetch } = transport();
    for (const _ of [1, 2, 3, 4, 5]) {
      const reader = (await fetch(new Request(`http://${host}`))).body?.getReader();
      await reader?.read();
      await reader?.cancel();
    }
  });

  it("lets go of the connection when a body is cancelled", async () => {
    let closed: Promise<unknown> | undefined;
    const host = await listen(
      createServer((request, response) => {
        closed = new Promise((resolve) => request.socket.on("close", resolve));
        response.writeHead(200).write("{");
      }),
    );
    const response = await transport().fetch(new Request(`http://${host}`));
    await response.body?.cancel();
    await closed;
  });

  it("waits for what is under way when it is closed, and sends nothing afterwards", async () => {
    let requests = 0;
    const host = await listen(
      createServer((_, response) => {
        requests += 1;
        setTimeout(() => response.end("done"), 30);
      }),
    );
    const { fetch, close } = createNodeTransport();
    const underWay = fetch(new Request(`http://${host}`)).then((response) => response.text());
    await new Promise((resolve) => setTimeout(resolve, 10));
    await close();
    expect(await underWay).toBe("done");
    await failureOf(fetch(new Request(`http://${host}`)));
    expect(requests).toBe(1);
  });
});
