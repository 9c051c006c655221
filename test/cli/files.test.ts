import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { readSample } from "../../src/replay/sample.ts";
import { run } from "../support/command-line.ts";

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
    const explained = await run(["flows", "explain", "shop-assistant", path]);
    expect(explained).toEqual({ code: 0, output: expect.stringContaining("customer-asked") });
  });

  it("is read as BOT_SECRETS_FILE", async () => {
    const env = { BOT_SECRETS_FILE: write(SECRETS), PORT: "1" };
    const { output } = await run(["sessions", "show", "shop-assistant", "s1"], env);
    expect(output).toMatch(/No Baton answers/);
  });
});
