import { describe, expect, it } from "vitest";
import { BAD_BODY, CLOSED, createAccount, noSuchId } from "./create-account.ts";

describe("a note", () => {
  it("is added, listed and read", async () => {
    const { call, open, agentId } = createAccount();
    const id = await open();
    const author = agentId("Ana Horvat");
    const added = await call("POST", `/conversations/${id}/notes`, { content: "Asked for a person", agentId: author });
    expect(added.body).toEqual({
      id: "00000000000000000000000000000002",
      conversationId: id,
      agentId: author,
      type: "INTERNAL",
      content: "Asked for a person",
      createdAt: "2026-03-02T10:00:00.000+00:00",
      updatedAt: "2026-03-02T10:00:00.000+00:00",
    });
    const listed = await call("GET", `/conversations/${id}/notes`);
    expect(listed.body).toMatchObject({ notes: [added.body], pagination: { totalItems: 1 } });
    expect((await call("GET", `/conversations/${id}/notes/${added.body.id}`)).body).toEqual(added.body);
    expect((await call("GET", `/conversations/${id}/notes/N`)).body).toEqual(noSuchId("N"));
  });

  it("can carry attachments, and then only as such", async () => {
    const { call, open } = createAccount();
    const path = `/conversations/${await open()}/notes`;
    const content = { text: "see", attachments: [{ id: "1" }] };
    expect((await call("POST", path, { type: "ATTACHMENT", content })).body).toMatchObject({ content });
    expect((await call("POST", path, { content })).body).toEqual(BAD_BODY);
    expect((await call("POST", path, { type: "ATTACHMENT", content: "see" })).body).toEqual(BAD_BODY);
  });

  it.each([{}, { content: "" }, { content: "x".repeat(4_001) }, { content: "x", type: "PUBLIC" }])(
    "is refused as %j",
    async (body) => {
      const { call, open } = createAccount();
      const refused = await call("POST", `/conversations/${await open()}/notes`, body);
      expect([refused.status, refused.body]).toEqual([400, BAD_BODY]);
    },
  );
});

describe("metadata", () => {
  it("is empty, put, patched and deleted", async () => {
    const { call, open } = createAccount();
    const path = `/conversations/${await open()}/metadata`;
    const stored = async () => (await call("GET", path)).body;
    expect(await stored()).toEqual({});
    expect((await call("PATCH", path, { a: "1" })).body.message).toBe("Metadata patch to conversation successfully.");
    await call("PATCH", path, { b: "2" });
    expect(await stored()).toEqual({ a: "1", b: "2" });
    expect((await call("PUT", path, { c: "3" })).body.message).toBe("Metadata added to conversation successfully.");
    expect(await stored()).toEqual({ c: "3" });
    expect((await call("DELETE", path)).body.message).toBe("Metadata deleted successfully.");
    expect(await stored()).toEqual({});
  });

  it.each([{}, [], "text", null])("is refused as %j", async (body) => {
    const { call, open } = createAccount();
    const path = `/conversations/${await open()}/metadata`;
    for (const method of ["PUT", "PATCH"]) {
      expect((await call(method, path, JSON.stringify(body))).body).toEqual(BAD_BODY);
    }
  });

  it("may be nested and long, unless set otherwise", async () => {
    const { call, emulator, open } = createAccount();
    const path = `/conversations/${await open()}/metadata`;
    expect((await call("PUT", path, { a: { b: "c" } })).status).toBe(200);
    emulator.settings.nestedMetadata = "refuse";
    expect((await call("PUT", path, { a: { b: "c" } })).body).toEqual(BAD_BODY);
    emulator.settings.maxMetadataLength = 10;
    expect((await call("PUT", path, { a: "1234567890" })).body).toEqual(BAD_BODY);
  });

  it("treats every key as data", async () => {
    const { call, open } = createAccount();
    const path = `/conversations/${await open()}/metadata`;
    await call("PUT", path, '{"__proto__":"x","constructor":"y"}');
    const stored = await call("GET", path);
    expect(JSON.stringify(stored.body)).toBe('{"__proto__":"x","constructor":"y"}');
  });
});

describe("notes, metadata and messages", () => {
  it("are taken by a closed conversation, unless set otherwise", async () => {
    const { call, emulator, open } = createAccount();
    const id = await open({ status: "CLOSED" });
    const message = { from: "1", to: "2", channel: "SMS", contentType: "TEXT", content: { text: "hi" } };
    const requests = [
      ["POST", "notes", { content: "late" }],
      ["PATCH", "metadata", { a: "1" }],
      ["DELETE", "metadata", undefined],
      ["POST", "messages", message],
    ] as const;
    for (const [method, part, body] of requests) {
      expect((await call(method, `/conversations/${id}/${part}`, body)).status).toBe(200);
    }
    emulator.settings.closedContext = "refuse";
    for (const [method, part, body] of requests) {
      expect((await call(method, `/conversations/${id}/${part}`, body)).body).toEqual(CLOSED);
    }
  });

  it("are refused for an unknown conversation", async () => {
    const { call } = createAccount();
    expect((await call("POST", "/conversations/X/notes", { content: "a" })).body).toEqual(noSuchId("X"));
    expect((await call("GET", "/conversations/X/metadata")).body).toEqual(noSuchId("X"));
    expect((await call("PATCH", "/conversations/X/metadata", { a: "1" })).body).toEqual(noSuchId("X"));
  });
});
