import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { flows as ours } from "../../flows/index.ts";
import type { OutgoingRequest } from "../../src/callbacks/sender.ts";
import { type Flow, flowSchema } from "../../src/escalation/flow.ts";
import { createSqliteRecord } from "../../src/store/sqlite/sqlite-store.ts";
import { createDoor, type DoorOptions } from "../support/door.ts";
import { SECRET } from "../support/world.ts";

const TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
const TRACEPARENT = `00-${TRACE}-00f067aa0ba902b7-01`;
const BOT = "shop-assistant";

/** The project's flows, with callbacks for the shop's bot. */
const flows: readonly Flow[] = ours.map((flow) =>
  flow.bots.includes(BOT) ? flowSchema.parse({ ...flow, callbacks: { url: "https://shop.example/callbacks" } }) : flow,
);

function createTraced(options: DoorOptions = {}) {
  const sent: OutgoingRequest[] = [];
  const send = async (message: OutgoingRequest) => {
    sent.push(message);
    return { kind: "answered", status: 204, retryAfter: null } as const;
  };
  const callbacks = { send, botSecrets: new Map([[BOT, [SECRET]]]) };
  const door = createDoor({ flows, callbacks, ...options });
  return {
    ...door,
    told: async () => {
      await door.rest();
      return sent.map(({ headers }) => headers.traceparent);
    },
  };
}

const headers = { traceparent: TRACEPARENT };
const request = { session: "s1", tags: ["brand_new"], queue: "Support" };

describe("the trace of a request for an agent", () => {
  it.each(["events", "handoffs", "webhooks/http"])(
    "is on each call for its handoff, and on its callbacks: %s",
    async (path) => {
      const door = createTraced();
      await door.post(`/${path}`, { ...request, id: "e1", type: "handoff.requested" }, headers);
      await door.rest();
      // Bots and queues of the account are read for all handoffs, and remembered.
      const its = door.emulator.calls.filter(({ path: at }) => !/\/(bots|queues)\b/.test(at));
      expect(its.length).toBeGreaterThan(3);
      expect(its.filter(({ traceparent }) => traceparent !== TRACEPARENT)).toEqual([]);
      await door.take();
      expect(await door.told()).toEqual([TRACEPARENT, TRACEPARENT]);
    },
  );

  it("is that of the tool call of a language model", async () => {
    const door = createTraced();
    const call = { name: "hand_over_to_human", arguments: { session: "s1", reason: "wants a person" } };
    const body = { jsonrpc: "2.0", id: 1, method: "tools/call", params: call };
    const accept = { accept: "application/json, text/event-stream", "content-type": "application/json" };
    await door.post("/mcp", body, { ...headers, ...accept });
    await door.rest();
    expect(door.emulator.calls.find(({ path }) => path.endsWith("/route"))?.traceparent).toBe(TRACEPARENT);
  });

  it("stays that of the request that opened the handoff", async () => {
    const door = createTraced();
    await door.post("/handoffs", { session: "s1" }, headers);
    const other = TRACEPARENT.replace(TRACE, TRACE.replace("4", "5"));
    await door.post("/handoffs", { session: "s1", priority: "URGENT" }, { traceparent: other });
    await door.rest();
    const priority = door.emulator.calls.findLast(({ method }) => method === "PATCH");
    expect(priority?.traceparent).toBe(TRACEPARENT);
  });

  it("is not made up, and an invalid one is ignored", async () => {
    const door = createTraced();
    await door.post("/handoffs", { session: "s1" });
    await door.post("/handoffs", { session: "s2" }, { traceparent: TRACEPARENT.toUpperCase() });
    await door.rest();
    expect(door.emulator.calls.filter(({ traceparent }) => traceparent !== undefined)).toEqual([]);
    expect(await door.told()).toEqual([undefined, undefined]);
  });

  it("is on the calls and callbacks that follow a restart", async () => {
    const path = join(mkdtempSync(join(tmpdir(), "baton-")), "baton.db");
    const before = createTraced({
      record: createSqliteRecord(path),
      platform: () => async () => Promise.reject(Object.assign(new Error("down"), { code: "ECONNREFUSED" })),
    });
    const { body } = await before.post("/handoffs", { session: "s1" }, { ...headers, prefer: "respond-async" });
    await before.tick(1_000);
    await before.service.stop();
    await (before.record as ReturnType<typeof createSqliteRecord>).close();

    const after = createTraced({ record: createSqliteRecord(path), startAt: before.now() + 60_000 });
    await after.service.resume();
    await after.later(60_000);
    expect(after.handoff(body.handoffId ?? "")?.state).toBe("routed");
    expect(after.emulator.calls.find(({ path: at }) => at.endsWith("/route"))?.traceparent).toBe(TRACEPARENT);
    expect(new Set(await after.told())).toEqual(new Set([TRACEPARENT]));
  });

  it("is in the log lines of the handoff, and one line names the request's id beside it", async () => {
    const door = createTraced();
    const { body } = await door.post("/handoffs", { session: "s1" }, { ...headers, "x-request-id": "req-7" });
    await door.take();
    const handoff = body.handoffId;
    const its = door.lines.filter(({ fields }) => fields.handoff === handoff);
    expect(its.map(({ fields }) => fields.traceId)).toEqual(its.map(() => TRACE));
    expect(its.length).toBeGreaterThan(3);
    expect(its.find(({ fields }) => fields.requestId === "req-7")?.fields).toEqual({
      ...{ requestId: "req-7", traceId: TRACE, bot: BOT, handoff },
    });
  });
});
