import { describe, expect, it } from "vitest";
import { createAccount } from "./create-account.ts";

describe("the control surface", () => {
  it("adds one fault or several, shows and clears them", async () => {
    const { call, send } = createAccount();
    const one = await send("POST", "/emulator/faults", { kind: "status", status: 500, operation: "listTags" });
    expect([one.status, one.body.faults.length]).toEqual([201, 1]);
    const more = [
      { kind: "reset", operation: "route" },
      { kind: "empty", operation: "addTag" },
    ];
    expect((await send("POST", "/emulator/faults", more)).body.faults).toHaveLength(3);
    expect((await call("GET", "/tags")).status).toBe(500);
    expect((await send("GET", "/emulator/faults")).body.faults).toHaveLength(2);
    expect((await send("DELETE", "/emulator/faults")).body).toEqual({ faults: [] });
  });

  it.each([
    { kind: "status" },
    { kind: "status", status: 200 },
    { kind: "reset", operation: "fly" },
    { kind: "reset", often: 3 },
    "{",
  ])("refuses the fault %j", async (fault) => {
    const { send, emulator } = createAccount();
    const refused = await send("POST", "/emulator/faults", fault);
    expect(refused.status).toBe(400);
    expect(refused.headers.get("content-type")).toBe("application/problem+json");
    expect(emulator.faults.pending()).toEqual([]);
  });

  it("changes settings, leaving what is not named", async () => {
    const { send, emulator } = createAccount({ settings: { withChannel: true } });
    const changed = await send("PATCH", "/emulator/settings", { routeBody: "page", latencyMs: { min: 1, max: 2 } });
    expect(changed.body).toMatchObject({ routeBody: "page", withChannel: true });
    expect(emulator.settings).toMatchObject({ routeBody: "page", withChannel: true, latencyMs: { min: 1, max: 2 } });
    expect((await send("GET", "/emulator/settings")).body).toEqual(emulator.settings);
  });

  it("refuses settings that are none, and changes nothing then", async () => {
    const { send, emulator } = createAccount();
    const refused = await send("PATCH", "/emulator/settings", { routeBody: "page", colour: "red" });
    expect(refused.status).toBe(400);
    expect((await send("PATCH", "/emulator/settings", { unknownIdStatus: 500 })).body.issues).toHaveLength(1);
    expect(emulator.settings.routeBody).toBe("single");
  });

  it("shows the state and the calls, and is itself no call", async () => {
    const { call, send, open } = createAccount();
    const id = await open({ topic: "t" });
    await call("POST", `/conversations/${id}/tags`, { tagName: "unhappy" });
    const state = await send("GET", "/emulator/state");
    expect(state.body.conversations).toMatchObject([{ id, topic: "t", tags: ["unhappy"], notes: [], routes: 0 }]);
    expect(state.body).toMatchObject({
      queues: [{ name: "Support" }, {}, {}, {}],
      bots: [{}, {}],
      rules: [{}, {}, {}, {}],
    });
    expect(state.body.tags).not.toContain("vip");
    expect((await send("GET", "/emulator/calls")).body.calls.map(({ n }: { n: number }) => n)).toEqual([1, 2]);
    expect((await send("GET", "/emulator/calls?after=1")).body.calls).toMatchObject([{ n: 2, operation: "addTag" }]);
    for (const query of [
      "calls?after=x",
      "calls?after=1&after=2",
      "pushes?after=-1",
      "desk/conversations?colour=red",
    ]) {
      const refused = await send("GET", `/emulator/${query}`);
      expect(refused.headers.get("content-type")).toBe("application/problem+json");
      expect(refused).toMatchObject({ status: 400, body: { title: "Not understood", issues: [expect.any(String)] } });
    }
  });
});
