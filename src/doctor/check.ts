export type Verdict = "ok" | "warning" | "failure" | "skipped";

/** One check with its result. */
export interface Check {
  /** Subject: the configuration, the machine, the database, an account. */
  area: string;
  name: string;
  verdict: Verdict;
  /** The finding, and the remedy. */
  says: string;
}

/** Checks of one area. */
export const checksOf = (area: string) => {
  const as =
    (verdict: Verdict) =>
    (name: string, says: string): Check => ({ area, name, verdict, says });
  return { ok: as("ok"), warning: as("warning"), failure: as("failure"), skipped: as("skipped") };
};
export type Checks = ReturnType<typeof checksOf>;

export const list = (names: Iterable<string>): string => [...new Set(names)].join(", ");
