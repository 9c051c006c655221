import { z } from "zod";
import type { Database } from "../../database.ts";

const rowSchema = z.object({
  flow: z.string(),
  hash: z.string(),
  /** Time of the start that first ran this version, in milliseconds since the epoch. */
  since: z.number().int(),
});
export type FlowVersion = z.infer<typeof rowSchema>;
export const toFlowVersions = (rows: unknown): FlowVersion[] => z.array(rowSchema).parse(rows);

/** The same on Node and in D1. */
export const ALL_VERSIONS = "SELECT flow, hash, since FROM flow_versions";
export const SAVE_VERSION = "INSERT OR REPLACE INTO flow_versions (flow, hash, since) VALUES (?, ?, ?)";
export const REMOVE_VERSION = "DELETE FROM flow_versions WHERE flow = ?";

/** Versions of the flows that run. */
export function createFlowVersionTable(db: Pick<Database, "all" | "run">) {
  return {
    all: (): FlowVersion[] => toFlowVersions(db.all(ALL_VERSIONS)),
    save: ({ flow, hash, since }: FlowVersion): void => void db.run(SAVE_VERSION, flow, hash, since),
    remove: (flow: string): void => void db.run(REMOVE_VERSION, flow),
  };
}
export type FlowVersionTable = ReturnType<typeof createFlowVersionTable>;
