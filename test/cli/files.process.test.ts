import { cpSync, mkdtempSync, readFileSync, realpathSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { baton } from "../support/process.ts";

const PROJECT = resolve(import.meta.dirname, "../..");

it(".env is read with a byte order mark, and the environment has the last word", async () => {
  const folder = mkdtempSync(join(tmpdir(), "baton-files-"));
  writeFileSync(join(folder, ".env"), "\ufeffPORT=nonsense\nLOG_LEVEL=nonsense\n");
  const { ended, output } = baton(["serve"], { NODE_ENV: "development", LOG_LEVEL: "error" }, { cwd: folder });
  await ended;
  expect(output()).toMatch(/PORT/);
  expect(output()).not.toMatch(/LOG_LEVEL/);
  expect(output()).toContain(`Settings are read from ${realpathSync(folder)}/.env: PORT`);
});

describe("a mistake in a flow's file", () => {
  /** The project with files of flows that may be changed. */
  let root: string;
  beforeAll(() => {
    root = mkdtempSync(join(tmpdir(), "baton-project-"));
    for (const part of ["bin", "src", "flows", "package.json"])
      cpSync(join(PROJECT, part), join(root, part), { recursive: true });
    symlinkSync(join(PROJECT, "node_modules"), join(root, "node_modules"));
  });

  /** Changes the file of a flow. Returns what a command that needs the flows says of it. */
  async function said(change: (text: string) => string): Promise<string> {
    const text = readFileSync(join(PROJECT, "flows/web-chat/flow.ts"), "utf8");
    writeFileSync(join(root, "flows/web-chat/flow.ts"), change(text));
    const { ended, output } = baton(["flows", "list"], {}, { root });
    expect(await ended).toBe(2);
    return output();
  }

  it.each<[string, string, RegExp]>([
    ["a comma that is missing", 'const x = {\n  a: 1,\n  b: [1 "x"],\n};\n', /flows\/web-chat\/flow\.ts:3:9: Expected/],
    ["a brace that is not closed", "const x = { a: 1 ;\n", /flows\/web-chat\/flow\.ts:1:18: Expected/],
    [
      "a name that nothing has",
      "const x = [\n  unheard,\n];\n",
      /flows\/web-chat\/flow\.ts:2:3: unheard is not defined/,
    ],
    [
      "a name that two things have",
      "const x = 1;\nconst x = 2;\n",
      /flows\/web-chat\/flow\.ts:2:7: Identifier 'x' has/,
    ],
    ["an import of what is not there", 'import { nothing } from "../index.ts";\n', /flow\.ts:1:10: .*nothing/],
    ["an enum", "enum Kind {}\n", /flows\/web-chat\/flow\.ts:1:1: TypeScript enum is not supported/],
  ])("is told with its place: %s", async (_, first, message) => {
    expect(await said((text) => first + text)).toMatch(message);
  });

  it("is told in our own words where the flow says what no flow may say", async () => {
    const output = await said((text) => text.replace("bots: [", "bots: [7 as unknown as string, "));
    expect(output).toMatch(/Flow 'web-chat' is not valid/);
  });
});
