/** Limits the emulator to its own machine: it has no secrets, and posts to any URL that it gets. */
import { isLoopback } from "../../loopback.ts";

/** Headers by which a proxy names itself or the sender: `Forwarded`, `X-Real-IP`, `True-Client-IP`, `X-Original-Host`. */
const OF_A_PROXY =
  /forwarded|proxy|^via$|^cdn-loop$|^max-forwards$|^x-original-|(?:^|-)(?:client|connecting|originating|peer|real|remote|source|user)-?(?:addr|address|host|ip)$/;
/** Headers by which tunnels and networks name themselves. */
const OF_A_NETWORK =
  /^(?:x-)?(?:amzn?|appengine|arr|azure|cf|cloud|cloudfront|envoy|fastly|fly|localtunnel|loca-lt|ngrok|tailscale|tunnel|vercel|zrok)-/;

/** `wrangler dev` sets this to the caller's address; a tunnel puts a stranger's address there. */
const isOwnAddress = (header: string, value: string): boolean => header === "cf-connecting-ip" && isLoopback(value);

const isPassedOn = ([header, value]: [string, string]): boolean =>
  (OF_A_PROXY.test(header) || OF_A_NETWORK.test(header)) && !isOwnAddress(header, value);

/** A page of another site reaches this machine under that site's name, and a stranger comes through a tunnel. */
function isFromHere({ url, headers }: Request): boolean {
  return isLoopback(new URL(url).hostname) && ![...headers].some(isPassedOn);
}

const ON_EVERY_ANSWER = { "cache-control": "no-store", "x-content-type-options": "nosniff" };
const ELSEWHERE = {
  title: "The emulator answers on this machine only",
  detail: "Ask for it as localhost or 127.0.0.1, and through no proxy or tunnel.",
  status: 421,
};

/** Serves callers on this machine only. */
export function serveHere(fetch: (request: Request) => Promise<Response>): (request: Request) => Promise<Response> {
  return async (request) => {
    if (!isFromHere(request)) {
      const headers = { "content-type": "application/problem+json", ...ON_EVERY_ANSWER };
      return new Response(JSON.stringify(ELSEWHERE), { status: 421, headers });
    }
    const answer = await fetch(request);
    const headers = new Headers(answer.headers);
    for (const [name, value] of Object.entries(ON_EVERY_ANSWER)) if (!headers.has(name)) headers.set(name, value);
    return new Response(answer.body, { status: answer.status, headers });
  };
}

/** Sends pushes to this machine, and to other URLs that are allowed. */
export function deliverHere(
  deliver: (request: Request) => Promise<Response>,
  isAllowed: (url: URL) => boolean,
): (request: Request) => Promise<Response> {
  return async (request) => {
    const url = new URL(request.url);
    if (isLoopback(url.hostname) || isAllowed(url)) return deliver(request);
    throw Object.assign(new Error("this host is not allowed"), { code: "NOT_ALLOWED" });
  };
}
