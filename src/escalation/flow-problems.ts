/** Says to the author of a flow what is wrong with it: the place, the mistake, and the right form. */
import { z } from "zod";
import { plainIssue } from "../plain-issue.ts";
import { nearestName } from "./nearest-name.ts";
import { ANY_LANGUAGE } from "./text/text-schema.ts";

type Issue = z.core.$ZodIssue;
type Path = readonly PropertyKey[];

const wordSchema = z.string().optional().catch(undefined);
/** Names in what somebody wrote, whatever that is. */
const writtenSchema = z
  .object({
    name: z.string().catch(""),
    rules: z
      .array(z.object({ name: wordSchema, reason: wordSchema }).catch({ name: undefined, reason: undefined }))
      .catch([]),
  })
  .catch({ name: "", rules: [] });
type Written = z.infer<typeof writtenSchema>;

interface FlowProblem {
  path: Path;
  text: string;
}

/** Names the place of a problem: a rule by its name. */
function placeOf({ rules }: Written, path: Path): string {
  const keys = path.filter((key) => key !== ANY_LANGUAGE).map(String);
  const rule = keys[0] === "rules" ? rules[Number(keys[1])] : undefined;
  const name = rule?.name ?? rule?.reason;
  const place = keys.join(".") || "(the flow)";
  return name === undefined ? place : `${place} (rule '${name}')`;
}

type Json = Readonly<Record<string, unknown>>;
const isJson = (value: unknown): value is Json => typeof value === "object" && value !== null && !Array.isArray(value);
const jsonsIn = (value: unknown): Json[] => (Array.isArray(value) ? value.filter(isJson) : []);

/** A JSON Schema with its alternatives, if it has any. */
const formsOf = (node: Json): Json[] => [
  node,
  ...["anyOf", "oneOf", "allOf"].flatMap((key) => jsonsIn(node[key]).flatMap(formsOf)),
];

function partsOf({ properties, items, prefixItems, additionalProperties }: Json, key: PropertyKey): Json[] {
  if (typeof key === "number") return [items, ...jsonsIn(prefixItems)].filter(isJson);
  const own = isJson(properties) ? properties[String(key)] : undefined;
  return [own ?? additionalProperties].filter(isJson);
}

/** Lists the names of the fields that an object at this place may have. */
function fieldsAt(schemas: readonly z.ZodType[], path: Path): string[] {
  let nodes = schemas.flatMap((schema) =>
    formsOf(z.toJSONSchema(schema, { io: "input", unrepresentable: "any" }) as Json),
  );
  for (const key of path) nodes = nodes.flatMap((node) => partsOf(node, key)).flatMap(formsOf);
  return nodes.flatMap(({ properties, propertyNames }) => [
    ...(isJson(properties) ? Object.keys(properties) : []),
    ...(isJson(propertyNames) && Array.isArray(propertyNames.enum) ? propertyNames.enum.map(String) : []),
  ]);
}

/** Finds the missing field of the same object that a field without meaning was to be. */
function findMissing({ path }: Issue, key: string, issues: readonly Issue[]): string | null {
  const beside = issues.filter(
    (it) => it.path.length === path.length + 1 && it.path.join(".").startsWith(path.join(".")),
  );
  const missing = beside.filter((it) => plainIssue(it) === "is missing").map((it) => String(it.path.at(-1)));
  return nearestName(key, missing);
}

/** True if both are entries of one list. */
const isSibling = (one: Path, other: Path): boolean =>
  typeof one.at(-1) === "number" && one.slice(0, -1).join(".") === other.slice(0, -1).join(".");

function problemsOf(written: Written, issues: readonly Issue[], schemas: readonly z.ZodType[]): FlowProblem[] {
  /** Fields that are there under another name. */
  const misnamed = new Set<string>();
  const found = issues.flatMap((issue): { path: Path; message: string; place: string }[] => {
    const place = placeOf(written, issue.path);
    if (issue.code !== "unrecognized_keys") return [{ path: issue.path, message: plainIssue(issue), place }];
    return issue.keys.map((key) => {
      const missing = findMissing(issue, key, issues);
      if (missing !== null) misnamed.add([...issue.path, missing].join("."));
      const near = missing ?? nearestName(key, fieldsAt(schemas, issue.path));
      const message = `has no field '${key}'${near === null ? "" : `: do you mean '${near}'?`}`;
      return { path: [...issue.path, key], message, place };
    });
  });
  return found
    .filter(({ path, message }, index) => {
      if (message === "is missing" && misnamed.has(path.join("."))) return false;
      return !found.slice(0, index).some((it) => it.message === message && isSibling(it.path, path));
    })
    .map(({ path, message, place }) => ({ path, text: `${place}: ${message}` }));
}

/** An error with all mistakes of a flow. */
export type FlowError = Error & { flow: string; problems: readonly FlowProblem[] };

/** `schemas`: say which fields there are, each of a part of the flow. */
export function flowError(input: unknown, issues: readonly Issue[], schemas: readonly z.ZodType[]): FlowError {
  const written = writtenSchema.parse(input);
  const problems = problemsOf(written, issues, schemas);
  const lines = problems.map(({ text }) => `  ${text}`).join("\n");
  const error = new Error(`Flow '${written.name}' is not valid:\n${lines}`);
  return Object.assign(error, { flow: written.name, problems });
}

export const isFlowError = (error: unknown): error is FlowError => error instanceof Error && "problems" in error;
