import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, it } from "vitest";
import { alertCodes } from "../../src/log.ts";

const ROOT = resolve(import.meta.dirname, "../..");
const page = readFileSync(join(ROOT, "docs/operations.md"), "utf8");
const [, section = ""] = /^## Alerts$([\s\S]*?)^## /m.exec(page) ?? [];

it.each(alertCodes)("docs/operations.md says what %s means, what to do, and when it is over", (code) => {
  const [, paragraph = ""] = new RegExp(`^### ${code}\\n\\n([\\s\\S]*?)\\n(?:\\n|$)`, "m").exec(section) ?? [];
  expect(paragraph).toMatch(/\. .+\bOver (when|with|below)\b/);
});

it("has no paragraph for a code that does not exist", () => {
  const described = [...section.matchAll(/^### (.+)$/gm)].map(([, code]) => code);
  expect(described.sort()).toEqual([...alertCodes].sort());
});

it("raises each code somewhere in the product", () => {
  const src = join(ROOT, "src");
  const files = readdirSync(src, { recursive: true, encoding: "utf8" }).filter(
    (file) => file.endsWith(".ts") && file !== "log.ts" && file !== "model/alert.ts",
  );
  const text = files.map((file) => readFileSync(join(src, file), "utf8")).join();
  expect(alertCodes.filter((code) => !text.includes(`"${code}"`))).toEqual([]);
});
