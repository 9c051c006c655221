import { describe, expect, it } from "vitest";
import { createSecretUses, useOf } from "../../src/store/secret-uses.ts";
import { createSqliteRecord } from "../../src/store/sqlite/sqlite-store.ts";

const HOUR_MS = 3_600_000;

function create() {
  const record = createSqliteRecord(":memory:");
  const clock = { now: 1_000 };
  let salts = 0;
  let commits = 0;
  const start = (secrets: Record<string, string[]>) =>
    createSecretUses({
      record: {
        commit: (work) => {
          commits += 1;
          return record.commit(work);
        },
      },
      secrets: new Map(Object.entries(secrets)),
      now: () => clock.now,
      newSalt: () => {
        salts += 1;
        return `salt-${salts}`;
      },
    });
  const rows = (bot: string) => record.read((tables) => tables.secretUses.of(bot));
  return {
    clock,
    start,
    rows,
    commits: () => commits,
    lastUse: (bot: string, secret: string) => useOf(rows(bot), secret)?.lastUsedAt,
  };
}

describe("secret uses", () => {
  it("tell which of a bot's secrets was used, and when", async () => {
    const { clock, start, lastUse } = create();
    const uses = start({ ana: ["new", "old"], bruno: ["new"] });
    uses.used("ana", 1);
    await uses.flush();
    expect([lastUse("ana", "new"), lastUse("ana", "old"), lastUse("bruno", "new")]).toEqual([null, 1_000, null]);
    clock.now += HOUR_MS;
    uses.used("ana", 0);
    await uses.flush();
    expect([lastUse("ana", "new"), lastUse("ana", "old")]).toEqual([1_000 + HOUR_MS, 1_000]);
  });

  it("write a secret's use once an hour, however often it is used", async () => {
    const { clock, start, commits, lastUse } = create();
    const uses = start({ ana: ["new"] });
    for (let minute = 0; minute < 120; minute += 1) {
      uses.used("ana", 0);
      await uses.flush();
      clock.now += 60_000;
    }
    // One commit for the active secrets, and two for two hours.
    expect(commits()).toBe(3);
    expect(lastUse("ana", "new")).toBe(1_000 + HOUR_MS);
  });

  it("keep what is known over a restart, and forget secrets that were taken out", async () => {
    const { clock, start, rows, lastUse } = create();
    const first = start({ ana: ["new", "old"] });
    first.used("ana", 0);
    await first.flush();
    clock.now += HOUR_MS;
    await start({ ana: ["newer", "new"] }).flush();
    expect(lastUse("ana", "new")).toBe(1_000);
    expect(useOf(rows("ana"), "newer")).toMatchObject({ knownSince: 1_000 + HOUR_MS, lastUsedAt: null });
    expect(useOf(rows("ana"), "old")).toBeUndefined();
    expect(rows("ana")).toHaveLength(2);
  });

  it("hold no secret, and no hash that is the same for two bots", async () => {
    const { start, rows } = create();
    await start({ ana: ["the-same-secret"], bruno: ["the-same-secret"] }).flush();
    const [ana, bruno] = [rows("ana")[0], rows("bruno")[0]];
    expect(JSON.stringify([ana, bruno])).not.toContain("the-same-secret");
    expect(ana?.hash).not.toBe(bruno?.hash);
  });
});
