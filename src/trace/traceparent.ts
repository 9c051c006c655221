/** Trace context as W3C Recommendation: https://www.w3.org/TR/trace-context/#traceparent-header */

const TRACEPARENT = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;
const ZEROS = /^0+$/;
/** The flags that are defined: sampled, and random trace id. Others are passed on as zero. */
const KNOWN_FLAGS = 0b11;

/** Reads a `traceparent` of any version, as version 00. Undefined: there is none, or it is invalid, which counts as none. */
export function readTraceparent(given: string | null | undefined): string | undefined {
  if (given == null) return undefined;
  const [, version = "", trace = "", parent = "", flags = "", more] = TRACEPARENT.exec(given) ?? [];
  if (version === "" || version === "ff" || (version === "00" && more !== undefined)) return undefined;
  if (ZEROS.test(trace) || ZEROS.test(parent)) return undefined;
  return `00-${trace}-${parent}-0${Number.parseInt(flags, 16) & KNOWN_FLAGS}`;
}

/** The field of log lines; empty without a trace. */
export const traceFieldOf = (traceparent: string | null | undefined): { traceId?: string } =>
  traceparent == null ? {} : { traceId: traceparent.slice(3, 35) };
