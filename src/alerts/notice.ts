/** Renders a notice of an alert for the webhook: a CloudEvents 1.0 event, as callbacks are. No I/O, no clock. */
import { ALERT_SAYS, type Alert, subjectOf } from "../model/alert.ts";

/** A growing alert is told again when its count has doubled. */
const TELL_AGAIN_AT = 2;

/** The notice that the webhook has to take next; null: none. */
export function noticeOf({ overAt, told, count, toldCount }: Alert): "open" | "over" | null {
  if (overAt !== null) return told === "over" ? null : "over";
  return told === null || count >= toldCount * TELL_AGAIN_AT ? "open" : null;
}

/** Page of the console where somebody acts; null: the service's own address is not known. */
function pageOf({ code, bot, handoffId }: Alert, publicUrl: string | null): string | null {
  if (publicUrl === null) return null;
  if (handoffId !== null) return `${publicUrl}/console/handoffs/${handoffId}`;
  if (code === "too-many-handoffs" && bot !== null)
    return `${publicUrl}/console/handoffs?${new URLSearchParams({ bot })}`;
  return code === "handoff-late" ? `${publicUrl}/console/handoffs?late=true` : `${publicUrl}/console/faults`;
}

/** The same bytes over all tries of a notice. */
export function toNotice(
  alert: Alert,
  notice: "open" | "over",
  publicUrl: string | null,
): { id: string; body: string } {
  const { code, bot, account, handoffId, count, since, overAt } = alert;
  const id = notice === "over" ? `${alert.id}-over` : `${alert.id}-open-${count}`;
  const body = JSON.stringify({
    specversion: "1.0",
    id,
    source: "/alerts",
    type: notice === "over" ? "alert.over" : "alert.opened",
    subject: [code, subjectOf(alert)].filter((part) => part !== "").join("/"),
    time: new Date(overAt ?? since).toISOString(),
    datacontenttype: "application/json",
    data: {
      alert: alert.id,
      code,
      state: notice,
      says: ALERT_SAYS[code],
      bot,
      account,
      handoff: handoffId,
      count,
      since: new Date(since).toISOString(),
      over: overAt === null ? null : new Date(overAt).toISOString(),
      url: pageOf(alert, publicUrl),
    },
  });
  return { id, body };
}
