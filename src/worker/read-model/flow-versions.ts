/** The versions of the flows on Workers, in D1 beside the lists. */
import type { Flow } from "../../escalation/flow.ts";
import { versionChanges } from "../../store/flow-versions.ts";
import {
  ALL_VERSIONS,
  type FlowVersion,
  REMOVE_VERSION,
  SAVE_VERSION,
  toFlowVersions,
} from "../../store/tables/flows/flow-versions.ts";

export const readFlowVersions = async (d1: D1Database): Promise<FlowVersion[]> =>
  toFlowVersions((await d1.prepare(ALL_VERSIONS).all()).results);

/** An isolate that begins notes its own. While a deployment spreads, the last one counts. */
export async function noteFlowVersions(d1: D1Database, flows: readonly Flow[], now: number): Promise<void> {
  const { save, remove } = versionChanges(await readFlowVersions(d1), flows, now);
  const changes = [
    ...save.map(({ flow, hash, since }) => d1.prepare(SAVE_VERSION).bind(flow, hash, since)),
    ...remove.map((flow) => d1.prepare(REMOVE_VERSION).bind(flow)),
  ];
  if (changes.length > 0) await d1.batch(changes);
}
