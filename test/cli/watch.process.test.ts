import { statSync, utimesSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, it } from "vitest";
import { baton, until } from "../support/process.ts";

const SENTENCES = join(resolve(import.meta.dirname, "../../flows"), "web-chat/sentences.json");
const count = (text: string, part: string): number => text.split(part).length - 1;

it.each(["SIGINT", "SIGTERM"] as const)(
  "flows test --watch runs again when a file changes, and ends with 0 on %s",
  async (signal) => {
    const watching = baton(["flows", "test", "web-chat", "--watch"]);
    const waits = (times: number) =>
      until(() => (count(watching.output(), "Waiting for changes") === times ? true : undefined));
    await waits(1);
    const { atime, mtime } = statSync(SENTENCES);
    utimesSync(SENTENCES, atime, mtime);
    await waits(2);
    expect(watching.output()).toMatch(/as expected[\s\S]*sentences\.json changed\nweb-chat\n[\s\S]*as expected/);
    watching.child.kill(signal);
    expect(await watching.ended, watching.output()).toBe(0);
  },
);

it("flows test --watch ends with 0 in the middle of a run", async () => {
  const watching = baton(["flows", "test", "--watch"]);
  await until(() => (watching.output().includes("retail-support") ? true : undefined));
  watching.child.kill("SIGINT");
  expect(await watching.ended, watching.output()).toBe(0);
  expect(watching.output()).not.toContain("Waiting for changes");
});
