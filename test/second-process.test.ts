import { spawn } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterEach, expect, it } from "vitest";

const ENTRY = resolve(import.meta.dirname, "../bin/baton.js");
const ends: (() => void)[] = [];
afterEach(() => {
  for (const end of ends.splice(0)) end();
});

/** Starts the service with its emulator, on a port of its own choice. */
function serve(database: string) {
  const child = spawn(process.execPath, [ENTRY, "serve"], {
    env: { PATH: process.env.PATH, NODE_ENV: "production", PORT: "0", DATABASE_PATH: database },
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk) => {
      output += String(chunk);
    });
  }
  ends.push(() => child.kill("SIGKILL"));
  const ended = new Promise<number | null>((done) => child.once("exit", (code) => done(code)));
  const started = () => expect.poll(() => output, { timeout: 20_000 }).toContain("Baton is at");
  return { child, ended, started, output: () => output };
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
  const third = serve(database);
  await third.started();
  third.child.kill("SIGTERM");
  expect(await third.ended).toBe(0);

  // One of several that start at once gets the file.
  const several = [serve(database), serve(database), serve(database)];
  const codes = await Promise.race([
    Promise.all(several.map(({ ended }) => ended)),
    expect
      .poll(() => several.filter(({ output }) => /is in use by/.test(output())).length, { timeout: 20_000 })
      .toBe(2)
      .then(() => "two were refused" as const),
  ]);
  expect(codes).toBe("two were refused");
  await expect
    .poll(() => several.filter(({ output }) => output().includes("Baton is at")).length, { timeout: 20_000 })
    .toBe(1);
});
