import { isLoopback } from "../../loopback.ts";
import { Failure } from "./print.ts";

/** Builds the URL at which a service of this environment listens. */
export function serviceUrl(): string {
  const host = process.env.HOST || "127.0.0.1";
  return `http://${host.includes(":") ? `[${host}]` : host}:${process.env.PORT || "8787"}`;
}

/** Returns the URL of a service that may get secrets: over the network only if nobody can read them on the way. */
export function trustedUrl(url: string = serviceUrl()): string {
  const parsed = URL.parse(url);
  if (parsed === null) throw new Failure("--url is not an address; it looks like https://baton.example.com", 2);
  const isOwn = url === serviceUrl() || isLoopback(parsed.hostname);
  if (parsed.protocol === "https:" || isOwn) return url;
  throw new Failure(`${parsed.host} is not this machine: give its https:// address, since a secret goes with it.`, 2);
}
