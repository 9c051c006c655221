import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { QUIET, ROOT, WRANGLER } from "./dev.ts";

/** The free plan allows 3,072; a small bundle starts soon. */
const MOST_KIB = 500;

it.each(["production", "staging"])("is ready to be deployed to %s", (environment) => {
  const folder = mkdtempSync(join(tmpdir(), "baton-deploy-"));
  try {
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [WRANGLER, "deploy", "--dry-run", "--env", environment, "--outdir", folder],
      { cwd: ROOT, encoding: "utf8", env: { PATH: process.env.PATH, HOME: folder, ...QUIET } },
    );
    expect(status, stdout + stderr).toBe(0);
    const [size, , gzip] = /Total Upload: ([\d.]+) KiB \/ gzip: (([\d.]+)) KiB/.exec(stdout)?.slice(1) ?? [];
    process.stdout.write(`      ${environment}: ${size} KiB, ${gzip} KiB compressed\n`);
    expect(Number(gzip)).toBeGreaterThan(0);
    expect(Number(gzip)).toBeLessThan(MOST_KIB);
    for (const binding of ["SESSIONS", "CONVERSATIONS", "ACCOUNTS", "KEYS", "READ_MODEL", "BOT_QUOTA"]) {
      expect(stdout).toContain(`env.${binding}`);
    }
    expect(stdout).not.toContain("EMULATOR");
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
