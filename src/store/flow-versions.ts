/** Notes since when each flow has been as it is: one row a flow, written when a start brings another version. */
import { createHash } from "node:crypto";
import type { SessionRecord } from "./store.ts";
import type { FlowVersion } from "./tables/flows/flow-versions.ts";

/** A flow, of which only the name is used by itself. */
type Named = { name: string };

const hashOf = (flow: Named): string => createHash("sha256").update(JSON.stringify(flow)).digest("base64url");

/** Changes that make the known versions those of these flows. */
export function versionChanges(known: readonly FlowVersion[], flows: readonly Named[], now: number) {
  const hashes = new Map(known.map(({ flow, hash }) => [flow, hash]));
  const names = new Set(flows.map(({ name }) => name));
  return {
    save: flows
      .map((flow): FlowVersion => ({ flow: flow.name, hash: hashOf(flow), since: now }))
      .filter(({ flow, hash }) => hashes.get(flow) !== hash),
    remove: known.map(({ flow }) => flow).filter((flow) => !names.has(flow)),
  };
}

export async function noteFlowVersions(
  record: Pick<SessionRecord, "read" | "commit">,
  flows: readonly Named[],
  now: number,
): Promise<void> {
  const known = record.read(({ flowVersions }) => flowVersions.all());
  const { save, remove } = versionChanges(known, flows, now);
  if (save.length + remove.length === 0) return;
  await record.commit(({ flowVersions }) => {
    for (const version of save) flowVersions.save(version);
    for (const flow of remove) flowVersions.remove(flow);
  });
}
