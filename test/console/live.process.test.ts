import { Hono } from "hono";
import { expect, it } from "vitest";
import type { ConsoleDeps, ConsoleEnv } from "../../src/console/environment.ts";
import { createLive } from "../../src/console/live.ts";

const outer = { get: () => ({}) } as unknown as ConsoleEnv["Bindings"]["outer"];

/** Consoles that are open while something changes all the time. */
async function open(consoles: number, forMs: number) {
  let count = 0;
  const live = createLive({ changes: () => count++, isReady: () => true } as unknown as ConsoleDeps);
  const app = new Hono<ConsoleEnv>().get("/live", (c) => live.serve(c));
  const told = await Promise.all(
    Array.from({ length: consoles }, async () => {
      const answer = await app.request("/live", {}, { outer });
      const reader = answer.body?.getReader();
      let text = "";
      const end = setTimeout(() => void reader?.cancel(), forMs);
      for (;;) {
        const read = await reader?.read();
        if (read === undefined || read.done) break;
        text += new TextDecoder().decode(read.value);
      }
      clearTimeout(end);
      return text.split("event: changed").length - 1;
    }),
  );
  return { least: Math.min(...told), most: Math.max(...told) };
}

it("tells one open page each second of what changes all the time, and each of many more rarely", async () => {
  const [one, ten] = await Promise.all([open(1, 4_500), open(10, 4_500)]);
  expect(one.least).toBeGreaterThan(ten.most);
  expect(ten.least).toBeGreaterThanOrEqual(1);
  expect(ten.most).toBeLessThanOrEqual(3);
});
