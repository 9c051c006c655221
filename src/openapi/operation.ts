import { z } from "zod";
import type { ZodOpenApiOperationObject, ZodOpenApiResponseObject } from "zod-openapi";
import { type ProblemKind, problemResponses } from "./problems.ts";

type Given = Pick<
  ZodOpenApiOperationObject,
  "summary" | "description" | "security" | "requestParams" | "callbacks" | "tags"
>;

interface Described extends Given {
  summary: string;
  body?: {
    schema: z.ZodType;
    examples?: Readonly<Record<string, { summary: string; value: unknown }>>;
    others?: Record<string, z.ZodType>;
  };
  answers: Record<number, ZodOpenApiResponseObject>;
  problems: readonly ProblemKind[];
  /** A refusal that is no problem document. */
  ownRefusal?: z.ZodType;
}

const requestId = { "X-Request-Id": { description: "The request's id.", schema: { type: "string" as const } } };

export const header = (description: string) => ({ description, schema: { type: "string" as const } });

export const answer = (description: string, schema: z.ZodType, headers = {}): ZodOpenApiResponseObject => ({
  description,
  headers: { ...requestId, ...headers },
  content: { "application/json": { schema } },
});

export const operation = (
  operationId: string,
  { body, answers, problems, ownRefusal, ...given }: Described,
): ZodOpenApiOperationObject => ({
  operationId,
  ...given,
  ...(body !== undefined && {
    requestBody: {
      required: true,
      content: {
        "application/json": { schema: body.schema, ...(body.examples && { examples: body.examples }) },
        ...Object.fromEntries(Object.entries(body.others ?? {}).map(([type, schema]) => [type, { schema }])),
      },
    },
  }),
  responses: { ...answers, ...problemResponses(problems, ownRefusal) },
});

export const path = (...names: string[]) =>
  z.object(Object.fromEntries(names.map((name) => [name, PARAMETERS[name]?.() ?? z.string()])));

const PARAMETERS: Record<string, () => z.ZodType> = {
  bot: () => z.string().describe("The bot's id."),
  session: () => z.string().describe("The bot's name for the chat."),
  id: () => z.string().describe("The handoff's id."),
  flow: () => z.string().describe("The flow's name."),
  tail: () => z.string().describe("The id that the tail was begun with."),
  account: () => z.string().describe("The account of Infobip, as flows name it."),
  callback: () => z.string().describe("The callback's id."),
};
