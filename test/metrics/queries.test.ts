/** Every query of the dashboard and of the alert rules asks for metrics and labels that there are. */
import { readFileSync } from "node:fs";
import { parser } from "@prometheus-io/lezer-promql";
import { beforeAll, expect, it } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { TOO_MANY } from "../../src/escalation/at-most.ts";
import { callbackTypes } from "../../src/events/callback-types.ts";
import { counters, gauges, histograms } from "../../src/metrics/catalogue.ts";
import { handoffStateSchema } from "../../src/model/handoff.ts";
import { createWorld } from "../support/world.ts";
import { type Sample, scrape, typesOf } from "./scrape.ts";

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");

const ruleSchema = z.strictObject({
  alert: z.string().regex(/^Baton[A-Z]\w+$/),
  expr: z.string(),
  for: z
    .string()
    .regex(/^\d+m$/)
    .optional(),
  labels: z.strictObject({ severity: z.enum(["page", "ticket"]) }),
  annotations: z.strictObject({ summary: z.string(), description: z.string() }),
});
const alertsSchema = z.strictObject({
  groups: z.array(z.strictObject({ name: z.string(), rules: z.array(ruleSchema) })),
});
const dashboardSchema = z.looseObject({
  templating: z.looseObject({ list: z.array(z.looseObject({ name: z.string(), query: z.unknown() })) }),
  panels: z.array(
    z.looseObject({
      title: z.string(),
      targets: z.array(z.looseObject({ expr: z.string(), legendFormat: z.string() })),
    }),
  ),
});
const rules = alertsSchema.parse(parse(read("ops/alerts.yml"))).groups.flatMap((group) => group.rules);
const dashboard = dashboardSchema.parse(JSON.parse(read("ops/grafana.json")));

const queries: [where: string, query: string][] = [
  ...rules.map(({ alert, expr }): [string, string] => [alert, expr]),
  ...dashboard.panels.flatMap(({ title, targets }) => targets.map(({ expr }): [string, string] => [title, expr])),
];

interface Asked {
  metrics: { name: string; matchers: { label: string; value: string }[] }[];
  grouped: string[];
  hasError: boolean;
}

/** Reads the names, labels and groupings of a query. */
function asked(given: string): Asked {
  // A variable of Grafana's own is no PromQL.
  const query = given.replaceAll("$__rate_interval", "5m");
  const found: Asked = { metrics: [], grouped: [], hasError: false };
  const path: string[] = [];
  parser.parse(query).iterate({
    enter({ type, from, to }) {
      const text = query.slice(from, to);
      if (type.isError) found.hasError = true;
      if (type.name === "VectorSelector") found.metrics.push({ name: "", matchers: [] });
      const metric = found.metrics.at(-1);
      if (type.name === "Identifier" && path.at(-1) === "VectorSelector" && metric !== undefined) metric.name = text;
      if (type.name === "UnquotedLabelMatcher") {
        const [, label = "", value = ""] = /^(\w+)\s*(?:=~|!~|!=|=)\s*"(.*)"$/.exec(text) ?? [];
        metric?.matchers.push({ label, value });
      }
      if (type.name === "LabelName" && path.at(-1) === "GroupingLabels") found.grouped.push(text);
      path.push(type.name);
    },
    leave: () => void path.pop(),
  });
  return found;
}

const definitions = [...Object.values(counters), ...Object.values(gauges)];
const labels = new Map<string, readonly string[]>(definitions.map((one) => [one.name, one.labels]));
for (const { name, labels: its } of Object.values(histograms)) {
  labels.set(`${name}_bucket`, [...its, "le"]);
  for (const end of ["sum", "count"]) labels.set(`${name}_${end}`, its);
}

const ACCOUNT_STATES = ["open", "held", "refused"];
/** Values of labels from closed lists; others are names of the configuration. */
const values: Readonly<Record<string, readonly string[]>> = {
  "baton_handoffs.state": handoffStateSchema.options.filter((state) => state !== "returned"),
  "baton_handoff_changes_total.state": handoffStateSchema.options,
  "baton_account_state.state": ACCOUNT_STATES,
  "baton_events_total.outcome": ["accepted", "duplicate", "ignored"],
  "baton_steps_total.outcome": ["ok", "refused", "unknown"],
  "baton_callbacks_total.type": callbackTypes,
  "baton_database_bytes.file": ["database", "wal"],
  "baton_problems_total.kind": [...read("src/http/problem.ts").matchAll(/^ {2}\| \{ kind: "([a-z-]+)"/gm)].map(
    ([, kind = ""]) => kind,
  ),
  // The only reason that is no flow's own.
  "baton_decisions_total.reason": [TOO_MANY],
  "baton_platform_calls_total.outcome": [
    ...["ok", "not-sent", "unauthorized", "throttled", "closed", "unknown-tag", "tag-exists", "unknown-id"],
    ...["too-large", "error-answer", "invalid", "timeout", "connection-lost", "server-error", "unexpected-status"],
    "unreadable",
  ],
};

let ofProcess: Map<string, string>;
let samples: Sample[];
beforeAll(async () => {
  const world = createWorld();
  const scraped = await scrape(world);
  ofProcess = typesOf(scraped.text);
  ({ samples } = scraped);
});

it("has queries to check", () => {
  expect(rules.length).toBeGreaterThan(10);
  expect(queries.length).toBeGreaterThan(40);
});

it.each(queries)("%s asks for what there is: %s", (_, query) => {
  const { metrics, grouped, hasError } = asked(query);
  expect(hasError).toBe(false);
  expect(metrics.length).toBeGreaterThan(0);
  const known = metrics.map(({ name, matchers }) => {
    const its = labels.get(name) ?? (ofProcess.has(name) ? labelsOfProcess(name) : null);
    expect(its, `${name} does not exist`).not.toBeNull();
    for (const { label, value } of matchers) {
      expect(its, `${name} has no label ${label}`).toContain(label);
      const possible = values[`${name}.${label}`];
      if (possible === undefined) expect(value, `${name}.${label}: no list of its values`).toMatch(/^\$\w+$/);
      else expect(possible).toEqual(expect.arrayContaining(value.split("|")));
    }
    return its ?? [];
  });
  expect(known.flat()).toEqual(expect.arrayContaining(grouped));
});

const labelsOfProcess = (name: string): string[] =>
  samples.filter((it) => it.name === name).flatMap((it) => Object.keys(it.labels));

it("shows in its legends only labels that the queries keep", () => {
  for (const { title, targets } of dashboard.panels) {
    for (const { expr, legendFormat } of targets) {
      const shown = [...legendFormat.matchAll(/\{\{(\w+)\}\}/g)].map(([, label]) => label);
      expect(asked(expr).grouped, title).toEqual(expect.arrayContaining(shown));
    }
  }
});

it("mentions in its annotations only labels that the alerts keep", () => {
  for (const { alert, expr, annotations } of rules) {
    const shown = [...annotations.summary.matchAll(/\$labels\.(\w+)/g)].map(([, label]) => label);
    expect(asked(expr).grouped, alert).toEqual(expect.arrayContaining(shown));
  }
});

it("lists every metric in the manual, and no other", () => {
  const listed = [...read("docs/operations.md").matchAll(/^\| `(baton_\w+)`/gm)].map(([, name]) => name);
  const all = [...definitions, ...Object.values(histograms)].map(({ name }) => name);
  expect(listed.sort()).toEqual(all.sort());
});
