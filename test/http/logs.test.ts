import { expect, it } from "vitest";
import { BOT, createPast, foundIn, planted, SESSION } from "../support/ended-chat.ts";
import { OPERATOR_TOKEN, SECRET } from "../support/world.ts";

it("keep nothing of a person, and no secret, whatever goes wrong", async () => {
  const { world, post, handoffId, conversationId, close } = await createPast();
  const asked = (path: string, init: RequestInit = {}, token: string = SECRET) =>
    world.request(path, { ...init, headers: { authorization: `Bearer ${token}`, ...init.headers } });
  // Refused, unreadable and unknown requests, and failures of the platform.
  for (const token of [planted.key, `${SECRET}x`])
    await asked(`/v1/bots/${BOT}/events`, { method: "POST", body: "{}" }, token);
  for (const body of [
    planted.said,
    `{"text":"${planted.said}`,
    JSON.stringify({ type: planted.name, session: SESSION }),
  ]) {
    await asked(`/v1/bots/${BOT}/events`, { method: "POST", body });
  }
  await asked(`/v1/bots/${BOT}/sessions/${encodeURIComponent(SESSION)}`);
  await asked(`/v1/bots/${BOT}/sessions/${encodeURIComponent(SESSION)}/export`, {}, OPERATOR_TOKEN);
  await asked(`/v1/infobip/default/events`, { method: "POST", body: JSON.stringify({ type: planted.reason }) });
  world.emulator.faults.add({ kind: "status", status: 500, times: 50 });
  await post(
    "/handoffs",
    { session: "another", reason: planted.reason, summary: planted.summary },
    { prefer: "respond-async" },
  );
  await world.pass(60_000);
  world.emulator.faults.clear();
  await close();
  await world.pass(60_000);
  await asked(`/v1/handoffs/${handoffId}/retry`, { method: "POST" }, OPERATOR_TOKEN);
  await asked(`/v1/bots/${BOT}/sessions/${encodeURIComponent(SESSION)}`, { method: "DELETE" }, OPERATOR_TOKEN);
  expect(world.lines.length).toBeGreaterThan(3);
  const told = world.lines
    .map(({ level, message, fields }) => {
      const { err, ...rest } = fields as { err?: unknown };
      return JSON.stringify([
        level,
        message,
        rest,
        err instanceof Error ? `${err.message} ${err.stack}` : (err ?? null),
      ]);
    })
    .join("\n");
  expect(foundIn(told)).toEqual([]);
  expect([SECRET, OPERATOR_TOKEN, "words-canary", "385915550147"].filter((it) => told.includes(it))).toEqual([]);
  expect(conversationId).toBeTruthy();
});
