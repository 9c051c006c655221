import { existsSync, mkdtempSync, readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { baton, freePort, until } from "../support/process.ts";

const newFolder = (): string => mkdtempSync(join(tmpdir(), "baton-"));
const said = (service: ReturnType<typeof baton>, words: string) =>
  until(() => (service.output().includes(words) ? true : undefined));

it.each(["SIGTERM", "SIGINT", "SIGHUP"] as const)(
  "serve ends with 0 where %s comes with its first word",
  async (it) => {
    const service = baton(["serve"], { DATABASE_PATH: join(newFolder(), "baton.db"), PORT: "0", LOG_LEVEL: "error" });
    await new Promise((resolve) => service.child.stderr.once("data", resolve));
    service.child.kill(it);
    expect(await service.ended, service.output()).toBe(0);
  },
);

it("a start that is ended half way ends with 0, says nothing, and leaves the file to the next one", async () => {
  const path = join(newFolder(), "baton.db");
  const env = { DATABASE_PATH: path, PORT: "0", LOG_LEVEL: "error" };
  const service = baton(["serve"], env);
  await until(() => (existsSync(path) ? true : undefined));
  service.child.kill("SIGTERM");
  expect(await service.ended, service.output()).toBe(0);
  expect(service.output()).toBe("");
  const next = baton(["serve"], env);
  await said(next, "Baton is at");
  next.child.kill("SIGTERM");
  expect(await next.ended, next.output()).toBe(0);
});

it("the demo ends with 0 in the middle of its story, and leaves nothing behind", async () => {
  const folder = newFolder();
  const demo = baton(["demo"], { TMPDIR: folder, PORT: "0" });
  await said(demo, "Baton is at");
  demo.child.kill("SIGINT");
  expect(await demo.ended, demo.output()).toBe(0);
  expect(readdirSync(folder)).toEqual([]);
});

it("the emulator ends with 0 where the signal comes with its first word", async () => {
  const emulator = baton(["emulate", "--port", String(await freePort())]);
  await new Promise((resolve) => emulator.child.stdout.once("data", resolve));
  emulator.child.kill("SIGTERM");
  expect(await emulator.ended, emulator.output()).toBe(0);
});
