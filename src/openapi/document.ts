/** The HTTP interface as an OpenAPI 3.1 document, made of the schemas that read requests and show answers. */

import {
  type CreateDocumentOptions,
  createDocument,
  type ZodOpenApiPathItemObject,
  type ZodOpenApiPathsObject,
} from "zod-openapi";
import type { Source } from "../events/source.ts";
import { addressesOf } from "../http/methods.ts";
import { botPaths } from "./bots.ts";
import { webhooks } from "./callbacks.ts";
import { openPaths, platformPaths } from "./open-paths.ts";
import { operatorPaths } from "./operators.ts";
import { namedSchemas } from "./schemas.ts";
import { securitySchemes } from "./security.ts";

export interface Described {
  routes: readonly { method: string; path: string }[];
  sources: ReadonlyMap<string, Source>;
}

const METHODS = ["get", "post", "put", "patch", "delete"] as const;

/** Joins the operations of addresses that several describe. */
function joinPaths(...all: ZodOpenApiPathsObject[]): ZodOpenApiPathsObject {
  const joined: Record<string, ZodOpenApiPathItemObject> = {};
  for (const [path, item] of all.flatMap((paths) => Object.entries(paths))) joined[path] = { ...joined[path], ...item };
  return joined;
}

export const allPaths = (sources: Described["sources"]): ZodOpenApiPathsObject =>
  joinPaths(openPaths, botPaths(sources), platformPaths, operatorPaths);

/** Leaves out the operations that this runtime does not have. */
function pathsOf({ routes, sources }: Described): ZodOpenApiPathsObject {
  const known = new Set(
    routes.flatMap(({ method, path }) =>
      addressesOf(path).map((address) => `${method} ${address.replace(/:(\w+)/g, "{$1}")}`),
    ),
  );
  const here = Object.entries(allPaths(sources)).map(([path, item]) => {
    const operations = METHODS.filter((method) => item[method] && known.has(`${method.toUpperCase()} ${path}`));
    return [path, Object.fromEntries(operations.map((method) => [method, item[method]]))] as const;
  });
  return Object.fromEntries(here.filter(([, item]) => Object.keys(item).length > 0));
}

const options: CreateDocumentOptions = {
  override: ({ jsonSchema }) => {
    // A later version answers with more fields, and whoever reads the document must not refuse them.
    if (jsonSchema.additionalProperties === false) delete jsonSchema.additionalProperties;
    if (jsonSchema.format === "date-time") delete jsonSchema.pattern;
    // Zod says it of arrays that our code does not change.
    delete jsonSchema.readOnly;
  },
};

export const describeInterface = (described: Described) =>
  createDocument(
    {
      openapi: "3.1.1",
      info: {
        title: "Baton",
        version: "1",
        description:
          "Hands a chatbot's conversation to a human agent on Infobip Conversations, and gives it back when the agent is done. Every error is RFC 9457 `application/problem+json` with a stable `type`.",
      },
      servers: [{ url: "/" }],
      tags: [
        { name: "Bots", description: "For bots, each authenticated as itself." },
        { name: "Callbacks", description: "Sent to bots, as Standard Webhooks." },
        { name: "Platform", description: "For Infobip's pushes." },
        { name: "Operators", description: "For those who run Baton. Every act is audited." },
        { name: "Service", description: "Open to all." },
      ],
      paths: pathsOf(described),
      webhooks,
      components: { schemas: namedSchemas, securitySchemes },
    },
    options,
  );
