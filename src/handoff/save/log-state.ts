import type { Log } from "../../log.ts";
import type { Handoff } from "../../model/handoff.ts";

/** Logs a handoff's state. A parked handoff is an alert that names what it waits for. */
export function tellState(log: Log, { id, bot, account, state, parkedFor }: Handoff): void {
  const fields = { handoff: id, bot, account, state };
  if (parkedFor === "person")
    log.error({ ...fields, alert: "handoff-parked" }, "handoff parked: it needs a person; see `baton handoffs show`");
  else if (parkedFor === "credentials") log.error(fields, "handoff parked until the account takes our credentials");
  else log.info(fields, "handoff changed");
}
