import { type Handoff, handoffRowSchema } from "../../model/handoff.ts";

const fields = Object.entries(handoffRowSchema.shape);
const nullable = Object.fromEntries(
  fields.filter(([, schema]) => schema.safeParse(null).success).map(([name]) => [name, null]),
);

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/**
 * Reads a handoff from the lists. Its body has the form of the release that wrote it last, so a field of a later release is null
 * or has a default in its schema. Null: the body cannot be read.
 */
export function readListedHandoff(body: string): Handoff | null {
  const given = parseJson(body);
  if (typeof given !== "object" || given === null) return null;
  const read = handoffRowSchema.safeParse({ ...nullable, ...given });
  return read.success ? read.data : null;
}
