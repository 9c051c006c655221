import { describe, expect, it } from "vitest";
import { createDoor, expectHandedOver } from "../support/door.ts";

const ARGUMENTS = { reason: "refund above limit", summary: "wrong colour", priority: "high" };

describe("the call of a tool", () => {
  it.each<[string, object]>([
    [
      "of chat completions",
      { id: "call_1", type: "function", function: { name: "f", arguments: JSON.stringify(ARGUMENTS) } },
    ],
    [
      "of responses",
      { id: "fc_1", call_id: "call_1", type: "function_call", name: "f", arguments: JSON.stringify(ARGUMENTS) },
    ],
    ["as a block", { id: "call_1", type: "tool_use", name: "f", input: ARGUMENTS }],
    ["as a part", { type: "tool-call", toolCallId: "call_1", toolName: "f", input: ARGUMENTS }],
  ])("asks for a handoff with its arguments, %s", async (_, call) => {
    const door = createDoor();
    const reply = await door.ask({ session: "chat-1", ...call });
    expectHandedOver(reply);
    expect(reply.body).not.toHaveProperty("leftOut");
    expect(door.note()).toContain("refund above limit");
    expect(door.note()).toContain("wrong colour");
    expect(door.priorities()).toContain("HIGH");
    expect((await door.ask({ session: "chat-1", ...call })).body.outcome).toBe("duplicate");
  });

  it("cannot say another session than the developer does", async () => {
    const door = createDoor();
    const text = JSON.stringify({ ...ARGUMENTS, session: "another", id: "another" });
    await door.ask({ session: "chat-1", id: "call_1", type: "function", function: { name: "f", arguments: text } });
    expect((await door.session("chat-1")).body.control).toBe("queue");
    expect((await door.session("another")).status).toBe(404);
  });
});

describe("a message with the history instead of its words", () => {
  it("says what the customer said last", async () => {
    const door = createDoor();
    const messages = [
      { role: "system", content: "SECRET prompt" },
      { role: "user", content: "hello" },
      { role: "assistant", content: "hi" },
      { role: "user", content: [{ type: "text", text: "a human, please" }] },
    ];
    const reply = await door.events({ type: "customer.message", session: "chat-1", id: "m1", messages });
    expectHandedOver(reply);
    expect(door.note()).toMatch(/^Customer.*: a human, please$/m);
    expect(JSON.stringify(door.emulator.calls)).not.toContain("SECRET");
  });
});
