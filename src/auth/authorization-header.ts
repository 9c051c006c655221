import { sha256 } from "../sha256.ts";
import { type Check, headerBytes, isSame, opens } from "./check.ts";

export const checkBearer: Check = (keys, { headers }) => {
  const token = credentials(headers, "bearer");
  if (token === undefined) return "absent";
  const digest = sha256(headerBytes(token));
  return opens(keys, (key) => isSame(digest, key.bearer));
};

/** Compares user and password as one, so that nothing tells which of them is wrong. */
export const checkBasic: Check = (keys, { headers }) => {
  const encoded = credentials(headers, "basic");
  if (encoded === undefined) return "absent";
  const digest = sha256(Buffer.from(encoded, "base64"));
  return opens(keys, (key) => isSame(digest, key.basic));
};

function credentials(headers: Headers, scheme: string): string | undefined {
  const value = headers.get("authorization") ?? "";
  const space = value.indexOf(" ");
  return space > 0 && value.slice(0, space).toLowerCase() === scheme ? value.slice(space + 1).trimStart() : undefined;
}
