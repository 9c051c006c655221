import { readdirSync, readFileSync } from "node:fs";
import { Validator } from "@seriousme/openapi-schema-validator";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { callbackTypes } from "../../src/events/callback-types.ts";
import { sources } from "../../src/events/sources.ts";
import { ANY, addressesOf } from "../../src/http/methods.ts";
import { allPaths } from "../../src/openapi/document.ts";
import { eventExamples, requestExamples } from "../../src/openapi/examples.ts";
import { webhookExamples } from "../../src/openapi/webhook-examples.ts";
import { createDoor } from "../support/door.ts";
import { createWorld } from "../support/world.ts";
import { createCompleteApp } from "./complete-app.ts";

const operationSchema = z.looseObject({
  operationId: z.string(),
  security: z.array(z.record(z.string(), z.array(z.string()))),
  responses: z.record(z.string(), z.unknown()),
});
const documentSchema = z.looseObject({
  openapi: z.string(),
  paths: z.record(z.string(), z.record(z.string(), operationSchema)),
  webhooks: z.record(z.string(), z.unknown()),
  components: z.looseObject({
    schemas: z.record(z.string(), z.looseObject({ required: z.array(z.string()).optional() })),
    securitySchemes: z.record(z.string(), z.unknown()),
  }),
});

const app = createCompleteApp();
const document = documentSchema.parse(await (await app.request("/openapi.json")).json());
const operations = Object.values(document.paths).flatMap((item) => Object.values(item));
const operationsIn = (paths: object): string[] =>
  Object.entries(paths)
    .flatMap(([path, item]: [string, object]) => Object.keys(item).map((method) => `${method.toUpperCase()} ${path}`))
    .sort();

describe("the OpenAPI document", () => {
  it("has every route, and no other", () => {
    const routes = app.routes
      .filter(({ method }) => method !== ANY)
      .flatMap(({ method, path }) =>
        addressesOf(path).map((address) => `${method} ${address.replace(/:(\w+)/g, "{$1}")}`),
      );
    expect(operationsIn(document.paths)).toEqual([...new Set(routes)].sort());
    expect(operationsIn(allPaths(sources))).toEqual(operationsIn(document.paths));
  });

  it("leaves out what this runtime does not have", async () => {
    const here = documentSchema.parse(await (await createWorld().request("/openapi.json")).json());
    expect(operationsIn(here.paths)).not.toContain("POST /v1/handoffs/rebuild");
    expect(operationsIn(here.paths)).not.toContain("GET /docs");
    expect(operationsIn(here.paths)).toContain("POST /v1/bots/{bot}/events");
  });

  it("is valid OpenAPI 3.1 for an independent validator", async () => {
    const checked = await new Validator().validate(structuredClone(document));
    expect(checked.errors ?? []).toEqual([]);
    expect(checked.valid).toBe(true);
  });

  it("names each operation once, with its security, and only schemes that it declares", () => {
    const ids = operations.map(({ operationId }) => operationId);
    expect(new Set(ids).size).toBe(ids.length);
    const named = new Set(operations.flatMap(({ security }) => security.flatMap((one) => Object.keys(one))));
    expect([...named].sort()).toEqual(Object.keys(document.components.securitySchemes).sort());
  });

  it("shows every kind of problem that the service has", () => {
    const declared = readFileSync(new URL("../../src/http/problem.ts", import.meta.url), "utf8");
    const kinds = [...declared.matchAll(/^ {2}\| \{ kind: "([a-z-]+)"/gm)].map(([, kind]) => kind);
    expect(kinds.length).toBeGreaterThan(20);
    const shown = JSON.stringify(document.paths);
    expect(kinds.filter((kind) => !shown.includes(`"urn:baton:problem:${kind}"`))).toEqual([]);
  });

  it("has every callback as a webhook", () => {
    expect(Object.keys(document.webhooks)).toEqual([...callbackTypes]);
  });

  it("asks of an event nothing but its type and session, and of a request nothing but the session", () => {
    const { Event, HandoffRequest } = document.components.schemas;
    const options = z.array(z.object({ required: z.array(z.string()) })).parse(Event?.oneOf);
    for (const { required } of options) {
      expect(required.filter((field) => field !== "text").sort()).toEqual(["session", "type"]);
    }
    expect(HandoffRequest?.required).toEqual(["session"]);
  });

  it("refers to nothing that it does not have", () => {
    const text = JSON.stringify(document);
    const names = [...text.matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)].map(([, name]) => name ?? "");
    expect(names.length).toBeGreaterThan(20);
    expect(names.filter((name) => !(name in document.components.schemas))).toEqual([]);
    expect(Object.keys(document.components.schemas).filter((name) => !names.includes(name))).toEqual([]);
  });
});

describe("its examples", () => {
  const flows = new URL("../../flows/", import.meta.url);
  const samples = readdirSync(flows, { recursive: true, encoding: "utf8" })
    .filter((path) => path.includes("/samples/") && path.endsWith(".json"))
    .flatMap((path) => JSON.parse(readFileSync(new URL(path, flows), "utf8")).script)
    .map(({ body }: { body?: unknown }) => JSON.stringify(body));
  const all = [
    ...Object.values(eventExamples).map((example) => ["events", example.value] as const),
    ...Object.values(requestExamples).map((example) => ["handoffs", example.value] as const),
    ...Object.entries(webhookExamples).map(([source, example]) => [`webhooks/${source}`, example.value] as const),
  ];

  it.each(all)("are samples of flows, and taken as they are (%s)", async (to, value) => {
    expect(samples).toContain(JSON.stringify(value));
    const answer = await createDoor().post(`/${to}`, value, { prefer: "respond-async" });
    expect(answer.status).toBeLessThan(300);
  });

  it("are there for each source, and for no other", () => {
    expect(Object.keys(webhookExamples).sort()).toEqual([...sources.keys()].sort());
  });
});
