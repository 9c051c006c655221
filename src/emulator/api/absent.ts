import type { EmulatorSettings } from "../settings/settings.ts";

/** Shows an item: absent fields are null, or left out. */
export function withAbsent<T extends object>(shown: T, { absent }: EmulatorSettings): T {
  if (absent === "null") return shown;
  return Object.fromEntries(Object.entries(shown).filter(([, value]) => value !== null)) as T;
}
