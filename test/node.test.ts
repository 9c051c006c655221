import { Agent, get } from "node:http";
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

/** Returns the raw answer to these bytes, until the server hangs up or the answer is whole. */
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

  it("answers as many requests over one connection as a client sends", async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const ask = () =>
      new Promise<{ status: number | undefined; port: number | undefined }>((resolve, reject) => {
        get(`${service.url}/livez`, { agent }, (answer) => {
          const port = answer.socket.localPort;
          answer.resume().once("end", () => resolve({ status: answer.statusCode, port }));
        }).once("error", reject);
      });
    const seen = new Set<string>();
    for (let n = 0; n < 1_500; n += 1) seen.add(JSON.stringify(await ask()));
    agent.destroy();
    expect([...seen].map((one) => JSON.parse(one))).toEqual([{ status: 200, port: expect.any(Number) }]);
  });

  it("answers requests that are sent ahead over one connection, each of them", async () => {
    const request = "GET /livez HTTP/1.1\r\nhost: x\r\n\r\n";
    const answer = await raw(request.repeat(1_500), (seen) => statuses(seen).length === 1_500);
    expect(new Set(statuses(answer))).toEqual(new Set(["200"]));
  });

  it.each(["//v1//bots/shop-assistant/sessions/nobody", "/v1/bots/shop-assistant/sessions/nobody/", "//livez/"])(
    "takes a slash too many for none: %s",
    async (path) => {
      const secret = service.development?.botSecrets.get("shop-assistant")?.[0];
      const answer = await raw(
        `GET ${path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\nauthorization: Bearer ${secret}\r\n\r\n`,
      );
      expect(statuses(answer)).toEqual([path.includes("livez") ? "200" : "404"]);
      expect(answer).not.toContain("unauthenticated");
    },
  );

  it("refuses more headers than anybody needs", async () => {
    const many = Array.from({ length: 500 }, (_, n) => `x-${n}: 1\r\n`).join("");
    expect(statuses(await raw(`GET /livez HTTP/1.1\r\nhost: x\r\n${many}\r\n`))).toEqual(["431"]);
  });
});
