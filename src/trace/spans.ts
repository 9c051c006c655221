/** The port to an SDK for traces, if the operator brings one. */

export interface Spans {
  /** The traceparent of the request that is in work; undefined: nothing traces it. */
  current(): string | undefined;
  /** Runs a call within a span of the trace, or of a new one; `call` gets the traceparent to send. */
  around<T>(span: Span, call: (traceparent: string) => Promise<T>): Promise<T>;
}

interface Span {
  name: string;
  traceparent: string | undefined;
  /** Ids of ours and closed lists, as in the log. */
  attributes: Readonly<Record<string, string>>;
}

/** True if an SDK is registered in this process, by `node --import`: this is where the API of OpenTelemetry 1.x keeps it. */
export const isSdkRegistered = (): boolean => Symbol.for("opentelemetry.js.api.1") in globalThis;
