import { describe, expect, it } from "vitest";
import { authenticateWith, basic, body, refused, valid } from "../events/support/credentials.ts";

const authenticate = authenticateWith();
const ask = (bot: string, authorization: string) => authenticate(bot, new Headers({ authorization }), body);
const encode = (text: string, encoding: BufferEncoding = "utf8") => Buffer.from(text, encoding).toString("base64");

describe("a bearer token", () => {
  it("may be written with its scheme in any case and with more than one space", () => {
    expect(ask("ana", "bearer new-secret")).toEqual(valid("bearer"));
    expect(ask("ana", "BEARER   new-secret")).toEqual(valid("bearer"));
  });

  it("is compared in the bytes that were received", () => {
    const received = Buffer.from("žaba:lozinka").toString("latin1");
    expect(ask("bruno", `Bearer ${received}`)).toEqual(valid("bearer"));
  });

  it.each(["new-secre", "new-secret1", "NEW-SECRET", "new-secret new-secret", "old-secret,new-secret"])(
    "is refused as %s",
    (token) => {
      expect(ask("ana", `Bearer ${token}`)).toEqual(refused("wrong-credentials"));
    },
  );

  it.each(["Bearer", "new-secret", "Bearernew-secret"])("is not there in %s", (authorization) => {
    expect(ask("ana", authorization)).toEqual(refused("no-credentials"));
  });
});

describe("basic credentials", () => {
  it("are the bot's id and a secret, which may hold a colon and letters of any language", () => {
    expect(ask("bruno", basic("bruno", "žaba:lozinka").authorization)).toEqual(valid("basic"));
  });

  it.each([
    ["another user", encode("bruno:new-secret")],
    ["no user", encode(":new-secret")],
    ["no colon", encode("ananew-secret")],
    ["another password", encode("ana:new-secret ")],
    ["no base64", "ana:new-secret"],
    ["another charset", encode("bruno:\u007eaba:lozinka", "latin1")],
  ])("are refused with %s", (_, encoded) => {
    expect(ask("ana", `Basic ${encoded}`)).toEqual(refused("wrong-credentials"));
    expect(ask("nobody", `Basic ${encoded}`)).toEqual(refused("wrong-credentials"));
  });
});
