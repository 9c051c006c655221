/** Asks the account where it would route the handoffs that a payload would open. That only reads. */
import type { Flow } from "../../escalation/flow.ts";
import type { RouteForecast } from "../../handoff/account/forecast-route.ts";
import type { HandoffApi } from "../../handoff/api.ts";
import type { Tried } from "./try-payload.ts";

/** Handoffs of one payload for which the account is asked. */
export const MOST_ASKED = 3;
export const CONVERSATION_ID_MAX = 300;

/** `conversation`: for the platform's own simulation; null: the one that the payload names. */
export async function forecastRoutes(
  core: Pick<HandoffApi, "forecastRoute">,
  flow: Flow,
  tried: readonly Tried[],
  conversation: string | null,
): Promise<ReadonlyMap<Tried, RouteForecast>> {
  const forecasts = new Map<Tried, RouteForecast>();
  const opened = tried.filter(({ steps }) => steps.length > 0);
  for (const one of opened.slice(0, MOST_ASKED)) {
    const { tags, queue } = one.escalation ?? { tags: [], queue: null };
    const conversationId = conversation ?? one.event.conversationId ?? null;
    forecasts.set(one, await core.forecastRoute(flow.account, { conversationId, tags, queue }));
  }
  return forecasts;
}
