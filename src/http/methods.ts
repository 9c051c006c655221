import type { Hono } from "hono";
import type { Env } from "./answer.ts";

/** Method of routes for every method: middleware. */
export const ANY = "ALL";

/** Lists the methods that an app takes at a path, as `Allow` does; empty: no such path. */
export function createMethodsAt(app: Hono<Env>): (path: string) => string[] {
  const routes = app.routes
    .filter(({ method }) => method !== ANY)
    .map(({ method, path }) => ({ method, segments: path.split("/") }));
  return (path) => {
    const asked = path.split("/");
    const fits = (segments: string[]): boolean =>
      segments.length === asked.length &&
      segments.every((segment, index) => (segment.startsWith(":") ? asked[index] !== "" : asked[index] === segment));
    const methods = new Set(routes.filter(({ segments }) => fits(segments)).map(({ method }) => method));
    if (methods.size === 0) return [];
    if (methods.has("GET")) methods.add("HEAD");
    return [...methods.add("OPTIONS")].sort();
  };
}
