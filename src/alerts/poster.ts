/** Posts notices to the operator's webhook, one after the other. A webhook that fails is left alone for a while. */
import { toHeaders } from "../callbacks/envelope.ts";
import type { Send } from "../callbacks/sender.ts";
import { classifyTry, requestedPauseMs } from "../callbacks/try-outcome.ts";
import type { Log } from "../log.ts";

export interface Webhook {
  url: string;
  /** Active secrets: each signs, so that the receiver may have the old or the new one. */
  secrets: readonly string[];
  send: Send;
}

interface PosterDeps {
  webhook: Webhook;
  now: () => number;
  /** A clock that only moves forward, however `now` is set. */
  steady: () => number;
  log: Log;
}

const TIMEOUT_MS = 5_000;
const FIRST_WAIT_MS = 5_000;
const LONGEST_WAIT_MS = 300_000;

export function createPoster({ webhook, now, steady, log }: PosterDeps) {
  let failures = 0;
  let heldUntil = 0;

  async function sendSafely(id: string, body: string): ReturnType<Send> {
    try {
      const headers = toHeaders(id, body, webhook.secrets, now());
      if (headers === null) return { kind: "not-sent", code: "no-secret" };
      return await webhook.send({ url: webhook.url, headers, body, timeoutMs: TIMEOUT_MS });
    } catch (err) {
      log.error({ err }, "an alert could not be posted");
      return { kind: "unanswered", code: "internal" };
    }
  }

  return {
    isHeld: (): boolean => steady() < heldUntil,
    /** Returns whether the webhook took it. Never throws. */
    async post({ id, body }: { id: string; body: string }): Promise<boolean> {
      const sent = await sendSafely(id, body);
      const { outcome, status, code } = classifyTry(sent);
      if (outcome === "ok") {
        if (failures > 0) log.info({ count: failures }, "the webhook of alerts takes them again");
        failures = 0;
        return true;
      }
      if (failures === 0)
        log.error(
          { ...(status !== null && { status }), ...(code !== null && { reason: code }) },
          "alerts do not reach their webhook; Baton tries again: check ALERT_WEBHOOK_URL, its secrets and its receiver",
        );
      const wait = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(failures, 10));
      heldUntil = steady() + Math.min(LONGEST_WAIT_MS, Math.max(wait, requestedPauseMs(sent, now())));
      failures += 1;
      return false;
    },
  };
}
