import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { baton, until } from "../support/process.ts";

/** Starts the service with its emulator, on a port of its own choice. */
function serve(database: string) {
  const service = baton(["serve"], { PORT: "0", DATABASE_PATH: database });
  const isServing = (): boolean => service.output().includes("Baton is at");
  return { ...service, isServing, started: () => until(() => isServing() || undefined) };
}

it("refuses a file that another process has, says which, and takes it once that one is gone, however it went", async () => {
  const database = join(mkdtempSync(join(tmpdir(), "baton-")), "baton.db");
  const first = serve(database);
  await first.started();

  const second = serve(database);
  expect(await second.ended).toBe(2);
  expect(second.output()).toContain(`${database} is in use by process ${first.child.pid}`);
  expect(second.output()).toContain("Stop that one first");

  first.child.kill("SIGKILL");
  await first.ended;

  // One of several that start at once gets the file.
  const several = [serve(database), serve(database), serve(database)];
  await until(() => several.filter(({ output }) => /is in use by/.test(output())).length === 2 || undefined);
  await until(() => several.some(({ isServing }) => isServing()) || undefined);
  const winner = several.find(({ isServing }) => isServing());
  expect(several.filter(({ isServing }) => isServing())).toHaveLength(1);
  winner?.child.kill("SIGTERM");
  expect(await winner?.ended).toBe(0);
});
