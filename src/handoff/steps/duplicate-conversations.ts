/**
 * Finds and closes conversations of repeated creates. A create whose answer was lost may have had its effect, or may have it
 * later. Every conversation that it created has the handoff's token, and one of them is the handoff's own.
 */
import type { ConversationsClient } from "../../infobip/client.ts";
import type { Outcome } from "../../infobip/outcome.ts";
import type { Conversation } from "../../infobip/schema.ts";
import type { Ledger } from "../../model/handoff.ts";
import type { HandoffSettings } from "../settings.ts";

/** Lists the open conversations of a handoff, the oldest first. One that was seen closed is not open, whatever the list says. */
export async function findByToken(
  client: Pick<ConversationsClient, "list">,
  { handoff, steps }: Ledger,
  settings: HandoffSettings,
): Promise<Outcome<Conversation[]>> {
  const sentAt = steps.find((step) => step.arguments.kind === "conversation")?.firstSentAt ?? handoff.createdAt;
  const all = await client.list({ createdAfterMs: sentAt - settings.skewMs, orderBy: "createdAt:asc" });
  if (all.kind !== "ok") return all;
  const token = `[${handoff.token}]`;
  const isOpen = ({ id, summary, status }: Conversation): boolean =>
    status !== "CLOSED" && summary?.includes(token) === true && !handoff.replaces.includes(id);
  return { ...all, value: all.value.filter(isOpen) };
}

/** Chooses the one to use: that of a person who was faster, else the oldest. */
export const pickSurvivor = (open: readonly Conversation[]): Conversation | undefined =>
  open.find((it) => it.agentId) ?? open[0];

/** Closes all but one. None of them was ever routed; one that a person took anyway is left to them. */
export async function closeOthers(
  client: Pick<ConversationsClient, "update">,
  open: readonly Conversation[],
  keep: string | undefined,
): Promise<Outcome<unknown>[]> {
  const others = open.filter((it) => it.id !== keep && !it.agentId);
  return Promise.all(others.map((it) => client.update(it.id, { status: "CLOSED" })));
}
