/** Notes the uses of active secrets, so that an operator can remove an unused one with evidence. */
import { createHmac } from "node:crypto";
import type { SessionRecord } from "./store.ts";
import type { SecretUse } from "./tables/secret-uses.ts";

interface SecretUsesDeps {
  record: Pick<SessionRecord, "commit">;
  /** Active secrets of each bot. */
  secrets: ReadonlyMap<string, readonly string[]>;
  now: () => number;
  /** Returns a random text of any length. */
  newSalt: () => string;
}

interface Watched {
  bot: string;
  secret: string;
  /** Null: its use is written, or it has none. */
  usedAt: number | null;
  writtenAt: number;
}

/** Uses are written this often at most: operators ask in days. */
const WRITE_EVERY_MS = 3_600_000;
/** Enough to distinguish a bot's few secrets, too short to prove a guess right. */
const HASH_DIGITS = 8;

const hashOf = (salt: string, secret: string): string =>
  createHmac("sha256", salt).update(secret).digest("hex").slice(0, HASH_DIGITS);

/** Finds the recorded use of a secret among those of its bot. */
export const useOf = (uses: readonly SecretUse[], secret: string): SecretUse | undefined =>
  uses.find(({ salt, hash }) => hash === hashOf(salt, secret));

export function createSecretUses({ record, secrets, now, newSalt }: SecretUsesDeps) {
  const byBot = new Map(
    [...secrets].map(([bot, list]): [string, Watched[]] => [
      bot,
      list.map((secret) => ({ bot, secret, usedAt: null, writtenAt: Number.NEGATIVE_INFINITY })),
    ]),
  );
  const watched = [...byBot.values()].flat();
  /** Hash of each secret in the record; null before the first flush. */
  let hashes: ReadonlyMap<Watched, string> | null = null;

  /** Makes the record hold each active secret of a bot, and no other. */
  const begin = () =>
    record.commit(({ secretUses }) => {
      const found = new Map<Watched, string>();
      for (const [bot, list] of byBot) {
        const known = secretUses.of(bot);
        for (const it of list) {
          const salt = newSalt();
          const fresh = { salt, hash: hashOf(salt, it.secret), knownSince: now(), lastUsedAt: null };
          const use = useOf(known, it.secret) ?? fresh;
          if (use === fresh) secretUses.add(bot, fresh);
          found.set(it, use.hash);
        }
        const active = new Set(list.map((it) => found.get(it)));
        for (const { hash } of known) if (!active.has(hash)) secretUses.forget(bot, hash);
      }
      return found;
    });

  return {
    /** Remembers a use for the next flush. `place`: index of the secret among its bot's. */
    used(bot: string, place: number): void {
      const it = byBot.get(bot)?.[place];
      if (it === undefined || it.usedAt !== null) return;
      const at = now();
      if (Math.abs(at - it.writtenAt) >= WRITE_EVERY_MS) it.usedAt = at;
    },

    /** Writes the uses that are not written yet. */
    async flush(): Promise<void> {
      const known = hashes ?? (await begin());
      hashes = known;
      const due = watched.filter(({ usedAt }) => usedAt !== null);
      if (due.length === 0) return;
      await record.commit(({ secretUses }) => {
        for (const it of due) secretUses.used(it.bot, known.get(it) ?? "", it.usedAt ?? 0);
      });
      for (const it of due) {
        it.writtenAt = it.usedAt ?? it.writtenAt;
        it.usedAt = null;
      }
    },
  };
}
