import { readdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { expect, it } from "vitest";

const SRC = resolve(import.meta.dirname, "../../src");

it("bundles every migration of the record for Workers, in its order", () => {
  const bundled = readFileSync(resolve(SRC, "worker/migrations.ts"), "utf8");
  const imports = [...bundled.matchAll(/import (\w+) from "\.\.\/sessions\/migrations\/(.+\.sql)"/g)];
  const files = readdirSync(resolve(SRC, "sessions/migrations")).filter((name) => name.endsWith(".sql"));
  expect(imports.map(([, , file]) => file)).toEqual(files.sort());
  const [, listed = ""] = /: readonly Migration\[\] = \[([^\]]*)\]/.exec(bundled) ?? [];
  expect(listed.match(/\w+/g)).toEqual(imports.map(([, name]) => name));
});
