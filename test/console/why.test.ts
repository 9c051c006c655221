import { expect, it } from "vitest";
import { createConsoleWorld, READER } from "../support/console-world.ts";

const OF = "/sessions/why?bot=shop-assistant&session=s1";

it("explains any event of a session with what the session had then, and keeps an entry of who read it", async () => {
  const { world, get } = createConsoleWorld();
  for (const text of ["one", "two", "three"]) await world.deliver({ type: "bot.fallback", text });
  const { text: newest } = await get(OF);
  expect(newest).toContain("Fired then</dt><dd>rule <b>bot-lost</b>");
  expect(newest).toMatch(/The flow today<\/dt><dd>rule <b>bot-lost<\/b>\s+<span class="badge good">the same/);
  const [, first = ""] = /event=(\d+)">why<\/a><\/div><\/td><\/tr><\/tbody>/.exec(newest) ?? [];
  const { text: oldest } = await get(`${OF}&event=${first}`);
  expect(oldest).toContain("Fired then</dt><dd>no rule");
  expect(oldest).toContain('<p class="words">one</p>');
  const answer = await world.operate("/audit?act=history", "GET");
  expect(await answer.json()).toMatchObject({ entries: [{ operator: "ana" }, { operator: "ana", outcome: "done" }] });
});

it("leads there from the session and from each event of a handoff's story", async () => {
  const { world, get } = createConsoleWorld();
  const { answer } = await world.deliver({ type: "handoff.requested" });
  expect((await get("/sessions?bot=shop-assistant&session=s1")).text).toContain("/console/sessions/why?bot=");
  expect((await get(`/handoffs/${answer.handoffId}`)).text).toContain("/console/sessions/why?bot=");
});

it("shows it to nobody who may only look, and says what is not there", async () => {
  const reader = createConsoleWorld(READER);
  const { answer } = await reader.world.deliver({ type: "customer.message", text: "my secret wish for a human" });
  const refused = await reader.get(OF);
  expect(refused.status).toBe(403);
  expect(refused.text).not.toContain("secret");
  expect((await reader.get(`/handoffs/${answer.handoffId}`)).text).not.toContain("/sessions/why");
  const { get } = createConsoleWorld();
  expect((await get(OF)).status).toBe(404);
  expect((await get("/sessions/why?bot=nobody&session=s1")).status).toBe(404);
});
