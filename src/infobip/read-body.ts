import type { Body } from "./classify-response.ts";
import { codeOf } from "./network-error.ts";
import type { Reply } from "./transport/transport.ts";

/** Created once: it keeps no state between whole texts. */
const decoder = new TextDecoder();

/** Nearly every answer is one piece. */
function joinPieces(pieces: readonly Uint8Array[], bytes: number): Uint8Array {
  const [first] = pieces;
  if (pieces.length === 1 && first !== undefined) return first;
  const whole = new Uint8Array(bytes);
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.byteLength;
  }
  return whole;
}

/** Reads a body to its end, within a size and a time; beyond either, the rest is dropped. */
export async function readBody(response: Pick<Reply, "body">, maxBytes: number, timeoutMs: number): Promise<Body> {
  if (response.body === null) return { kind: "whole", text: "" };
  const reader = response.body.getReader();
  const giveUp = () => void reader.cancel().catch(() => undefined);

  let isLate = false;
  // Cancelling ends a pending read, also of a stream that never settles.
  const timer = setTimeout(() => {
    isLate = true;
    giveUp();
  }, timeoutMs);

  try {
    const pieces: Uint8Array[] = [];
    let bytes = 0;
    for (;;) {
      const { done, value } = await reader.read();
      if (isLate) return { kind: "cut", why: "timeout", detail: null };
      if (done) return { kind: "whole", text: decoder.decode(joinPieces(pieces, bytes)) };
      bytes += value.byteLength;
      if (bytes > maxBytes) {
        giveUp();
        return { kind: "too-large" };
      }
      pieces.push(value);
    }
  } catch (error) {
    // The answer had begun, so the request was sent, whatever the code means otherwise.
    return { kind: "cut", why: "connection-lost", detail: codeOf(error) };
  } finally {
    clearTimeout(timer);
  }
}
