import { type Flow, flowsByBot } from "../escalation/flow.ts";
import { Failure } from "./print.ts";

/** The project's flows. Loading them checks them, so this is where a mistake in one shows. */
export async function projectFlows(): Promise<readonly Flow[]> {
  try {
    const { flows } = await import("../../flows/index.ts");
    flowsByBot(flows);
    return flows;
  } catch (error) {
    throw new Failure(error instanceof Error ? error.message : String(error), 2);
  }
}
