import type { Refusal } from "./errors.ts";
import type { EmulatorSettings } from "./settings.ts";

const AUTHORIZATION = /^(?:App|Basic|Bearer|IBSSO)\s+(\S.*)$/i;

/** Null where the request may pass. Reading needs either scope, everything else `conversations:manage`. */
export function refusalFor(
  authorization: string | null,
  method: string,
  { keys }: Pick<EmulatorSettings, "keys">,
): Refusal | null {
  const credential = AUTHORIZATION.exec(authorization ?? "")?.[1]?.trim();
  if (credential === undefined) return { reason: "unauthorized" };
  if (keys === null) return null;
  if (!Object.hasOwn(keys, credential)) return { reason: "unauthorized" };
  const scopes = keys[credential] ?? [];
  const mayPass =
    scopes.includes("conversations:manage") || (method === "GET" && scopes.includes("conversations:read"));
  return mayPass ? null : { reason: "forbidden" };
}
