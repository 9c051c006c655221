import { describe, expect, it } from "vitest";
import { createDoor, expectHandedOver } from "../support/door.ts";

const SOURCE = "https://bots.tidewater.example/helper";
const event = (fields: object) => ({ specversion: "1.0", source: SOURCE, id: "e-1", subject: "chat-1", ...fields });
const STRUCTURED = { "content-type": "application/cloudevents+json; charset=utf-8" };
const BATCH = { "content-type": "application/cloudevents-batch+json" };
const inHeaders = (fields: Record<string, string>) => ({
  "content-type": "application/json",
  "ce-specversion": "1.0",
  "ce-source": SOURCE,
  "ce-id": "e-1",
  "ce-subject": "chat-1",
  "ce-type": "customer.message",
  ...fields,
});

describe("CloudEvents at /events", () => {
  it("are read in their structured form", async () => {
    const door = createDoor();
    const data = { reason: "wants a refund", transcript: [{ author: "customer", text: "my money back" }] };
    const reply = await door.post(
      "/events",
      event({ type: "handoff.requested", data, time: "2026-11-23T09:00:00Z" }),
      STRUCTURED,
    );
    expectHandedOver(reply);
    expect(reply.body).not.toHaveProperty("leftOut");
    expect(door.note()).toContain("my money back");
  });

  it("are read in headers, with the data as body", async () => {
    const door = createDoor();
    expectHandedOver(await door.post("/events", { text: "a human, please", language: "en" }, inHeaders({})));
    const ended = await door.post("/events", "", inHeaders({ "ce-type": "session.ended", "ce-id": "e-2" }));
    expect([ended.status, ended.body.control]).toEqual([200, "nobody"]);
  });

  it("have headers that are quoted and percent-encoded", async () => {
    const door = createDoor();
    const headers = inHeaders({ "ce-subject": '"chat%20%E2%82%AC"' });
    expectHandedOver(await door.post("/events", { text: "a human, please" }, headers));
    expect((await door.session("chat €")).body.control).toBe("queue");
    const broken = await door.post("/events", { text: "hi" }, inHeaders({ "ce-subject": "%FF" }));
    expect([broken.status, broken.text]).toEqual([422, expect.stringContaining("ce-subject")]);
  });

  it("are read in batches, in which two producers may have the same id", async () => {
    const door = createDoor();
    const reply = await door.post(
      "/events",
      [
        event({ type: "session.started", data: {} }),
        event({ type: "customer.message", id: "e-2", data: { text: "hi" } }),
        event({ type: "customer.message", id: "e-2", source: "/another", data: { text: "hi" } }),
        event({ type: "customer.message", id: "e-2", data: { text: "hi" } }),
        event({ type: "order.shipped", id: "e-3", data: {} }),
      ],
      BATCH,
    );
    expect(reply.status).toBe(200);
    expect(reply.bodies.map((it) => it.outcome ?? "refused")).toEqual([
      "accepted",
      "accepted",
      "accepted",
      "duplicate",
      "refused",
    ]);
  });

  it.each<[string, object]>([
    [
      "with what makes a type unique before it",
      { type: "com.tidewater.customer.message", data: { text: "a human, please" } },
    ],
    [
      "with data in base64",
      { type: "customer.message", data_base64: Buffer.from('{"text":"a human, please"}').toString("base64") },
    ],
    ["with data that is a text", { type: "customer.message", datacontenttype: "text/plain", data: "a human, please" }],
    [
      "with absent members as null, and extensions",
      {
        type: "customer.message",
        time: null,
        dataschema: null,
        traceparent: "00-1",
        data: { text: "a human, please" },
      },
    ],
    [
      "with the session in its data",
      { type: "customer.message", subject: undefined, data: { session: "chat-1", text: "a human, please" } },
    ],
  ])("are read %s", async (_, fields) => {
    for (const headers of [STRUCTURED, { "content-type": "application/json" }]) {
      const door = createDoor();
      const reply = await door.post("/events", event(fields), headers);
      expectHandedOver(reply);
      expect(reply.body).not.toHaveProperty("leftOut");
      expect((await door.session("chat-1")).body.control).toBe("queue");
    }
  });

  it("are the same when they are sent again", async () => {
    const door = createDoor();
    const sent = event({ type: "customer.message", data: { text: "hi" } });
    const outcomes = [
      await door.post("/events", sent, STRUCTURED),
      await door.post("/events", { text: "hi" }, inHeaders({})),
    ];
    expect(outcomes.map(({ body }) => body.outcome)).toEqual(["accepted", "duplicate"]);
  });

  it.each([
    "application/cloudevents+avro",
    "Application/CloudEvents+XML; charset=utf-8",
    "application/cloudevents-batch+protobuf",
  ])("are refused as %s, with the formats that are read", async (type) => {
    const door = createDoor();
    const reply = await door.post("/events", "\u0002\u0001e-1", { "content-type": type });
    expect([reply.status, reply.headers.get("accept"), JSON.parse(reply.text)]).toMatchObject([
      415,
      expect.stringContaining("application/cloudevents+json"),
      {
        type: "urn:baton:problem:unknown-format",
        detail: expect.stringContaining("application/cloudevents-batch+json"),
      },
    ]);
    const stranger = await door.post("/events", "x", { "content-type": type, authorization: "Bearer wrong" });
    expect(stranger.status).toBe(401);
  });

  it.each<[string, string, string]>([
    ["a text", "text/plain; charset=utf-8", "a human, please"],
    ["a text that reads like JSON", "text/plain", '"a human, please"'],
    ["JSON that is said to be a text", "text/plain", '{"text":"a human, please"}'],
    ["JSON of a type of its own", "application/vnd.shop+json", '{"text":"a human, please"}'],
    ["JSON that is said to be a form", "application/x-www-form-urlencoded", '{"text":"a human, please"}'],
  ])("are read in headers, with %s as body", async (_, type, body) => {
    const door = createDoor();
    const reply = await door.post("/events", body, inHeaders({ "content-type": type }));
    expectHandedOver(reply);
    expect(reply.body).not.toHaveProperty("leftOut");
  });

  it.each([
    ["application/xml", "<reason>refund</reason>"],
    ["text/xml", "<reason>refund</reason>"],
    ["application/octet-stream", "\u0000\u0001"],
    ["application/protobuf", "\u0012"],
  ])("keep nobody waiting for data that is %s: it is left out, and named", async (type, body) => {
    const door = createDoor();
    const inHeader = await door.post(
      "/events",
      body,
      inHeaders({ "content-type": type, "ce-type": "handoff.requested" }),
    );
    expectHandedOver(inHeader);
    expect(inHeader.body.leftOut).toEqual(["data"]);
    const data = { datacontenttype: type, data_base64: Buffer.from(body).toString("base64") };
    const structured = await door.post(
      "/events",
      event({ type: "handoff.requested", subject: "chat-2", ...data }),
      STRUCTURED,
    );
    expectHandedOver(structured);
    expect(structured.body.leftOut).toEqual(["data"]);
  });

  it("are refused where their data is said to be JSON and is not", async () => {
    const reply = await createDoor().post("/events", "{", inHeaders({}));
    expect([reply.status, reply.text]).toEqual([400, expect.stringContaining("unreadable-body")]);
  });

  it("may be announced", async () => {
    const door = createDoor();
    const reply = await door.send("/events", {
      method: "OPTIONS",
      headers: { "webhook-request-origin": "grid.example" },
    });
    expect([
      reply.status,
      reply.headers.get("webhook-allowed-origin"),
      reply.headers.get("webhook-allowed-rate"),
    ]).toEqual([204, "*", "*"]);
  });
});
