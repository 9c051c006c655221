import { globSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { formatSample } from "../../src/replay/write-sample.ts";

it("writes each part of a sample on its own line, and breaks what is longer than a line", () => {
  const line = "x".repeat(90);
  const sample = {
    title: "T",
    script: [{ to: "events", body: {} }],
    expected: { calls: [line, "y"], notes: [[line, line]] },
  };
  const text = formatSample(sample);
  expect(JSON.parse(text)).toEqual(sample);
  expect(text.split("\n")).toEqual([
    "{",
    '  "title": "T",',
    '  "script": [{ "to": "events", "body": {} }],',
    '  "expected": {',
    `    "calls": ["${line}", "y"],`,
    '    "notes": [',
    "      [",
    `        "${line}",`,
    `        "${line}"`,
    "      ]",
    "    ]",
    "  }",
    "}",
    "",
  ]);
});

it("finds each sample of the project written as --update writes it", () => {
  const paths = globSync("flows/*/samples/**/*.json");
  expect(paths.length).toBeGreaterThan(100);
  const others = paths.filter((path) => {
    const text = readFileSync(path, "utf8");
    return formatSample(JSON.parse(text) as Record<string, unknown>) !== text;
  });
  expect(others).toEqual([]);
});
