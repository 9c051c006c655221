import { parseSecrets } from "../../config.ts";
import { Failure } from "./print.ts";
import { readSecretsFile } from "./secrets-file.ts";

/** Secrets of the environment by bot, as the service reads them. */
export function secretsOfBots(): ReadonlyMap<string, readonly string[]> {
  const file = readSecretsFile(process.env);
  if (!file.ok) throw new Failure(file.error, 2);
  const text = process.env.BOT_SECRETS || (file.value ?? "");
  if (text === "") throw new Failure("BOT_SECRETS is not set: its secrets prove which bot asks.", 2);
  const secrets = parseSecrets(text);
  if (!secrets.ok) throw new Failure(secrets.error, 2);
  return secrets.value;
}
