import { expect, it } from "vitest";
import { createWorld } from "./support/world.ts";

const DAY_MS = 86_400_000;
const EVENTS = 600;

it("forgets all that is older than 35 days in one go, however much has gathered", async () => {
  const world = createWorld();
  const said = () => world.record.read((tables) => tables.events.list(EVENTS * 2)).length;
  for (let n = 0; n < EVENTS; n += 1) await world.deliver({ type: "customer.message", text: "hello" });
  world.move(34 * DAY_MS);
  await world.deliver({ type: "customer.message", text: "still here" });
  await world.service.prune();
  expect(said()).toBe(EVENTS + 1);
  world.move(2 * DAY_MS);
  let isDone = false;
  const pruning = world.service.prune().finally(() => {
    isDone = true;
  });
  while (!isDone) await world.pass(20);
  await pruning;
  expect(said()).toBe(1);
});
