import type { Handoff } from "../../model/handoff.ts";
import type { Control } from "../../model/session.ts";

/** Tells who talks to the customer in a handoff's state. A parked handoff leaves the customer with the bot, not with nobody. */
export function controlOf(handoff: Handoff): Control {
  switch (handoff.state) {
    case "pending":
    case "routed":
      return handoff.leftAt === null ? "queue" : "nobody";
    case "assigned":
      return "agent";
    case "deferred":
    case "parked":
    case "returned":
    case "cancelled":
      return "bot";
  }
}
