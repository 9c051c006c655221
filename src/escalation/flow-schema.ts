/** The JSON Schema of a flow, from its zod schema. */
import { z } from "zod";
import { flowSchema } from "./flow.ts";
import { writtenHoursSchema } from "./hours.ts";
import { WRITTEN_AS } from "./text/text-schema.ts";

type Json = Record<string, unknown>;
const isObject = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Adds the forms that an author may write: one value for a list, a text or a list of them for texts by language. */
function asWritten(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(asWritten);
  if (!isObject(node)) return node;
  const { [WRITTEN_AS]: form, ...rest } = node;
  const inner = Object.fromEntries(Object.entries(rest).map(([key, value]) => [key, asWritten(value)]));
  if (form === "list") return { anyOf: [inner.items, inner] };
  if (form === "texts") return { anyOf: [inner.additionalProperties, inner] };
  return inner;
}

const schemaOf = (schema: z.ZodType): Json =>
  asWritten(z.toJSONSchema(schema, { io: "input", unrepresentable: "any" })) as Json;

/** JSON Schema of a flow as its author writes it. */
export function flowJsonSchema(): Json {
  const { properties, ...flow } = schemaOf(flowSchema);
  const { $schema: _, ...hours } = schemaOf(writtenHoursSchema);
  return { title: "A flow of Baton", ...flow, properties: { ...(properties as Json), hours } };
}
