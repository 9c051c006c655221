import { z } from "zod";
import type { Database } from "../database.ts";

const rowSchema = z.object({
  salt: z.string(),
  /** Short hash of the salt and the secret. It distinguishes the secrets of one bot and serves nothing else. */
  hash: z.string(),
  /** Time since which its uses are noted. */
  knownSince: z.number().int(),
  lastUsedAt: z.number().int().nullable(),
});
export type SecretUse = z.infer<typeof rowSchema>;

/** Last use of each active secret of a bot. */
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
