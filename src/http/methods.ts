import type { Hono } from "hono";
import type { Env } from "./answer.ts";

/** Method of routes for every method: middleware. */
export const ANY = "ALL";

/**
 * Acts on many handoffs at once: `/v1/handoffs/retry`. The part of their route is written `:act`, since the router that finds an
 * address by one expression takes no fixed part beside a variable one.
 */
const ACTS_ON_MANY = ["retry"];
export const isActOnMany = (given: string | undefined): boolean => ACTS_ON_MANY.includes(given ?? "");

/** The addresses that a route stands for, with its variable parts as they are. */
export const addressesOf = (route: string): string[] =>
  route.endsWith("/:act") ? ACTS_ON_MANY.map((act) => route.replace(":act", act)) : [route];

const isPart = (given: string | undefined, segment: string): boolean => {
  if (segment === ":act") return isActOnMany(given);
  return segment.startsWith(":") ? given !== "" : given === segment;
};

/** Lists the methods that an app takes at a path, as `Allow` does; empty: no such path. */
export function createMethodsAt(app: Hono<Env>): (path: string) => string[] {
  const routes = app.routes
    .filter(({ method }) => method !== ANY)
    .map(({ method, path }) => ({ method, segments: path.split("/") }));
  return (path) => {
    const asked = path.split("/");
    const fits = (segments: string[]): boolean =>
      segments.length === asked.length && segments.every((segment, index) => isPart(asked[index], segment));
    const methods = new Set(routes.filter(({ segments }) => fits(segments)).map(({ method }) => method));
    if (methods.size === 0) return [];
    if (methods.has("GET")) methods.add("HEAD");
    return [...methods.add("OPTIONS")].sort();
  };
}
