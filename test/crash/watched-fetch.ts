import { setTimeout as sleep } from "node:timers/promises";
import type { KillPoint, Target } from "./kill-points.ts";

/** A request has left the socket after this, and its answer is not here: the platform takes longer. */
const LEFT_AFTER_MS = 4;

const TARGETS: readonly [method: string, path: RegExp, target: Target][] = [
  ["POST", /\/conversations$/, "conversation"],
  ["PATCH", /\/conversations\/[^/]+$/, "adoption"],
  ["POST", /\/tags$/, "tag"],
  ["POST", /\/notes$/, "note"],
  ["PATCH", /\/metadata$/, "metadata"],
  ["POST", /\/route$/, "route"],
];

/** Reports each request that changes something: when it has left, and when its answer is here. */
export function watchedFetch(
  fetch: (request: Request) => Promise<Response>,
  reach: (point: KillPoint) => void,
): (request: Request) => Promise<Response> {
  return async (request) => {
    const { pathname } = new URL(request.url);
    const target = TARGETS.find(([method, path]) => request.method === method && path.test(pathname))?.[2];
    if (target === undefined) return fetch(request);
    const answer = fetch(request);
    void sleep(LEFT_AFTER_MS).then(() => reach({ target, moment: "after-send" }));
    const response = await answer;
    reach({ target, moment: "after-answer" });
    return response;
  };
}
