/** The port to the network: one request, one outcome. */
export interface OutgoingRequest {
  url: string;
  headers: Readonly<Record<string, string>>;
  body: string;
  timeoutMs: number;
}

export type Sent =
  | { kind: "answered"; status: number; retryAfter: string | null }
  /** The request was not sent: the URL is refused, or no connection came about. */
  | { kind: "not-sent"; code: string }
  /** The request may have arrived. */
  | { kind: "unanswered"; code: string };

/** Follows no redirect, repeats nothing, and never throws for a network failure. */
export type Send = (message: OutgoingRequest) => Promise<Sent>;
