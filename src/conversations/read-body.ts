import type { Body } from "./answer.ts";
import { codeOf } from "./failure.ts";

/** Reads a body to its end, within a size and a time; beyond either, the rest is given up. */
export async function readBody(response: Response, maxBytes: number, timeoutMs: number): Promise<Body> {
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
    const decoder = new TextDecoder();
    let text = "";
    let bytes = 0;
    for (;;) {
      const { done, value } = await reader.read();
      if (isLate) return { kind: "cut", why: "timeout", detail: null };
      if (done) return { kind: "whole", text: text + decoder.decode() };
      bytes += value.byteLength;
      if (bytes > maxBytes) {
        giveUp();
        return { kind: "too-large" };
      }
      text += decoder.decode(value, { stream: true });
    }
  } catch (error) {
    // The answer had begun: whatever the code says of other times, the request was sent.
    return { kind: "cut", why: "connection-lost", detail: codeOf(error) };
  } finally {
    clearTimeout(timer);
  }
}
