import { anyJson } from "../events/support/payloads.ts";
import { fc } from "./fast-check.ts";

type Path = readonly (string | number)[];

function pathsOf(value: unknown, path: Path = []): Path[] {
  if (typeof value !== "object" || value === null) return [path];
  const members: [string | number, unknown][] = Array.isArray(value)
    ? value.map((item, index) => [index, item])
    : Object.entries(value);
  return [path, ...members.flatMap(([key, member]) => pathsOf(member, [...path, key]))];
}

/** Copies a value with something else at a path; undefined: with nothing there. */
function withChange(value: unknown, path: Path, change: unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return change;
  if (Array.isArray(value)) {
    const changed = value.map((item, index) => (index === key ? withChange(item, rest, change) : item));
    return rest.length === 0 && change === undefined ? changed.filter((_, index) => index !== key) : changed;
  }
  const members = Object.entries(value as object).map(([name, member]) => [
    name,
    name === key ? withChange(member, rest, change) : member,
  ]);
  return Object.fromEntries(members.filter(([, member]) => member !== undefined));
}

/** Values that a careless author of a flow writes. */
const careless = fc.constantFrom<unknown>(
  undefined,
  null,
  "",
  " ",
  "null",
  "undefined",
  "{{attribute}}",
  "[]",
  "{}",
  '{"type":"TEXT"}',
  "\ud800",
  "\0",
  "__proto__",
  "../../..",
  0,
  -1,
  1e308,
  2 ** 53 + 2,
  true,
  [],
  {},
  [[]],
);
const long = fc.constantFrom("x", "😀", "\ud83d", "é ", "4111 1111 ").map((unit) => unit.repeat(60_000));

/** Any UTF-16. fast-check's own `binary` takes 2 s of CPU before its first text. */
const anyText = fc.array(fc.nat(0xffff), { maxLength: 20 }).map((units) => String.fromCharCode(...units));

/** A payload that a platform really sends, with one to four mistakes. */
export function mutated(payloads: readonly unknown[]): fc.Arbitrary<unknown> {
  const change = fc.oneof(
    { weight: 6, arbitrary: careless },
    { weight: 6, arbitrary: anyJson },
    { weight: 3, arbitrary: anyText },
    { weight: 1, arbitrary: long },
  );
  const changes = fc.array(fc.tuple(fc.nat(), change), { minLength: 1, maxLength: 4 });
  return fc
    .tuple(fc.constantFrom(...payloads), changes)
    .map(([payload, all]) =>
      all.reduce((value: unknown, [place, what]) => {
        const paths = pathsOf(value);
        return withChange(value, paths[place % paths.length] ?? [], what);
      }, payload),
    )
    .map((value) => (value === undefined ? null : value));
}
