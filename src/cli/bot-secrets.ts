import { parseSecrets } from "../config.ts";
import { readTextFile } from "../replay/read-text-file.ts";
import { Failure } from "./print.ts";

/** Those of the environment, by bot, as the service has them. */
export function secretsOfBots(): ReadonlyMap<string, readonly string[]> {
  const file = process.env.BOT_SECRETS_FILE;
  const text = process.env.BOT_SECRETS || (file ? readTextFile(file) : "");
  if (text === "") throw new Failure("BOT_SECRETS is not set: its secrets prove which bot asks.", 2);
  const secrets = parseSecrets(text);
  if (!secrets.ok) throw new Failure(secrets.error, 2);
  return secrets.value;
}
