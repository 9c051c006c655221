import type { MiddlewareHandler } from "hono";
import { problem } from "./validate.ts";

const isOwn = (origin: string, url: string): boolean =>
  URL.canParse(origin) && new URL(origin).host === new URL(url).host;

/** A page of another site in the same browser must not control the emulator. A caller without an origin is no browser. */
export const refuseOtherSites: MiddlewareHandler = async (c, next) => {
  const origin = c.req.header("origin");
  if (origin === undefined || isOwn(origin, c.req.url)) return next();
  return problem(c, 403, "From another site");
};
