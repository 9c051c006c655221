/** Tells a page that something changed; what, the page asks for itself. */
import { streamSSE } from "hono/streaming";
import type { ConsoleContext, ConsoleDeps } from "./environment.ts";
import type { LiveKind } from "./page.ts";

const LOOK_EVERY_MS = 1_000;
/** Most notices a second to all pages together while something changes all the time; each page gets one after so many looks. */
const TOLD_A_SECOND = 5;
const LONGEST_REST_LOOKS = 5;
/** A browser opens it anew, and shows again that it may. */
const OPEN_FOR_LOOKS = 300;
const PING_EVERY_LOOKS = 15;
/** A page that is not told asks by itself. */
const MOST_OPEN = 200;

export function createLive({ changes, isReady }: ConsoleDeps) {
  let open = 0;
  return {
    kind: (): LiveKind => (changes === undefined || open >= MOST_OPEN ? "polled" : "told"),
    serve(c: ConsoleContext): Response {
      if (changes === undefined || open >= MOST_OPEN) return new Response(null, { status: 204 });
      for (const [name, value] of Object.entries(c.env.outer.get("headers"))) c.header(name, value);
      return streamSSE(c, async (stream) => {
        open += 1;
        try {
          let known = changes();
          // A change is counted before it is durable: it is told once more.
          let isFresh = false;
          let toldAt = -LONGEST_REST_LOOKS;
          for (let look = 0; look < OPEN_FOR_LOOKS && !stream.aborted && isReady(); look += 1) {
            const count = changes();
            const isChanged = count !== known || isFresh;
            const isRested = look - toldAt >= Math.min(LONGEST_REST_LOOKS, open / TOLD_A_SECOND);
            if (isChanged && isRested) {
              toldAt = look;
              await stream.writeSSE({ event: "changed", data: "" });
              isFresh = count !== known;
              known = count;
            } else if (look % PING_EVERY_LOOKS === 0) await stream.write(": here\n\n");
            await stream.sleep(LOOK_EVERY_MS);
          }
        } finally {
          open -= 1;
        }
      });
    },
  };
}
export type Live = ReturnType<typeof createLive>;
