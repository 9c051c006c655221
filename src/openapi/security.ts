import type { oas31 } from "zod-openapi";

type Schemes = Record<string, oas31.SecuritySchemeObject>;

export const securitySchemes: Schemes = {
  secret: { type: "http", scheme: "bearer", description: "One of the bot's secrets, or of the account's for pushes." },
  basic: {
    type: "http",
    scheme: "basic",
    description: "The user is the bot, or the account; the password is its secret.",
  },
  webhookId: { type: "apiKey", in: "header", name: "webhook-id", description: "Standard Webhooks: the delivery's id." },
  webhookTimestamp: {
    type: "apiKey",
    in: "header",
    name: "webhook-timestamp",
    description: "Standard Webhooks: seconds since the epoch, at most 300 from now.",
  },
  webhookSignature: {
    type: "apiKey",
    in: "header",
    name: "webhook-signature",
    description:
      "Standard Webhooks: `v1,` and the base64 HMAC-SHA256 of `id.timestamp.body`. All three headers may begin with `svix` too.",
  },
  hmac: {
    type: "apiKey",
    in: "header",
    name: "X-Hub-Signature",
    description:
      "For requests with a body: `SHA256=` and the hexadecimal HMAC-SHA256 of it. Settings change the header, the prefix, the encoding and the algorithm.",
  },
  operatorToken: { type: "http", scheme: "bearer", description: "The token of an operator." },
};

/** Any of these. */
export const bySecret: oas31.SecurityRequirementObject[] = [
  { secret: [] },
  { basic: [] },
  { webhookId: [], webhookTimestamp: [], webhookSignature: [] },
  { hmac: [] },
];
export const byOperator: oas31.SecurityRequirementObject[] = [{ operatorToken: [] }];
export const open: oas31.SecurityRequirementObject[] = [];
