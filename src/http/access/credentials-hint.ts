/** Says of refused credentials what can be told by their form alone, and never repeats them. */

export type CredentialsHint = "jwt" | "no-scheme" | "other-scheme" | "api-key" | "in-address";

const JWT = /^bearer\s+eyJ[\w-]*\.[\w-]+\.[\w-]*$/i;
const TAKEN = /^(?:bearer|basic) /i;
const KEY_HEADERS = ["x-api-key", "api-key", "x-auth-token"];
const IN_ADDRESS = ["access_token", "token", "api_key", "apikey", "key", "secret"];

/** Undefined: they have the right form, or are not there. */
export function hintOf({ headers, url }: Request): CredentialsHint | undefined {
  const authorization = headers.get("authorization")?.trim();
  if (authorization !== undefined && authorization !== "") {
    if (JWT.test(authorization)) return "jwt";
    if (TAKEN.test(authorization)) return undefined;
    return authorization.includes(" ") ? "other-scheme" : "no-scheme";
  }
  if (KEY_HEADERS.some((name) => headers.has(name))) return "api-key";
  const { searchParams } = new URL(url);
  return IN_ADDRESS.some((name) => searchParams.has(name)) ? "in-address" : undefined;
}

const TAKES =
  "Send the secret as a bearer token, by Basic with the bot or the account as user, or sign the body with it.";

export function detailOf(hint: CredentialsHint | undefined): string {
  switch (hint) {
    case "jwt":
      return "The bearer token is a JWT, which Baton does not verify. Clouds such as Dialogflow send one of their own unless you set the header: Authorization: Bearer <the bot's secret>.";
    case "no-scheme":
      return "The Authorization header has no scheme. Write it as: Authorization: Bearer <secret>.";
    case "other-scheme":
      return `The Authorization header has a scheme that is not taken here. ${TAKES}`;
    case "api-key":
      return "Headers for API keys are not read. Write the secret as: Authorization: Bearer <secret>.";
    case "in-address":
      return "Secrets in the query of an address are not taken, since logs keep them. Write it as: Authorization: Bearer <secret>.";
    case undefined:
      return TAKES;
  }
}
