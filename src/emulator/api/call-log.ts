import type { FaultKind } from "../faults/faults.ts";
import type { OperationName } from "../settings/operations.ts";
import type { EmulatorSettings } from "../settings/settings.ts";

/** Limit of the call log, in characters of bodies and answers. */
const MAX_CHARACTERS = 64 * 1_048_576;

/** One request to an API of the platform. The log is in the order in which they took effect. */
export interface RecordedCall {
  n: number;
  /** Time of arrival, and milliseconds until it took effect. */
  at: number;
  ms: number;
  /** Null: no such operation exists. */
  operation: OperationName | null;
  method: string;
  /** Includes the query. */
  path: string;
  /** The header of that name, if there was one. */
  traceparent?: string;
  /** Parsed JSON; the text itself if it is not JSON; null if there was none. */
  body: unknown;
  /** Null: the connection broke instead. */
  status: number | null;
  answer: unknown;
  /** True: the call changed something. */
  effect: boolean;
  fault: FaultKind | null;
  /** `x-request-id` of the answer. */
  requestId: string;
}

export function createCallLog(settings: EmulatorSettings) {
  const calls: RecordedCall[] = [];
  const sizes: number[] = [];
  const listeners = new Set<(call: RecordedCall) => void>();
  let recorded = 0;
  let characters = 0;

  return {
    calls: calls as readonly RecordedCall[],
    onCall(listener: (call: RecordedCall) => void): () => void {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    /** `size`: characters of bodies and answer. */
    record(call: Omit<RecordedCall, "n" | "requestId">, size: number): RecordedCall {
      recorded += 1;
      const numbered = { ...call, n: recorded, requestId: `emulator-${recorded}` };
      calls.push(numbered);
      sizes.push(size);
      characters += size;
      while (calls.length > settings.maxCalls || (characters > MAX_CHARACTERS && calls.length > 1)) {
        calls.shift();
        characters -= sizes.shift() ?? 0;
      }
      for (const listener of listeners) listener(numbered);
      return numbered;
    },
  };
}
export type CallLog = ReturnType<typeof createCallLog>;
