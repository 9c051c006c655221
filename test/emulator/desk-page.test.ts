import { describe, expect, it } from "vitest";
import { createAccount } from "./create-account.ts";

const DESK = "/emulator/desk";
const form = (fields: Record<string, string>): string => new URLSearchParams(fields).toString();

describe("the desk's page", () => {
  it("shows every queue, what waits in it, and what is chosen", async () => {
    const { send, open, queueId, agentId } = createAccount();
    const id = await open({ topic: "Order 7", queueId: queueId("VIP") });
    await open({ topic: null });
    const shown = await send("GET", `${DESK}?agent=${agentId("Luka Babic")}&conversation=${id}`);
    expect([shown.status, shown.headers.get("content-type")]).toEqual([200, "text/html; charset=UTF-8"]);
    for (const text of [
      "Support (yours)",
      "VIP (yours)",
      "Complaints",
      "In no queue",
      "<h2>Order 7</h2>",
      "No topic",
      `value="${agentId("Luka Babic")}" selected`,
    ]) {
      expect(shown.body).toContain(text);
    }
    expect((await send("GET", `${DESK}?conversation=X`)).body).toContain("No such conversation");
    expect((await send("GET", DESK)).body).toContain("Choose a conversation");
  });

  it("shows closed ones only where asked to", async () => {
    const { send, open } = createAccount();
    await open({ topic: "Long ago", status: "CLOSED" });
    expect((await send("GET", DESK)).body).not.toContain("Long ago");
    expect((await send("GET", `${DESK}?closed=1`)).body).toContain("Long ago");
  });

  it("does what its forms say and leads back, with what was refused in words", async () => {
    const { send, open, emulator, agentId, botId } = createAccount();
    const agent = agentId("Ana Horvat");
    const conversation = await open();
    const act = (fields: Record<string, string>) =>
      send("POST", `${DESK}/act`, form({ agent, conversation, ...fields }));
    const back = `${DESK}?agent=${agent}&conversation=${conversation}`;
    const refused = await act({ act: "reply", text: "Hello" });
    expect([refused.status, refused.headers.get("location")]).toEqual([303, `${back}&refused=not-assigned`]);
    expect((await send("GET", `${back}&refused=not-assigned`)).body).toContain(
      "The agent does not have the conversation",
    );
    expect((await send("GET", `${back}&refused=toString`)).body).not.toContain('role="alert"');

    expect((await act({ act: "take" })).headers.get("location")).toBe(back);
    const nowhere = await act({ act: "reply", text: "Hello" });
    expect((await send("GET", nowhere.headers.get("location") ?? "")).body).toContain("Nobody can be answered");
    await act({ act: "write", text: "One\r\ntwo" });
    await act({ act: "reply", text: "Three" });
    await act({ act: "status", status: "WAITING" });
    await act({ act: "availability", status: "BUSY" });
    await act({ act: "assign", to: botId("Shop assistant") });
    expect(emulator.state.conversations.get(conversation)).toMatchObject({
      status: "WAITING",
      agentId: botId("Shop assistant"),
      messages: [{ content: { text: "One\ntwo" }, direction: "INBOUND" }, { content: { text: "Three" } }],
    });
    expect(emulator.state.agents.get(agent)?.status).toBe("BUSY");
    await act({ act: "take" });
    await act({ act: "release" });
    expect(emulator.state.conversations.get(conversation)?.agentId).toBeNull();
    expect((await act({ act: "delete" })).headers.get("location")).toBe(`${DESK}?agent=${agent}`);
    expect(emulator.state.conversations.size).toBe(0);
  });

  it.each([{ act: "fly" }, { act: "take" }, { act: "reply", agent: "a", conversation: "c", text: "" }])(
    "takes no form like %j",
    async (fields) => {
      const { send } = createAccount();
      expect((await send("POST", `${DESK}/act`, form(fields as Record<string, string>))).status).toBe(400);
    },
  );

  it("cannot be worked by a page of another site", async () => {
    const { send, open, emulator } = createAccount();
    const conversation = await open();
    for (const origin of ["https://evil.example", "null", "https://account.api.infobip.test.evil.example"]) {
      const refused = await send("POST", `${DESK}/act`, form({ act: "delete", agent: "a", conversation }), { origin });
      expect(refused.status).toBe(403);
      expect((await send("DELETE", "/emulator/faults", undefined, { origin })).status).toBe(403);
    }
    expect(emulator.state.conversations.size).toBe(1);
    const own = { origin: "https://account.api.infobip.test" };
    expect((await send("POST", `${DESK}/act`, form({ act: "delete", agent: "a", conversation }), own)).status).toBe(
      303,
    );
  });

  it("needs no scripts and lets none in", async () => {
    const { send, open } = createAccount();
    const id = await open({ topic: `"><script>x</script>`, summary: "</dd><script>x</script>" });
    const shown = await send("GET", `${DESK}?conversation=${id}`);
    expect(shown.body).not.toContain("<script>");
    expect(shown.headers.get("content-security-policy")).toMatch(/^default-src 'none'/);
  });
});
