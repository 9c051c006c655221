import { z } from "zod";
import type { Database } from "../store.ts";

const rowSchema = z.object({
  salt: z.string(),
  /** Of the salt and the secret, short: it tells the secrets of one bot apart, and nothing else. */
  hash: z.string(),
  /** Since when its uses are noted. */
  knownSince: z.number().int(),
  lastUsedAt: z.number().int().nullable(),
});
export type SecretUse = z.infer<typeof rowSchema>;

/** When each active secret of a bot was last used. */
export function createSecretUseTable(db: Pick<Database, "all" | "run">) {
  return {
    of: (bot: string): SecretUse[] =>
      db
        .all(
          "SELECT salt, hash, known_since AS knownSince, last_used_at AS lastUsedAt FROM secret_uses WHERE bot = ?",
          bot,
        )
        .map((row) => rowSchema.parse(row)),

    add(bot: string, { salt, hash, knownSince, lastUsedAt }: SecretUse): void {
      db.run("INSERT INTO secret_uses VALUES (?, ?, ?, ?, ?)", bot, salt, hash, knownSince, lastUsedAt);
    },

    used(bot: string, hash: string, at: number): void {
      db.run("UPDATE secret_uses SET last_used_at = ? WHERE bot = ? AND hash = ?", at, bot, hash);
    },

    forget(bot: string, hash: string): void {
      db.run("DELETE FROM secret_uses WHERE bot = ? AND hash = ?", bot, hash);
    },
  };
}
export type SecretUseTable = ReturnType<typeof createSecretUseTable>;
