import { spawn } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, realpathSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { readSample } from "../../src/replay/sample.ts";
import { atTheEnd, baton } from "../support/process.ts";

const PROJECT = resolve(import.meta.dirname, "../..");
const temporary = () => mkdtempSync(join(tmpdir(), "baton-files-"));
const SECRETS = JSON.stringify({ "shop-assistant": ["development"] });

/** Encodings in which editors and shells of Windows write a text file. */
const ENCODINGS: [string, (text: string) => Uint8Array][] = [
  ["UTF-8 with a byte order mark", (text) => Buffer.from(`\ufeff${text}`)],
  ["UTF-16", (text) => Buffer.from(`\ufeff${text}`, "utf16le")],
  ["UTF-16, the other way round", (text) => Buffer.from(`\ufeff${text}`, "utf16le").swap16()],
];

describe.each(ENCODINGS)("a file in %s", (_, encode) => {
  const write = (text: string, name = "file.json"): string => {
    const path = join(temporary(), name);
    writeFileSync(path, encode(text));
    return path;
  };

  it("is read as a sample", () => {
    const text = readFileSync(join(PROJECT, "flows/retail-support/samples/unhappy.json"), "utf8");
    expect(readSample(write(text))).toMatchObject({ ok: true });
  });

  it("is read as a payload", async () => {
    const path = write(JSON.stringify({ id: "e1", type: "handoff.requested", session: "s1", reason: "žurno" }));
    const { ended, output } = baton(["flows", "explain", "shop-assistant", path]);
    expect([await ended, output()]).toEqual([0, expect.stringContaining("customer-asked")]);
  });

  it("is read as BOT_SECRETS_FILE", async () => {
    const env = { BOT_SECRETS_FILE: write(SECRETS), PORT: "1" };
    const { ended, output } = baton(["sessions", "show", "shop-assistant", "s1"], env);
    await ended;
    expect(output()).not.toMatch(/JSON|BOT_SECRETS/);
  });

  it("is read as .env, its first line too, and the environment has the last word", async () => {
    const folder = join(write("PORT=nonsense\nLOG_LEVEL=nonsense\n", ".env"), "..");
    const child = spawn(process.execPath, [join(PROJECT, "bin/baton.js"), "serve"], {
      cwd: folder,
      env: { PATH: process.env.PATH, LOG_LEVEL: "error" },
    });
    atTheEnd(() => child.kill("SIGKILL"));
    let output = "";
    child.stderr.on("data", (chunk) => {
      output += String(chunk);
    });
    await new Promise((done) => child.once("exit", done));
    expect(output).toMatch(/PORT/);
    expect(output).not.toMatch(/LOG_LEVEL/);
    expect(output).toContain(`Settings are read from ${realpathSync(folder)}/.env: PORT`);
  });
});

describe("a mistake in a flow's file", () => {
  /** Copies the project with a changed flow, and returns the output of a command that needs the flows. */
  async function said(change: (text: string) => string): Promise<string> {
    const root = temporary();
    for (const part of ["bin", "src", "flows", "package.json"])
      cpSync(join(PROJECT, part), join(root, part), { recursive: true });
    symlinkSync(join(PROJECT, "node_modules"), join(root, "node_modules"));
    const file = join(root, "flows/web-chat/flow.ts");
    writeFileSync(file, change(readFileSync(file, "utf8")));
    const child = spawn(process.execPath, [join(root, "bin/baton.js"), "flows", "list"], {
      env: { PATH: process.env.PATH, NODE_ENV: "production" },
    });
    atTheEnd(() => child.kill("SIGKILL"));
    let output = "";
    child.stderr.on("data", (chunk) => {
      output += String(chunk);
    });
    expect(await new Promise((done) => child.once("exit", done))).toBe(2);
    return output;
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
