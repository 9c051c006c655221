import type { Api } from "../settings/operations.ts";
import type { EmulatorSettings } from "../settings/settings.ts";
import type { Refusal } from "../state/errors.ts";

const AUTHORIZATION = /^(?:App|Basic|Bearer|IBSSO)\s+(\S.*)$/i;

/** Null: the request may pass. Any of the scopes that the API wants, for reading or for the rest, is enough. */
export function refusalFor(
  authorization: string | null,
  method: string,
  { mayRead, mayWrite }: Pick<Api, "mayRead" | "mayWrite">,
  { keys }: Pick<EmulatorSettings, "keys">,
): Refusal | null {
  const credential = AUTHORIZATION.exec(authorization ?? "")?.[1]?.trim();
  if (credential === undefined) return { reason: "unauthorized" };
  if (keys === null) return null;
  if (!Object.hasOwn(keys, credential)) return { reason: "unauthorized" };
  const scopes = keys[credential] ?? [];
  const opening = method === "GET" ? mayRead : mayWrite;
  return scopes.some((scope) => opening.includes(scope)) ? null : { reason: "forbidden" };
}
