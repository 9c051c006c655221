/** Generates the client's types from the OpenAPI document. */
import { z } from "zod";

const schemaSchema = z
  .object({
    $ref: z.string(),
    description: z.string(),
    const: z.unknown(),
    enum: z.array(z.unknown()),
    type: z.union([z.string(), z.array(z.string())]),
    required: z.array(z.string()),
    get anyOf() {
      return z.array(schemaSchema).optional();
    },
    get oneOf() {
      return z.array(schemaSchema).optional();
    },
    get items() {
      return schemaSchema.optional();
    },
    get properties() {
      return z.record(z.string(), schemaSchema).optional();
    },
    get additionalProperties() {
      return z.union([z.boolean(), schemaSchema]).optional();
    },
  })
  .partial();
type Schema = z.infer<typeof schemaSchema>;

const documentSchema = z.object({
  components: z.object({ schemas: z.record(z.string(), schemaSchema) }),
  webhooks: z.record(
    z.string(),
    z.object({
      post: z.object({ requestBody: z.object({ content: z.record(z.string(), z.object({ schema: schemaSchema })) }) }),
    }),
  ),
});

/** Types that a bot needs; types in them come along. */
const WANTED = ["Event", "HandoffRequest", "Answer", "EventProblem", "Session", "Problem"];

const union = (types: string[]): string => [...new Set(types)].join(" | ");
const comment = (description: string | undefined): string =>
  description === undefined ? "" : `/** ${description} */\n`;

function objectType({ properties = {}, required = [], additionalProperties }: Schema): string {
  const members = Object.entries(properties).map(([name, schema]) => {
    const isRequired = required.includes(name);
    return `${comment(schema.description)}${JSON.stringify(name)}${isRequired ? "" : "?"}: ${toType(schema)}${isRequired ? "" : " | undefined"};`;
  });
  const isOpen = typeof additionalProperties === "object" || members.length === 0;
  const others = typeof additionalProperties === "object" ? toType(additionalProperties) : "unknown";
  if (members.length === 0) return `Record<string, ${others}>`;
  return `{ ${members.join("\n")}${isOpen ? `\n[name: string]: ${others};` : ""} }`;
}

function typeNamed(type: string, schema: Schema): string {
  switch (type) {
    case "object":
      return objectType(schema);
    case "array":
      return `(${schema.items === undefined ? "unknown" : toType(schema.items)})[]`;
    case "integer":
      return "number";
    default:
      return type;
  }
}

function toType(schema: Schema): string {
  if (schema.$ref !== undefined) return schema.$ref.split("/").at(-1) ?? "never";
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum !== undefined) return union(schema.enum.map((value) => JSON.stringify(value)));
  const options = schema.anyOf ?? schema.oneOf;
  if (options !== undefined) return union(options.map(toType));
  if (schema.type === undefined) return "unknown";
  return union([schema.type].flat().map((type) => typeNamed(type, schema)));
}

export function makeTypes(given: unknown): string {
  const { components, webhooks } = documentSchema.parse(given);
  const callbacks = Object.values(webhooks).flatMap(({ post }) =>
    Object.values(post.requestBody.content).map(({ schema }) => toType(schema)),
  );
  const made = new Map([["Callback", `export type Callback = ${union(callbacks)};`]]);
  const waiting = [...WANTED, ...[...(made.get("Callback") ?? "").matchAll(/\b[A-Z]\w+/g)].map(([name]) => name)];
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    const schema = components.schemas[name];
    if (schema === undefined || made.has(name)) continue;
    const type = toType(schema);
    made.set(name, `${comment(schema.description)}export type ${name} = ${type};`);
    waiting.push(...[...type.matchAll(/\b[A-Z]\w+/g)].map(([found]) => found));
  }
  const sorted = [...made].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, text]) => text);
  return ["// Made of the OpenAPI document by `npm run client:types`.", ...sorted, ""].join("\n\n");
}
