import type { Environment } from "../../config.ts";
import { readTextFile } from "../../replay/read-text-file.ts";
import { err, ok, type Result } from "../../result.ts";

/** Reads BOT_SECRETS_FILE. Undefined: the environment names none. The error says why it cannot be read. */
export function readSecretsFile(env: Environment): Result<string | undefined, string> {
  const path = env.BOT_SECRETS_FILE;
  if (!path) return ok(undefined);
  try {
    return ok(readTextFile(path));
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    const why = code === "ENOENT" ? "is not there" : code === "EACCES" ? "may not be read by this user" : code;
    return err(`BOT_SECRETS_FILE names ${path}, which ${why || "cannot be read"}.`);
  }
}
