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
