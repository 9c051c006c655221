/**
 * The sender on Node, over undici. It resolves a name once per request, checks every address of it, and connects to a checked
 * one: no second answer of the name server can lead elsewhere.
 */
import { lookup as resolve } from "node:dns/promises";
import { isIP, type LookupFunction } from "node:net";
import { buildConnector, Client } from "undici";
import { codeOf } from "../infobip/network-error.ts";
import { isPrivateAddress } from "./private-addresses.ts";
import type { OutgoingRequest, Send, Sent } from "./sender.ts";
import { createUrlPolicy, hostOf } from "./url-policy.ts";

interface Address {
  address: string;
  family: number;
}

interface NodeSenderOptions {
  /** Names or addresses as in a URL, with or without a port. They may have any address and plain http. */
  allowedHosts?: readonly string[];
  /** Resolves a name to all of its addresses. */
  lookup?: (name: string) => Promise<Address[]>;
  connectTimeoutMs?: number;
}

interface NodeSender {
  send: Send;
  /** Reason why nothing is ever sent to this URL, as far as the URL alone tells. */
  refusalOf(url: string): string | null;
}

/** Enough for an unneeded answer to end by itself, and its connection in peace. */
const ANSWER_BYTES = 4_096;
const ANSWER_MS = 1_000;

export function createNodeSender(options: NodeSenderOptions = {}): NodeSender {
  const { lookup = (name) => resolve(name, { all: true }), connectTimeoutMs = 5_000 } = options;
  const { isAllowed, refusalOf } = createUrlPolicy(options.allowedHosts ?? []);

  async function resolveAddresses(url: URL, deadline: AbortSignal): Promise<Address[] | Sent> {
    const host = hostOf(url);
    const family = isIP(host);
    if (family !== 0) return [{ address: host, family }];
    try {
      const addresses = await Promise.race([lookup(host), whenAborted(deadline)]);
      if (addresses.length === 0) return { kind: "not-sent", code: "ENOTFOUND" };
      const isRefused = !isAllowed(url) && addresses.some(({ address }) => isPrivateAddress(address));
      return isRefused ? { kind: "not-sent", code: "private-address" } : addresses;
    } catch (error) {
      return { kind: "not-sent", code: deadline.aborted ? "timeout" : (codeOf(error) ?? "dns") };
    }
  }

  async function post(url: URL, addresses: Address[], message: OutgoingRequest, deadline: AbortSignal): Promise<Sent> {
    // A failure before this, TLS included, was before the request.
    let isConnected = false;
    const connect = buildConnector({ timeout: connectTimeoutMs, allowH2: false, lookup: lookupOf(addresses) });
    const client = new Client(url.origin, {
      allowH2: false,
      headersTimeout: 0,
      bodyTimeout: 0,
      connect: (target, callback) =>
        connect(target, (error, socket) => {
          isConnected ||= error === null;
          if (error === null) callback(null, socket);
          else callback(error, null);
        }),
    });
    try {
      const { statusCode, headers, body } = await client.request({
        method: "POST",
        path: url.pathname + url.search,
        headers: { ...message.headers, "user-agent": "Baton" },
        body: message.body,
        signal: deadline,
        reset: true,
      });
      const enough = AbortSignal.any([deadline, AbortSignal.timeout(ANSWER_MS)]);
      await body.dump({ limit: ANSWER_BYTES, signal: enough }).catch(() => undefined);
      const retryAfter = headers["retry-after"];
      return { kind: "answered", status: statusCode, retryAfter: typeof retryAfter === "string" ? retryAfter : null };
    } catch (error) {
      const code = deadline.aborted ? "timeout" : (codeOf(error) ?? "no-answer");
      return isConnected ? { kind: "unanswered", code } : { kind: "not-sent", code };
    } finally {
      await client.destroy();
    }
  }

  return {
    refusalOf,
    async send(message) {
      const refusal = refusalOf(message.url);
      if (refusal !== null) return { kind: "not-sent", code: refusal };
      const url = new URL(message.url);
      const deadline = AbortSignal.timeout(message.timeoutMs);
      const addresses = await resolveAddresses(url, deadline);
      return Array.isArray(addresses) ? post(url, addresses, message, deadline) : addresses;
    },
  };
}

/** Resolves every name to the same addresses. */
const lookupOf =
  (addresses: Address[]): LookupFunction =>
  (_name, { all }, callback) => {
    const [first] = addresses;
    if (all || first === undefined) callback(null, addresses);
    else callback(null, first.address, first.family);
  };

const whenAborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason), { once: true }));
