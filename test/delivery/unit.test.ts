import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { expect, it } from "vitest";

const UNIT = resolve(import.meta.dirname, "../../ops/baton.service");
const isInstalled = spawnSync("systemd-analyze", ["--version"]).status === 0;

// `verify` also ends with 0 for an unknown key, and reports it on stderr alone.
it.skipIf(!isInstalled)(
  "has a unit that systemd takes without a word, with an exposure under 4.0",
  { timeout: 60_000 },
  () => {
    const folder = mkdtempSync(join(tmpdir(), "baton-unit-"));
    const file = join(folder, "baton.service");
    // The program and the user of the example need not exist on this machine.
    writeFileSync(
      file,
      readFileSync(UNIT, "utf8").replace("/usr/bin/node", "/bin/true").replace("User=baton", "User=root"),
    );
    expect(spawnSync("systemd-analyze", ["verify", file], { encoding: "utf8" }).stderr).toBe("");
    cpSync(UNIT, file);
    const { stdout } = spawnSync("systemd-analyze", ["security", "--offline=true", file], { encoding: "utf8" });
    const level = /Overall exposure level for baton\.service: ([\d.]+)/.exec(stdout)?.[1];
    expect(Number(level)).toBeLessThan(4);
  },
);
