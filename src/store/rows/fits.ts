/**
 * Reads values by their schema without the copies that parsing makes: a value that fits is returned as it is. One that does not
 * is parsed, so that defaults are filled in, unknown keys are dropped, and a damaged one throws. See decision 013.
 */
import type { z } from "zod";

type Fits = (value: unknown) => boolean;
type Schema = z.core.$ZodType;

/** Leaves the value to the parser. */
const never: Fits = () => false;

/** A refinement. */
interface CustomCheck {
  check: "custom";
  fn?: (value: unknown) => unknown;
}

/** A pattern that remembers where it was is left to the parser. */
const matches = (pattern: RegExp): Fits =>
  pattern.global || pattern.sticky ? never : (value) => pattern.test(value as string);

/** Returns the test of a check; `never`: the check may change the value, or is not known here. */
function testOf(check: z.core.$ZodCheck): Fits {
  const def = check._zod.def as z.core.$ZodChecks["_zod"]["def"] | CustomCheck;
  switch (def.check) {
    case "min_length":
      return (value) => (value as string).length >= def.minimum;
    case "max_length":
      return (value) => (value as string).length <= def.maximum;
    case "greater_than":
      return (value) =>
        def.inclusive ? (value as number) >= Number(def.value) : (value as number) > Number(def.value);
    case "less_than":
      return (value) =>
        def.inclusive ? (value as number) <= Number(def.value) : (value as number) < Number(def.value);
    case "number_format":
      return def.format === "safeint" ? Number.isSafeInteger : never;
    case "string_format":
      return def.format === "regex" && def.pattern !== undefined ? matches(def.pattern) : never;
    case "custom": {
      const { fn } = def;
      return fn === undefined ? never : (value) => fn(value) === true;
    }
    default:
      return never;
  }
}

function withChecks(isType: Fits, checks: readonly z.core.$ZodCheck[] = []): Fits {
  const tests = checks.map(testOf);
  const [first] = tests;
  if (first === undefined) return isType;
  if (tests.length === 1) return (value) => isType(value) && first(value);
  return (value) => isType(value) && tests.every((test) => test(value));
}

function fitsString({ checks, pattern, format }: z.core.$ZodStringDef & { format?: string; pattern?: RegExp }): Fits {
  const isString: Fits = (value) => typeof value === "string";
  if (format === undefined) return withChecks(isString, checks);
  return pattern === undefined
    ? never
    : withChecks((value) => isString(value) && pattern.test(value as string), checks);
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function fitsObject(shape: Readonly<Record<string, Schema>>): Fits {
  const fields = Object.entries(shape).map(([name, schema]) => ({
    name,
    fits: fitsOf(schema),
    isOptional: schema._zod.optin === "optional",
  }));
  return (value) => {
    if (!isObject(value)) return false;
    let known = 0;
    for (const { name, fits, isOptional } of fields) {
      const field = value[name];
      if (field === undefined && !Object.hasOwn(value, name)) {
        if (!isOptional) return false;
      } else if (fits(field)) known += 1;
      else return false;
    }
    return Object.keys(value).length === known;
  };
}

function fitsRecord(key: Fits, value: Fits): Fits {
  return (record) =>
    isObject(record) && Object.keys(record).every((name) => name !== "__proto__" && key(name) && value(record[name]));
}

/** Chooses the option by its discriminator where there is one; an option without it is tried like any other. */
function fitsUnion(options: readonly Schema[], discriminator: string | undefined): Fits {
  const all = options.map(fitsOf);
  const byKind = new Map<unknown, Fits>();
  for (const [at, option] of options.entries()) {
    const { def } = (option as z.core.$ZodTypes)._zod;
    const kind = discriminator !== undefined && def.type === "object" ? def.shape[discriminator] : undefined;
    const literal = (kind as z.core.$ZodTypes | undefined)?._zod.def;
    if (literal?.type === "literal") for (const it of literal.values) byKind.set(it, all[at] ?? never);
  }
  if (discriminator === undefined || byKind.size < options.length) return (value) => all.some((fits) => fits(value));
  return (value) => isObject(value) && (byKind.get(value[discriminator]) ?? never)(value);
}

function fitsOf(schema: Schema): Fits {
  const { def } = (schema as z.core.$ZodTypes)._zod;
  switch (def.type) {
    case "string":
      return fitsString(def);
    case "number":
      return withChecks(Number.isFinite, def.checks);
    case "boolean":
      return withChecks((value) => typeof value === "boolean", def.checks);
    case "literal":
      return (value) => (def.values as unknown[]).includes(value);
    case "enum": {
      const entries = new Set<unknown>(Object.values(def.entries));
      return (value) => entries.has(value);
    }
    case "nullable": {
      const inner = fitsOf(def.innerType);
      return (value) => value === null || inner(value);
    }
    case "optional":
    case "default":
      return fitsOf(def.innerType);
    case "array": {
      const element = fitsOf(def.element);
      return withChecks((value) => Array.isArray(value) && value.every(element), def.checks);
    }
    case "record":
      return withChecks(fitsRecord(fitsOf(def.keyType), fitsOf(def.valueType)), def.checks);
    case "object":
      return withChecks(fitsObject(def.shape), def.checks);
    case "union":
      return withChecks(fitsUnion(def.options, (def as z.core.$ZodDiscriminatedUnionDef).discriminator), def.checks);
    case "unknown":
      return () => true;
    default:
      return never;
  }
}

/** Returns a function that is true if parsing a value would return an equal one. False says nothing about the value. */
export function createFits<T extends z.ZodType>(schema: T): (value: unknown) => value is z.output<T> {
  const fits = fitsOf(schema);
  return (value): value is z.output<T> => fits(value);
}

export function createReader<T extends z.ZodType>(schema: T): (value: unknown) => z.output<T> {
  const fits = createFits(schema);
  return (value) => (fits(value) ? value : schema.parse(value));
}
