import { expect, it } from "vitest";
import { createConsoleWorld } from "../support/console-world.ts";

const ask = { type: "handoff.requested", reason: "customer-asked" };
/** The page without its marks. */
const wordsOf = (text: string): string => text.replaceAll(/<[^>]*>/g, " ").replaceAll(/\s+/g, " ");
const toCome = (text: string): string => wordsOf(text).split("Still to come")[1]?.split("Times are in")[0] ?? "";

it("says what each step that is still to come waits for", async () => {
  const { world, get } = createConsoleWorld();
  world.emulator.faults.add({ kind: "status", status: 503, operation: "createNote", times: 1 });
  const { answer } = await world.deliver(ask);
  const { text } = await get(`/handoffs/${answer.handoffId}`);
  expect(toCome(text)).toContain("Route it to agents after “Write the note”");
  expect(wordsOf(text)).toMatch(/Write the note looked up before it is repeated next attempt in \d/);
});

it("says once that all the rest of a parked handoff waits for a retry", async () => {
  const { world, get } = createConsoleWorld();
  world.emulator.faults.add({ kind: "status", status: 400, operation: "createConversation", times: 1 });
  const { answer } = await world.deliver(ask);
  const rest = toCome((await get(`/handoffs/${answer.handoffId}`)).text);
  expect(rest).toMatch(/^, after a retry Tag it/);
  expect(rest).not.toContain("Write the note after");
  expect(rest).toContain("Look for conversations that came late only if an answer to the first call is lost");
});

it("names no error that a later attempt made good", async () => {
  const { world, get } = createConsoleWorld();
  world.emulator.faults.add({ kind: "status", status: 503, operation: "createNote", times: 1 });
  const { answer } = await world.deliver(ask);
  expect((await get("/handoffs")).text).toContain("note: server-error (503)");
  await world.pass(60_000);
  expect(world.handoff(answer.handoffId ?? "")?.state).toBe("routed");
  expect((await get("/handoffs")).text).not.toContain("server-error");
});
