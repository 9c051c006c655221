/** One look at what somebody has to act on. */
import type { AlertCode } from "../log.ts";
import type { Alert, Condition } from "../model/alert.ts";

/** The conditions of one code. */
export interface Look {
  code: AlertCode;
  conditions: readonly Condition[];
  /** False: there are more than these. */
  isWhole: boolean;
  /** True: each handoff is an alert of its own, up to a number of them. */
  isListed: boolean;
}

/** Finds the open alert of a code and its subject. */
export type FindOpen = (code: AlertCode, subject: string) => Alert | undefined;
