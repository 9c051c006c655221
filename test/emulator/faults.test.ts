import { describe, expect, it } from "vitest";
import { connectionFaultOf } from "../../src/emulator/faults/connection.ts";
import type { FaultInput } from "../../src/emulator/faults/faults.ts";
import { createAccount, refusal } from "./create-account.ts";

const LOST = Symbol("lost");

/** Creates a conversation with one fault in the way. Returns the answer, and whether it was created. */
async function createWith(fault: FaultInput) {
  const account = createAccount();
  account.emulator.faults.add({ operation: "createConversation", ...fault });
  const answer = await account.call("POST", "/conversations", { topic: "t" }).catch((error: unknown) => {
    expect(error).toBeInstanceOf(TypeError);
    return { status: connectionFaultOf(error), body: LOST, headers: new Headers() };
  });
  const created = account.emulator.state.conversations.size === 1;
  const call = account.emulator.calls.at(-1);
  expect(call).toMatchObject({ effect: created, fault: fault.kind });
  return { ...answer, created };
}

describe("a fault", () => {
  it.each([
    [401, refusal("UNAUTHORIZED", "Unauthorized")],
    [403, refusal("FORBIDDEN", "Forbidden")],
    [404, refusal("NOT_FOUND", "Not found")],
    [429, refusal("TOO_MANY_REQUESTS", "Too many requests")],
    [500, refusal("GENERAL_ERROR", "Something went wrong. Please contact support.")],
  ])("answers %i as documented, before or after the effect", async (status, body) => {
    expect(await createWith({ kind: "status", status })).toMatchObject({ status, body, created: false });
    expect(await createWith({ kind: "status", status, when: "after" })).toMatchObject({ status, body, created: true });
  });

  it.each([502, 503, 504])("answers %i in HTML", async (status) => {
    const answer = await createWith({ kind: "status", status });
    expect(answer.headers.get("content-type")).toBe("text/html");
    expect(answer.body).toContain("<html>");
  });

  it("can say when to retry, and any error at all", async () => {
    const soon = await createWith({ kind: "status", status: 429, retryAfter: 7 });
    expect(soon.headers.get("retry-after")).toBe("7");
    const never = await createWith({ kind: "status", status: 429 });
    expect(never.headers.get("retry-after")).toBeNull();
    const text = "Closed conversation cannot be changed";
    const closed = await createWith({ kind: "status", status: 400, text });
    expect(closed.body).toEqual(refusal("BAD_REQUEST", text));
  });

  it("gives a 200 that is not one", async () => {
    expect(await createWith({ kind: "error-answer", text: "No" })).toMatchObject({
      status: 200,
      body: { statusCode: "ERROR", message: "No" },
      created: false,
    });
    expect(await createWith({ kind: "empty", when: "after" })).toMatchObject({ status: 200, body: "", created: true });
    expect((await createWith({ kind: "wrong-shape" })).body.id).not.toBeTypeOf("string");
    expect(JSON.stringify((await createWith({ kind: "huge", bytes: 100_000 })).body).length).toBeGreaterThan(100_000);
    await expect(createWith({ kind: "malformed" })).rejects.toThrow("JSON");
  });

  it("redirects", async () => {
    const answer = await createWith({ kind: "redirect", location: "https://login.example.com/" });
    expect([answer.status, answer.headers.get("location")]).toEqual([302, "https://login.example.com/"]);
  });

  it("breaks the connection before or after the effect, or never makes one", async () => {
    expect(await createWith({ kind: "reset" })).toMatchObject({ status: "ECONNRESET", created: false });
    expect(await createWith({ kind: "reset", when: "after" })).toMatchObject({ status: "ECONNRESET", created: true });
    const refused = await createWith({ kind: "refuse", when: "after" });
    expect(refused).toMatchObject({ status: "ECONNREFUSED", created: false });
  });

  it("strikes only the operations it names, as often as it says, after as many as it lets pass", async () => {
    const { call, emulator, open } = createAccount();
    const id = await open();
    emulator.faults.add({ kind: "status", status: 500, operation: ["addTag", "route"], skip: 1, times: 2 });
    const statuses: number[] = [];
    for (let n = 0; n < 4; n += 1) {
      statuses.push((await call("POST", `/conversations/${id}/tags`, { tagName: "unhappy" })).status);
      statuses.push((await call("GET", `/conversations/${id}`)).status);
    }
    expect(statuses).toEqual([200, 200, 500, 200, 500, 200, 200, 200]);
    expect(emulator.faults.pending()).toEqual([]);
  });

  it("with a rate strikes as the random numbers fall, until it is cleared", async () => {
    const drawn = [0.1, 0.9, 0.2, 0.3];
    const { call, emulator } = createAccount({ random: () => drawn.shift() ?? 0 });
    emulator.faults.add({ kind: "status", status: 500, rate: 0.25 });
    const next = async () => (await call("GET", "/tags")).status;
    expect([await next(), await next(), await next(), await next()]).toEqual([500, 200, 500, 200]);
    emulator.faults.clear();
    expect(await next()).toBe(200);
  });

  it("with a rate never strikes without random numbers, unless it always does", async () => {
    const { call, emulator } = createAccount();
    emulator.faults.add({ kind: "status", status: 500, rate: 0.999 });
    expect((await call("GET", "/tags")).status).toBe(200);
    emulator.faults.add({ kind: "status", status: 500, rate: 1 });
    expect((await call("GET", "/tags")).status).toBe(500);
  });
});

describe("time", () => {
  const patient = (account: ReturnType<typeof createAccount>, signal?: AbortSignal) =>
    account.emulator.fetch(
      new Request("https://host/ccaas/1/conversations", {
        method: "POST",
        headers: { authorization: "App k" },
        body: "{}",
        ...(signal && { signal }),
      }),
    );
  const settled = () => new Promise((resolve) => setTimeout(resolve, 5));

  it("passes before an effect that is late, and a caller that gave up does not stop it", async () => {
    const account = createAccount();
    account.emulator.faults.add({ kind: "late", delayMs: 60_000 });
    const caller = new AbortController();
    const answer = patient(account, caller.signal);
    caller.abort(new Error("gave up"));
    await expect(answer).rejects.toThrow("gave up");
    expect(account.emulator.state.conversations.size).toBe(0);
    await settled();
    const [conversation] = account.emulator.state.conversations.values();
    expect(conversation?.createdAt).toBe(account.clock.now);
    expect(account.emulator.calls).toMatchObject([{ effect: true, fault: "late", ms: 60_000, status: 200 }]);
  });

  it("passes between an effect and an answer that is late", async () => {
    const account = createAccount();
    account.emulator.faults.add({ kind: "late", when: "after", delayMs: 60_000 });
    const started = account.clock.now;
    expect((await patient(account)).status).toBe(200);
    expect(account.clock.now).toBe(started + 60_000);
    expect([...account.emulator.state.conversations.values()][0]?.createdAt).toBe(started);
  });

  it("is the latency of every call, fixed or drawn", async () => {
    const account = createAccount({ settings: { latencyMs: 50 }, random: () => 0.5 });
    await patient(account);
    account.emulator.settings.latencyMs = { min: 100, max: 300 };
    await patient(account);
    expect(account.emulator.calls.map(({ ms }) => ms)).toEqual([50, 200]);
  });

  it("never passes for a caller that had given up before", async () => {
    const account = createAccount();
    await expect(patient(account, AbortSignal.abort(new Error("gave up")))).rejects.toThrow("gave up");
    expect(account.emulator.calls).toEqual([]);
  });
});
