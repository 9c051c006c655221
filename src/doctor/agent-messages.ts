/** Checks how agents' messages reach the bots of a flow, since no event that a subscription can name brings them. */
import type { Flow } from "../escalation/flow.ts";
import { flowWants } from "../escalation/flow-wants.ts";
import { type Check, checksOf } from "./check.ts";

export const NOT_PUSHED = "agent.message: no event that Infobip's Subscriptions API offers brings an agent's message";

export const wantsMessages = (flow: Flow): boolean => flowWants(flow, "agent.message");

/** `pollEveryMs`: poll interval of an account; null or undefined: the default. */
export const messageChecks = (
  flows: readonly Flow[],
  pollEveryMs: (account: string) => number | null | undefined,
): Check[] =>
  flows.filter(wantsMessages).map((flow) => {
    const checks = checksOf("flows");
    const name = `callbacks of ${flow.name}`;
    if (pollEveryMs(flow.account) !== 0) {
      return checks.ok(name, `${NOT_PUSHED}: Baton reads the messages of chats in an agent's hands every 3 to 15 s`);
    }
    return checks.warning(
      name,
      `${NOT_PUSHED}, and INFOBIP_POLL_SECONDS=0 keeps Baton from reading them: they come only where the portal's subscription pushes OUTBOUND_MESSAGE`,
    );
  });
