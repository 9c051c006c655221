/**
 * The sender over `fetch` alone. The runtime resolves names: on Workers it reaches only the public internet, so a name with a
 * private address leads nowhere.
 */
import { codeOf, notSentCode } from "../infobip/network-error.ts";
import type { Send } from "./sender.ts";
import { createUrlPolicy } from "./url-policy.ts";

interface FetchSenderOptions {
  fetch: (request: Request) => Promise<Response>;
  allowedHosts: readonly string[];
}

export function createFetchSender({ fetch, allowedHosts }: FetchSenderOptions): Send {
  const { refusalOf } = createUrlPolicy(allowedHosts);
  return async ({ url, headers, body, timeoutMs }) => {
    const refusal = refusalOf(url);
    if (refusal !== null) return { kind: "not-sent", code: refusal };
    // Cleared after the answer: an object with a timer stays in memory, and is paid for.
    const deadline = new AbortController();
    const timer = setTimeout(() => deadline.abort(), timeoutMs);
    try {
      const request = { method: "POST", headers, body, redirect: "manual", signal: deadline.signal } as const;
      const answer = await fetch(new Request(url, { ...request, headers: { ...headers, "user-agent": "Baton" } }));
      await answer.body?.cancel();
      return { kind: "answered", status: answer.status, retryAfter: answer.headers.get("retry-after") };
    } catch (error) {
      const code = notSentCode(error);
      if (code !== null) return { kind: "not-sent", code };
      return { kind: "unanswered", code: deadline.signal.aborted ? "timeout" : (codeOf(error) ?? "no-answer") };
    } finally {
      clearTimeout(timer);
    }
  };
}
