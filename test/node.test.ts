import { connect } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { flows } from "../flows/index.ts";
import { parseConfig } from "../src/config.ts";
import { type NodeService, startService } from "../src/node.ts";

let service: NodeService;
beforeEach(async () => {
  const config = parseConfig({ PORT: "0", DATABASE_PATH: ":memory:", LOG_LEVEL: "error" });
  if (!config.ok) throw new Error(config.error.join());
  service = await startService(config.value, flows);
});
afterEach(async () => {
  await service.stop();
});

/** What comes back for bytes as they are, until the server hangs up or it is all there. */
function raw(text: string, isWhole = (_answer: string): boolean => false): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = "";
    const socket = connect(Number(new URL(service.url).port), "127.0.0.1", () => socket.write(text));
    socket.on("data", (chunk) => {
      answer += String(chunk);
      if (isWhole(answer)) socket.end();
    });
    socket.on("close", () => resolve(answer));
    socket.on("error", reject);
  });
}

const statuses = (answer: string): string[] =>
  [...answer.matchAll(/HTTP\/1\.1 (\d{3})/g)].map(([, status = ""]) => status);

describe("the server", () => {
  it.each([
    ["a header that is too large", 431, `GET /livez HTTP/1.1\r\nhost: x\r\nx-large: ${"x".repeat(20_000)}\r\n\r\n`],
    [
      "a body of two lengths",
      400,
      "POST /v1/bots/shop-assistant/events HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
    ],
    ["no host", 400, "GET /livez HTTP/1.1\r\n\r\n"],
    ["no HTTP at all", 400, "hello\r\n\r\n"],
  ])("refuses %s", async (_, status, text) => {
    expect(statuses(await raw(text))).toEqual([String(status)]);
  });

  it("gives a connection up after a thousand requests", async () => {
    const request = "GET /livez HTTP/1.1\r\nhost: x\r\n\r\n";
    const answer = await raw(request.repeat(1_000), (seen) => /connection: close[\s\S]*live"}$/i.test(seen));
    expect(statuses(answer)).toEqual(Array(1_000).fill("200"));
    expect(answer.match(/connection: close/gi)).toHaveLength(1);
  });

  it("refuses more headers than anybody needs", async () => {
    const many = Array.from({ length: 500 }, (_, n) => `x-${n}: 1\r\n`).join("");
    expect(statuses(await raw(`GET /livez HTTP/1.1\r\nhost: x\r\n${many}\r\n`))).toEqual(["431"]);
  });
});
