import { connect, type Socket } from "node:net";
import { expect, it } from "vitest";
import { type Connection, listen } from "../src/node-server.ts";

const HEAD = "POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 10\r\n";

/** Opens a connection and sends this text. */
const opened = (port: number, text: string): Promise<Socket> =>
  new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1", () =>
      text === "" ? resolve(socket) : socket.write(text, () => resolve(socket)),
    );
    socket.on("error", () => undefined).resume();
  });
const turn = () => new Promise((resolve) => setTimeout(resolve, 50));

it.each([
  ["silent", "", Number.MAX_SAFE_INTEGER],
  ["in the middle of its headers", HEAD.slice(0, 20), Number.MAX_SAFE_INTEGER],
  ["in the middle of its body", `${HEAD}\r\n12345`, 200],
])("ends though a connection is %s", async (_, text, stopGraceMs) => {
  const fetch = async (request: Request) => new Response(await request.text());
  // A grace that never ends: idle connections close at once.
  const grace = Math.min(stopGraceMs, 2 ** 31 - 1);
  const server = await listen({ fetch, host: "127.0.0.1", port: 0, stopGraceMs: grace });
  const socket = await opened(server.port, text);
  await turn();
  await server.close();
  socket.destroy();
});

it("gives the answer that is on its way before it ends", async () => {
  const answer = Promise.withResolvers<Response>();
  const arrived = Promise.withResolvers<void>();
  const fetch = () => {
    arrived.resolve();
    return answer.promise;
  };
  const server = await listen({ fetch, host: "127.0.0.1", port: 0 });
  const asked = globalThis.fetch(`http://127.0.0.1:${server.port}/`);
  await arrived.promise;
  const closed = server.close();
  answer.resolve(new Response("done"));
  expect(await (await asked).text()).toBe("done");
  await closed;
});

it("lets a new client in where idle ones hold nearly every place", async () => {
  const server = await listen({ fetch: () => new Response("in"), host: "127.0.0.1", port: 0 });
  const idle = await Promise.all(Array.from({ length: 1_990 }, () => opened(server.port, "")));
  await turn();
  expect(await (await fetch(`http://127.0.0.1:${server.port}/`)).text()).toBe("in");
  await expect.poll(() => idle.some(({ closed }) => closed)).toBe(true);
  for (const socket of idle) socket.destroy();
  await server.close();
});

/** Returns the whole answer to these bytes; sends `more` once an answer began. */
const answered = (port: number, text: string, more = ""): Promise<string> =>
  new Promise((resolve) => {
    let read = "";
    const socket = connect(port, "127.0.0.1", () => socket.write(text));
    socket.on("data", (bytes) => {
      if (read === "" && more !== "") socket.write(more);
      read += bytes.toString();
    });
    socket.on("error", () => undefined).on("close", () => resolve(read));
  });

it("gives up a request that does not come, within seconds of its limit", async () => {
  const fetch = async (request: Request) => new Response(await request.text());
  const server = await listen({ fetch, host: "127.0.0.1", port: 0 });
  const given: [text: string, limitMs: number][] = [
    ["", 10_000],
    [HEAD.slice(0, 20), 10_000],
    [`${HEAD}\r\n12345`, 15_000],
  ];
  await Promise.all(
    given.map(async ([text, limitMs]) => {
      const begun = performance.now();
      const socket = connect(server.port, "127.0.0.1", () => socket.write(text));
      let answer = "";
      socket
        .on("error", () => undefined)
        .on("data", (bytes) => {
          answer += bytes;
        });
      await new Promise((resolve) => socket.once("close", resolve));
      const tookMs = performance.now() - begun;
      expect(answer).toMatch(/^HTTP\/1\.1 408 /);
      expect(tookMs).toBeGreaterThan(limitMs - 1_000);
      // Node looks every 30 s unless it is told to look more often. A busy machine gets what lies between.
      expect(tookMs).toBeLessThan(29_900);
    }),
  );
  await server.close();
});

it("refuses a request with two hosts", async () => {
  const server = await listen({ fetch: () => new Response("in"), host: "127.0.0.1", port: 0 });
  expect(await answered(server.port, "GET / HTTP/1.1\r\nHost: a\r\nhOST: b\r\n\r\n")).toMatch(/^HTTP\/1\.1 400 /);
  await server.close();
});

it("asks for a body that waits to be asked for only where it is read, and ends the connection where it is not", async () => {
  const fetch = async (request: Request, { proceed }: Connection) => {
    if (new URL(request.url).pathname === "/refused") return new Response("no", { status: 401 });
    proceed();
    return new Response(`read ${await request.text()}`, { headers: { connection: "close" } });
  };
  const server = await listen({ fetch, host: "127.0.0.1", port: 0 });
  const head = (path: string) =>
    `POST ${path} HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\nexpect: 100-continue\r\n\r\n`;
  expect(await answered(server.port, head("/refused"))).toMatch(/^HTTP\/1\.1 401 [\s\S]*connection: close/i);
  const taken = await answered(server.port, head("/taken"), "hello");
  expect(taken).toMatch(/^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 [\s\S]*read hello/);
  await server.close();
});
