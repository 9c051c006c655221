/**
 * Describes a table's columns once: how each is selected, read and written. STRICT tables and their CHECKs hold plain columns to
 * their types, so only JSON is checked when it is read. See decision 013.
 */
import type { z } from "zod";
import type { Value } from "../database.ts";
import { createReader } from "./fits.ts";
import { held } from "./hold-rows.ts";

interface Column<Model> {
  /** SQL to read it by; default: the column. */
  select?: string;
  /** Schema of its JSON. A former version may have written less, and a damaged file anything. */
  json?: z.ZodType;
  /** True: the column has 0 and 1. */
  isFlag?: boolean;
  /** Returns the value to write; default: the field's. */
  stored?: (model: Model) => unknown;
  /** True: only a new row has it. */
  isFixed?: boolean;
}

/** By the model's names. A field that is not listed has a plain column. */
type Columns<Model> = { readonly [Field in keyof Model]?: Column<Model> };

const snakeCase = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

function toColumn(value: unknown): Value {
  if (value === undefined || value === null) return null;
  if (typeof value === "boolean") return value ? 1 : 0;
  if (typeof value === "object" && !(value instanceof Uint8Array)) return JSON.stringify(value);
  return value as Value;
}

export function describeColumns<Shape extends z.ZodRawShape>(
  schema: z.ZodObject<Shape>,
  columns: Columns<z.output<z.ZodObject<Shape>>> = {},
) {
  type Model = z.output<z.ZodObject<Shape>>;
  type Field = keyof Model & string;
  const all = (Object.keys(schema.shape) as Field[]).map((field) => {
    const { select, json, isFlag = false, stored, isFixed = false }: Column<Model> = columns[field] ?? {};
    const column = snakeCase(field);
    const expression = select ?? column;
    return {
      ...{ field, column, json, isFlag, isFixed },
      select: expression === field ? field : `${expression} AS ${field}`,
      write: (model: Model): unknown => (stored === undefined ? model[field] : stored(model)),
    };
  });

  const changing = all.filter(({ isFixed }) => !isFixed);

  /** The columns of some fields, for a query. */
  function pick<Picked extends Field>(fields: readonly Picked[]) {
    const picked = all.filter(({ field }) => (fields as readonly string[]).includes(field));
    const json = picked.flatMap((it) =>
      it.json === undefined ? [] : [{ field: it.field, read: createReader(it.json) }],
    );
    const flags = picked.filter(({ isFlag }) => isFlag).map(({ field }) => field);
    const mask = Object.fromEntries(fields.map((field) => [field, true]));
    const picks = schema.pick(mask as never) as z.ZodType;
    return {
      select: picked.map(({ select }) => select).join(", "),
      /** Changes the engine's row in place. Throws at JSON that is damaged. */
      read(row: unknown): Pick<Model, Picked> {
        const read = row as Record<string, unknown>;
        for (const it of json) {
          const text = read[it.field];
          read[it.field] = it.read(typeof text === "string" ? JSON.parse(text) : null);
        }
        for (const field of flags) read[field] = read[field] === null ? null : read[field] === 1;
        return held(picks, read) as Pick<Model, Picked>;
      },
    };
  }

  return {
    ...pick(all.map(({ field }) => field)),
    pick,
    /** The columns of a new row, and its values in their order. */
    columns: all.map(({ column }) => column),
    valuesOf: (model: Model): Value[] => all.map(({ write }) => toColumn(write(model))),
    /**
     * Columns that changed between two states of a row, with their new values; all that may change if the first is not known.
     * JSON changed if it is another object.
     */
    changes(before: Model | null, after: Model): [column: string, value: Value][] {
      const changed: [string, Value][] = [];
      for (const { column, write } of changing) {
        const value = write(after);
        if (before === null || value !== write(before)) changed.push([column, toColumn(value)]);
      }
      return changed;
    },
  };
}

/** Returns the statement that adds a row with these columns. */
export const insertInto = (table: string, columns: readonly string[]): string =>
  `INSERT INTO ${table} (${columns.join(", ")}) VALUES (${columns.map(() => "?").join(", ")})`;
