/** Port of the client to a network. */

/** The part of a `Response` that the client reads. */
export interface Reply {
  readonly status: number;
  readonly headers: { get(name: string): string | null };
  readonly body: { getReader(): ReplyReader } | null;
}

export interface ReplyReader {
  read(): Promise<{ done: false; value: Uint8Array } | { done: true; value?: Uint8Array | undefined }>;
  /** Drops the rest; a `read` that waits ends. */
  cancel(reason?: unknown): Promise<void>;
}

/**
 * Header and body of a request. They are kept beside the `Request`: inside, they are copied several times, and a body becomes a
 * stream.
 */
export interface Carried {
  headers: Record<string, string>;
  body: string | null;
}

/** Sends a request once. Ends when its signal aborts. */
export type Transport = (request: Request, carried: Carried) => Promise<Reply>;

/** Any fetch as a transport. */
export const overFetch =
  (fetch: (request: Request) => Promise<Response>): Transport =>
  (request, carried) =>
    fetch(new Request(request, carried));
