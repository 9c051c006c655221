import { readdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { expect, it } from "vitest";

const SRC = resolve(import.meta.dirname, "../../src");

it.each([
  ["the record", "../store/migrations", "store/migrations", 1],
  ["a session's object", "./objects/migrations", "worker/objects/migrations", 1_000],
])("bundles every migration of %s for Workers, in its order and under its number", (_, from, folder, first) => {
  const bundled = readFileSync(resolve(SRC, "worker/migrations.ts"), "utf8");
  const imports = [...bundled.matchAll(/import (\w+) from "(.+)\/(.+\.sql)"/g)].filter(([, , path]) => path === from);
  const files = readdirSync(resolve(SRC, folder))
    .filter((name) => name.endsWith(".sql"))
    .sort();
  expect(imports.map(([, , , file]) => file)).toEqual(files);
  expect(files.map((name) => Number.parseInt(name, 10))).toEqual(files.map((_, index) => first + index));
  const lists = [...bundled.matchAll(/numbered\(([\d_]+), \[([^\]]*)\]\)/g)];
  const [, , list = ""] = lists.find(([, number = ""]) => Number(number.replaceAll("_", "")) === first) ?? [];
  expect(list.match(/\w+/g)).toEqual(imports.map(([, name]) => name));
});
