const MAX_WAIT_MS = 25_000;

/** How long an answer may wait for the route, by RFC 7240's `Prefer`; `otherwise` where it says nothing of that. */
export function waitMs(prefer: string | undefined, otherwise: number): number {
  if (prefer === undefined) return otherwise;
  for (const preference of prefer.toLowerCase().split(",")) {
    const [name, value] = preference.trim().split("=");
    if (name === "respond-async") return 0;
    if (name === "wait" && value !== undefined && /^\d{1,9}$/.test(value.trim())) {
      return Math.min(MAX_WAIT_MS, Number(value) * 1_000);
    }
  }
  return otherwise;
}
