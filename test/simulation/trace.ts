/** Adds a line to the trace of a schedule; builds it only if somebody reads it. */
export type Trace = (what: () => string) => void;
