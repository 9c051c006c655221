import { z } from "zod";
import { OPERATION_NAMES, type OperationName } from "../settings/operations.ts";

const DEFAULT_HUGE_BYTES = 2 * 1_048_576;

const common = {
  /** One operation, or several; `*` is any. */
  operation: z.union([z.literal("*"), z.enum(OPERATION_NAMES), z.array(z.enum(OPERATION_NAMES)).min(1)]).default("*"),
  /** `before`: it strikes before the effect, so that nothing happens. `after`: it strikes after the effect. */
  when: z.enum(["before", "after"]).default("before"),
  /** Number of matching calls that pass first. */
  skip: z.int().nonnegative().default(0),
  /** Number of calls that it strikes. */
  times: z.int().positive().default(1),
  /** Strikes every matching call with this probability instead, until removed. */
  rate: z.number().min(0).max(1).optional(),
};

export const faultSchema = z.discriminatedUnion("kind", [
  /** An error. 502, 503 and 504 come as a proxy's HTML. */
  z.strictObject({
    kind: z.literal("status"),
    ...common,
    status: z.int().min(400).max(599),
    /** Seconds or a date. */
    retryAfter: z.union([z.string(), z.number()]).transform(String).optional(),
    messageId: z.string().optional(),
    text: z.string().optional(),
  }),
  /** A 200 whose body says ERROR. */
  z.strictObject({ kind: z.literal("error-answer"), ...common, text: z.string().default("Something went wrong.") }),
  /** A 200 whose body is cut off. */
  z.strictObject({ kind: z.literal("malformed"), ...common }),
  /** A 200 whose body is JSON of another kind. */
  z.strictObject({ kind: z.literal("wrong-shape"), ...common }),
  /** A 200 without a body. */
  z.strictObject({ kind: z.literal("empty"), ...common }),
  /** A 200 with a body of this size. */
  z.strictObject({ kind: z.literal("huge"), ...common, bytes: z.int().positive().default(DEFAULT_HUGE_BYTES) }),
  /** A 302. */
  z.strictObject({ kind: z.literal("redirect"), ...common, location: z.string().default("/login") }),
  /** The connection breaks. */
  z.strictObject({ kind: z.literal("reset"), ...common }),
  /** Refuses the connection. Nothing arrives, whatever `when` says. */
  z.strictObject({ kind: z.literal("refuse"), ...common }),
  /** Delays the effect and the answer (`before`), or only the answer (`after`). */
  z.strictObject({ kind: z.literal("late"), ...common, delayMs: z.number().positive() }),
]);
export type Fault = z.infer<typeof faultSchema>;
export type FaultInput = z.input<typeof faultSchema>;
export type FaultKind = Fault["kind"];

const strikes = ({ operation }: Fault, name: OperationName | null): boolean => {
  if (operation === "*") return true;
  return name !== null && (Array.isArray(operation) ? operation.includes(name) : operation === name);
};

/** Faults to come. Each call takes at most one: the oldest that matches. */
export function createFaults(random: () => number) {
  let pending: Fault[] = [];

  return {
    /** Throws on an invalid fault: the caller made a mistake. */
    add(...faults: FaultInput[]): void {
      pending.push(...faults.map((fault) => faultSchema.parse(fault)));
    },
    clear(): void {
      pending = [];
    },
    pending: (): readonly Fault[] => pending,
    take(operation: OperationName | null): Fault | null {
      for (const fault of pending) {
        if (!strikes(fault, operation)) continue;
        if (fault.skip > 0) {
          fault.skip -= 1;
        } else if (fault.rate === undefined) {
          fault.times -= 1;
          if (fault.times === 0) pending = pending.filter((other) => other !== fault);
          return fault;
        } else if (random() < fault.rate) {
          return fault;
        }
      }
      return null;
    },
  };
}
export type FaultQueue = ReturnType<typeof createFaults>;
export type Faults = Omit<FaultQueue, "take">;
