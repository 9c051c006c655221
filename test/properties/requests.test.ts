/** Sends requests made from the document, by a client that knows nothing else. */
import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { generateSync } from "json-schema-faker";
import { expect, it } from "vitest";
import { z } from "zod";
import { fc } from "../fuzz/fast-check.ts";
import { runs } from "../fuzz/runs.ts";
import { createWorld, OPERATOR_TOKEN, SECRET } from "../support/world.ts";

type Json = Record<string, unknown>;
const schemaSchema = z.record(z.string(), z.unknown());
const contentSchema = z
  .record(
    z.string(),
    z.object({
      schema: schemaSchema.optional(),
      examples: z.record(z.string(), z.object({ value: z.unknown() })).optional(),
    }),
  )
  .optional();
const operationSchema = z.object({
  operationId: z.string(),
  security: z.array(z.record(z.string(), z.unknown())),
  parameters: z
    .array(
      z.object({
        in: z.enum(["path", "query", "header"]),
        name: z.string(),
        required: z.boolean().optional(),
        schema: schemaSchema,
      }),
    )
    .default([]),
  requestBody: z.object({ content: contentSchema }).optional(),
  responses: z.record(z.string(), z.object({ content: contentSchema })),
});
const documentSchema = z.object({
  paths: z.record(z.string(), z.record(z.string(), operationSchema)),
  components: z.object({ schemas: z.record(z.string(), schemaSchema) }),
});

const document = documentSchema.parse(await (await createWorld().request("/openapi.json")).json());
const operations = Object.entries(document.paths).flatMap(([path, item]) =>
  Object.entries(item).map(([method, operation]) => ({ path, method: method.toUpperCase(), ...operation })),
);

/** Closes a schema: an answer must have no other field, though the document allows that for later versions. */
function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed);
  if (typeof schema !== "object" || schema === null) return schema;
  const inner = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, closed(value)]));
  return "properties" in inner && !("additionalProperties" in inner)
    ? { ...inner, additionalProperties: false }
    : inner;
}
const ajv = new Ajv2020({ strict: false, allErrors: true });
addFormats.default(ajv);
ajv.addSchema({ $id: "document", components: { schemas: closed(document.components.schemas) } });
const located = (schema: unknown): Json =>
  JSON.parse(JSON.stringify(schema).replaceAll('"#/components/', '"document#/components/'));
const validators = new Map<string, ReturnType<typeof ajv.compile>>();
function validatorOf(name: string, schema: Json) {
  const known = validators.get(name) ?? ajv.compile(located(closed(schema)));
  validators.set(name, known);
  return known;
}

const IN_PLACE: Readonly<Record<string, readonly string[]>> = {
  bot: ["shop-assistant", "shop-assistant", "bank-assistant", "nobody"],
  session: ["chat-1", "chat-2", "+385 91 234 5678"],
  account: ["default", "other"],
  tail: ["r1", "r2"],
};

it("answers requests made of the OpenAPI document as it says, whatever they hold", async () => {
  const world = createWorld(undefined, { pushes: true });
  const ids: string[] = ["01H0000"];
  const callbacks: string[] = ["01H0001-handoff-routed-1"];
  const seen = new Map<string, Set<number>>();
  const made = (schema: Json = {}, seed = 0): unknown =>
    generateSync({ ...schema, components: document.components } as never, { seed, maxItems: 3, maxLength: 40 });
  const pick = (from: readonly string[], seed: number): string => from[seed % from.length] ?? "";

  async function ask({ path, method, security, parameters, requestBody }: (typeof operations)[number], seed: number) {
    const known: Record<string, readonly string[]> = { ...IN_PLACE, id: ids, callback: callbacks };
    const query = new URLSearchParams();
    const isOperators = security.some((one) => "operatorToken" in one);
    const headers = new Headers({ authorization: `Bearer ${isOperators ? OPERATOR_TOKEN : SECRET}` });
    let address = path;
    let source: string | undefined;
    for (const [index, { in: place, name, required, schema }] of parameters.entries()) {
      if (required !== true && (seed + index) % 3 > 0) continue;
      const drawn = known[name]?.length ? pick(known[name] ?? [], seed + index) : String(made(schema, seed + index));
      if (name === "source") source = drawn;
      if (place === "path") address = address.replace(`{${name}}`, encodeURIComponent(drawn));
      else if (place === "query") query.set(name, drawn);
      else if (name !== "Prefer") headers.set(name, drawn.replace(/[^\x21-\x7e]/g, "x"));
    }
    // The world's clock stands still: an answer that waits would wait for ever.
    headers.set("prefer", "respond-async");
    const content = requestBody?.content?.["application/json"];
    // Only its example tells which body a source reads.
    const example = source === undefined ? undefined : content?.examples?.[source]?.value;
    const body: unknown = example !== undefined && seed % 2 === 0 ? example : content && made(content.schema, seed);
    // Requests share a few sessions.
    const text =
      body === undefined
        ? undefined
        : JSON.stringify(body, (key, value: unknown) =>
            key === "session" ? pick(IN_PLACE.session ?? [], seed) : value,
          );
    return world.request(`${address}?${query}`, { method, headers, ...(text !== undefined && { body: text }) });
  }

  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...operations), fc.nat({ max: 1_000_000 }), async (operation, seed) => {
      const response = await ask(operation, seed);
      const { status } = response;
      expect(status).toBeLessThan(500);
      const [type = ""] = response.headers.get("content-type")?.split(";") ?? [];
      const declared = operation.responses[String(status)];
      expect(declared, `${operation.operationId} answers ${status}`).toBeDefined();
      const schema = declared?.content?.[type]?.schema;
      expect(schema, `${operation.operationId} answers ${status} as ${type}`).toBeDefined();
      const validate = validatorOf(`${operation.operationId} ${status}`, schema ?? {});
      const answer: unknown = type === "text/plain" ? await response.text() : await response.json();
      expect(validate(answer) ? [] : validate.errors, JSON.stringify(answer).slice(0, 2_000)).toEqual([]);
      seen.set(operation.operationId, (seen.get(operation.operationId) ?? new Set()).add(status));
      const opened = typeof answer === "object" && answer !== null && "handoffId" in answer ? answer.handoffId : null;
      if (typeof opened === "string" && !ids.includes(opened)) ids.push(opened);
      await world.pass(0);
    }),
    runs(200),
  );
  // Random requests must be accepted too, not only refused.
  const done = [...seen].filter(([, statuses]) => [...statuses].some((it) => it < 300)).map(([id]) => id);
  expect(done).toEqual(
    expect.arrayContaining(["reportEvents", "requestHandoff", "postWebhook", "getSession", "listHandoffs"]),
  );
});
