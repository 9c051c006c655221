import { chmodSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { count, size, span } from "../../src/doctor/figures.ts";
import {
  clockCheck,
  type Disk,
  diskChecks,
  nodeCheck,
  privacyChecks,
  readDisk,
  skewCheck,
} from "../../src/doctor/machine.ts";

describe("nodeCheck", () => {
  it.each([
    ["24.21.0", "ok"],
    ["22.19.0", "ok"],
    ["22.18.9", "failure"],
    ["20.20.2", "failure"],
  ])("%s: %s", (version, verdict) => {
    expect(nodeCheck(version).verdict).toBe(verdict);
  });
});

describe("the clock", () => {
  const now = Date.parse("2026-12-01T10:00:00Z");

  it("is plausible after Baton was made and after the newest row", () => {
    expect(clockCheck(now, null).verdict).toBe("ok");
    expect(clockCheck(now, now + 1_000).verdict).toBe("ok");
    expect(clockCheck(now, now + 120_000)).toMatchObject({
      verdict: "failure",
      says: expect.stringContaining("the newest row of the database, of 2026-12-01T10:02:00.000Z"),
    });
    expect(clockCheck(0, null)).toMatchObject({ verdict: "failure", says: expect.stringContaining("1970-01-01") });
  });

  it.each([
    [0, "ok", /agrees/],
    [-30_000, "ok", /agrees/],
    [31_000, "warning", /31 seconds ahead of/],
    [-299_000, "warning", /4 minutes behind/],
    [400_000, "failure", /6 minutes ahead of.*signed requests are refused/],
  ] as const)("off by %d ms of the platform's: %s", (skew, verdict, says) => {
    expect(skewCheck("account default", skew)).toMatchObject({ verdict, says: expect.stringMatching(says) });
  });
});

describe("the disk", () => {
  const good: Disk = {
    folder: "/data",
    existing: "/data",
    isWritable: true,
    freeBytes: 50e9,
    fileBytes: 1e6,
    type: 0xef53,
  };
  const found = (given: Partial<Disk>) => diskChecks({ ...good, ...given }).map(({ verdict, name }) => [name, verdict]);

  it.each([
    [{}, [["disk", "ok"]]],
    [{ freeBytes: 0.9e9 }, [["disk", "warning"]]],
    [{ freeBytes: 5e9, fileBytes: 3e9 }, [["disk", "warning"]]],
    [{ freeBytes: 99e6 }, [["disk", "failure"]]],
    [
      { isWritable: false },
      [
        ["disk", "ok"],
        ["folder", "failure"],
      ],
    ],
    [
      { type: 0x6969 },
      [
        ["disk", "ok"],
        ["file system", "failure"],
      ],
    ],
    [
      { type: 0x65735546 },
      [
        ["disk", "ok"],
        ["file system", "warning"],
      ],
    ],
    [{ type: null }, [["disk", "ok"]]],
  ])("%j", (given, checks) => {
    expect(found(given)).toEqual(checks);
  });

  it("is that of the nearest folder there is, and is left as it is", () => {
    const folder = mkdtempSync(join(tmpdir(), "baton-"));
    const disk = readDisk(join(folder, "not/yet/baton.db"));
    expect(disk).toMatchObject({ folder: join(folder, "not/yet"), existing: folder, isWritable: true, fileBytes: 0 });
    expect(disk.freeBytes).toBeGreaterThan(0);
    writeFileSync(join(folder, "baton.db"), "12345");
    writeFileSync(join(folder, "baton.db-wal"), "678");
    expect(readDisk(join(folder, "baton.db")).fileBytes).toBe(8);
  });
});

describe("figures", () => {
  it("are read at a glance", () => {
    expect([0, 999, 4_096, 1_234_567, 82.6e9].map(size)).toEqual(["0 bytes", "999 bytes", "4 kB", "1.2 MB", "82.6 GB"]);
    expect([0, 1_000, 90_000, 7_200_000, 3 * 86_400_000].map(span)).toEqual([
      "0 seconds",
      "1 second",
      "1 minute",
      "2 hours",
      "3 days",
    ]);
    expect([count(1, "row refers", "rows refer"), count(2, "row refers", "rows refer")]).toEqual([
      "1 row refers",
      "2 rows refer",
    ]);
  });
});

it("warns of files that others may read, each with the mode to set", () => {
  const path = join(mkdtempSync(join(tmpdir(), "baton-")), "secrets.json");
  writeFileSync(path, "{}", { mode: 0o600 });
  expect(privacyChecks({ BOT_SECRETS_FILE: path, "the database": "/nope" })).toMatchObject([{ verdict: "ok" }]);
  chmodSync(path, 0o644);
  expect(privacyChecks({ BOT_SECRETS_FILE: path })).toMatchObject([
    { verdict: "warning", says: `BOT_SECRETS_FILE ${path} has mode 0644: others may use it; set it to 0600` },
  ]);
});
