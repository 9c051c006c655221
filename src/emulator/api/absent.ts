import type { EmulatorSettings } from "../settings/settings.ts";

/** A thing as it is shown: what it has not stands as null, or does not stand at all. */
export function withAbsent<T extends object>(shown: T, { absent }: EmulatorSettings): T {
  if (absent === "null") return shown;
  return Object.fromEntries(Object.entries(shown).filter(([, value]) => value !== null)) as T;
}
