import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { flows } from "../../flows/index.ts";
import { hmacSettingsSchema } from "../../src/auth/hmac-header.ts";
import { type NodeService, startService } from "../../src/node.ts";
import { MARK, malformedBodies, salvagedBodies } from "./malformed-bodies.ts";
import { malformedRequests } from "./malformed-requests.ts";
import { exchange, type RawAnswer, type Sent } from "./raw-http.ts";

const SECRET = "secret-of-a-test-bot";
const OPERATOR_TOKEN = "token-of-a-test-operator";

let service: NodeService;
let port = 0;
beforeAll(async () => {
  service = await startService(
    {
      host: "127.0.0.1",
      port: 0,
      databasePath: join(mkdtempSync(join(tmpdir(), "baton-fuzz-")), "baton.db"),
      accounts: new Map(),
      botSecrets: new Map([["shop-assistant", [SECRET]]]),
      operators: [{ name: "operator", token: OPERATOR_TOKEN, mayAct: true }],
      hmac: hmacSettingsSchema.parse({}),
      logLevel: "error",
      botEventsPerSecond: null,
      maxPendingHandoffs: null,
      trustedProxies: 0,
      retentionMs: 35 * 86_400_000,
      callbackAllowedHosts: [],
      emulatorAllowedHosts: [],
      alertWebhook: null,
      publicUrl: null,
    },
    flows,
  );
  port = Number(new URL(service.url).port);
});
afterAll(() => service.stop());

const post = (path: string, body: string | Uint8Array): Sent[] => {
  const bytes = Buffer.from(body as string);
  return [
    [
      `POST /v1/bots/shop-assistant/${path} HTTP/1.1`,
      "Host: baton",
      "Connection: close",
      `Authorization: Bearer ${SECRET}`,
      `Content-Length: ${bytes.length}`,
      "",
      "",
    ].join("\r\n"),
    bytes,
  ];
};

let healthy = 0;
/** Expects that the next client is served as if nothing had happened. */
async function expectHealth(): Promise<void> {
  healthy += 1;
  const body = JSON.stringify({ id: `healthy-${healthy}`, type: "customer.message", session: "h", text: "hello" });
  const answer = await exchange(port, post("events", body));
  expect([answer.status, answer.body]).toEqual([200, expect.stringContaining('"accepted"')]);
}

/** The service reads opening hours whatever comes. */
const emulated = (): number =>
  service.emulator?.calls.filter(({ operation }) => operation !== "getWorkingHoursStatus").length ?? Number.NaN;

function expectProblem({ head, body }: RawAnswer): void {
  expect(head).toContain("content-type: application/problem+json");
  // The answer to HEAD has none.
  if (body !== "") expect(JSON.parse(body)).toMatchObject({ type: expect.stringMatching(/^urn:baton:problem:/) });
}

describe("a body that is", () => {
  it.each(malformedBodies)("%s", async (_, body, status, path = "events") => {
    const answer = await exchange(port, post(path, body));
    expect(answer.status).toBe(status);
    expectProblem(answer);
    expect(answer.body).not.toContain(MARK);
    expect(emulated()).toBe(0);
    await expectHealth();
  });
});

describe("a request with", () => {
  it.each(malformedRequests(SECRET, OPERATOR_TOKEN))("$kind", async ({ parts, statuses, by, end = false }) => {
    const answer = await exchange(port, parts, { end });
    expect(statuses).toContain(answer.status);
    if (by === "service") expectProblem(answer);
    expect(answer.head + answer.body).not.toContain(MARK);
    expect(emulated()).toBe(0);
    await expectHealth();
  });
});

describe("a customer's message with", () => {
  it.each(salvagedBodies)("%s is taken", async (_, body) => {
    const answer = await exchange(port, post("events", body));
    expect([answer.status, JSON.parse(answer.body)]).toEqual([200, expect.objectContaining({ control: "bot" })]);
    await expectHealth();
  });
});

it("serves others while a body comes slowly, and takes nothing of what is broken off", async () => {
  const [head = "", body = ""] = post("handoffs", `{"session":"${MARK}"}`);
  const slow = exchange(
    port,
    [
      head,
      ...Buffer.from(body as string)
        .toString()
        .slice(0, -1),
    ],
    { end: true },
  );
  await expectHealth();
  expect([400, null]).toContain((await slow).status);
  expect(emulated()).toBe(0);
});

it("knows at least sixty kinds", () => {
  expect(malformedBodies.length + malformedRequests("", "").length).toBeGreaterThanOrEqual(60);
});
