/** Turns one answer of undici's parser into a reply. */
import type { Dispatcher } from "undici";
import type { Reply, ReplyReader } from "./transport.ts";

type Controller = Dispatcher.DispatchController;
type Headers = Record<string, string | string[] | undefined>;
type Read = Awaited<ReturnType<ReplyReader["read"]>>;

/** Reading from the connection pauses while more than this is unread. */
const MOST_UNREAD_BYTES = 65_536;
const LAST_STATUS = 599;
/** These never have a body, and `Response` accepts none with them. */
const NO_BODY = new Set([204, 205, 304]);
const DONE: Read = { done: true, value: undefined };

interface Waiting {
  resolve: (read: Read) => void;
  reject: (error: unknown) => void;
}

/** The body of an answer. It reads from the connection as it is read itself. */
function createBody(controller: Controller) {
  const pieces: Uint8Array[] = [];
  let unread = 0;
  let end: { error: unknown } | "whole" | null = null;
  let waiting: Waiting | null = null;

  const reader: ReplyReader = {
    read() {
      const piece = pieces.shift();
      if (piece !== undefined) {
        unread -= piece.byteLength;
        if (controller.paused && unread <= MOST_UNREAD_BYTES) controller.resume();
        return Promise.resolve({ done: false, value: piece });
      }
      if (end === "whole") return Promise.resolve(DONE);
      if (end !== null) return Promise.reject(end.error);
      return new Promise((resolve, reject) => {
        waiting = { resolve, reject };
      });
    },
    async cancel(reason) {
      const isRunning = end === null;
      pieces.length = 0;
      end = "whole";
      waiting?.resolve(DONE);
      waiting = null;
      if (isRunning) controller.abort(reason instanceof Error ? reason : new Error("given up"));
    },
  };

  return {
    getReader: () => reader,
    push(piece: Uint8Array): void {
      if (end !== null) return;
      if (waiting === null) {
        pieces.push(piece);
        unread += piece.byteLength;
        if (unread > MOST_UNREAD_BYTES) controller.pause();
        return;
      }
      waiting.resolve({ done: false, value: piece });
      waiting = null;
    },
    finish(): void {
      end ??= "whole";
      waiting?.resolve(DONE);
      waiting = null;
    },
    fail(error: unknown): void {
      if (end !== null) return;
      pieces.length = 0;
      end = { error };
      waiting?.reject(error);
      waiting = null;
    },
  };
}

const lookUp = (headers: Headers, name: string): string | null => {
  const value = headers[name];
  return value === undefined ? null : Array.isArray(value) ? value.join(", ") : value;
};

export interface NodeReply extends Reply {
  /** Keys are names in lower case. */
  readonly rawHeaders: Headers;
}

/** The handler's `abort` ends the exchange at any time: before it began, before its answer, in its body. */
export function createReplyHandler(settle: {
  resolve: (reply: NodeReply) => void;
  reject: (error: unknown) => void;
}): Dispatcher.DispatchHandler & { abort(reason: Error): void } {
  let running: Controller | null = null;
  let aborted: Error | null = null;
  let isOver = false;
  let body: ReturnType<typeof createBody> | null = null;

  function fail(error: unknown): void {
    isOver = true;
    // A promise that is settled ignores this.
    settle.reject(error);
    body?.fail(error);
  }

  return {
    onRequestStart(controller) {
      running = controller;
      if (aborted !== null) controller.abort(aborted);
    },
    onResponseStart(controller, status, headers) {
      if (status < 200) return;
      if (status > LAST_STATUS) {
        controller.abort(new Error("a status that no Response can hold"));
        return;
      }
      body = createBody(controller);
      settle.resolve({
        status,
        headers: { get: (name) => lookUp(headers, name) },
        rawHeaders: headers,
        body: NO_BODY.has(status) ? null : body,
      });
    },
    onResponseData(_, piece) {
      body?.push(piece);
    },
    onResponseEnd() {
      isOver = true;
      body?.finish();
    },
    onResponseError(_, error) {
      fail(aborted ?? error);
    },
    abort(reason) {
      if (isOver) return;
      aborted = reason;
      if (running === null) fail(reason);
      else running.abort(reason);
    },
  };
}
