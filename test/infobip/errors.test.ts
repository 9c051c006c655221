import { describe, expect, it } from "vitest";
import { failureUnderSuccess, refusalOf, refusalOfErrorAnswer } from "../../src/infobip/errors.ts";

const current = (messageId: string, text: string, validationErrors?: unknown) => ({
  requestError: { serviceException: { messageId, text, ...(validationErrors !== undefined && { validationErrors }) } },
});
const invalid = (messageId: string, text: string, status = 400) => ({ reason: "invalid", status, messageId, text });

describe("refusalOf", () => {
  it.each<[string, unknown, object]>([
    ["closed", current("BAD_REQUEST", "Closed conversation cannot be changed"), { reason: "closed" }],
    [
      "closed, as the forms say it",
      current("BAD_REQUEST", "Can not proceed with the action! Conversation is closed."),
      { reason: "closed" },
    ],
    [
      "closed in the old body",
      { statusCode: "ERROR", message: "Closed conversation cannot be changed" },
      { reason: "closed" },
    ],
    ["a tag that exists", current("BAD_REQUEST", "Tag already exists."), { reason: "tag-exists" }],
    [
      "a tag that does not, with a quote in its name",
      current("NOT_FOUND", "Invalid tagName 'it's' given! No such entity exists."),
      { reason: "unknown-tag" },
    ],
    [
      "an unknown id",
      current("NOT_FOUND", "Invalid id 'c-1' given! No such entity exists."),
      { reason: "unknown-id", id: "c-1" },
    ],
    [
      "an unknown id without quotes",
      current("NOT_FOUND", "Invalid id 0006D2 given! No such conversation exists."),
      { reason: "unknown-id", id: "0006D2" },
    ],
    [
      "an unknown id of another name",
      current("NOT_FOUND", "Invalid conversationId 'c-1' given! No such entity exists."),
      { reason: "unknown-id", id: "c-1" },
    ],
    ["an unknown agent", current("NOT_FOUND", "Invalid agent id given 'A1'"), { reason: "unknown-id", id: "A1" }],
    [
      "an unknown id in the old body",
      { statusCode: "ERROR", message: "Invalid id 'c-1' given! No such entity exists." },
      { reason: "unknown-id", id: "c-1" },
    ],
    ["the plain NOT_FOUND", current("NOT_FOUND", "Not found"), { reason: "unknown-id", id: null }],
    ["the newer APIs' E404", { errorCode: "E404", description: "Gone" }, { reason: "unknown-id", id: null }],
    [
      "a text that is too long",
      current("BAD_REQUEST", "Bad request", { content: ["size cannot be longer than 4096 characters."] }),
      { reason: "too-large" },
    ],
    [
      "a blank field",
      current("BAD_REQUEST", "Bad request", { to: ["must not be blank"], from: "must not be blank" }),
      invalid("BAD_REQUEST", "Bad request; to: must not be blank; from: must not be blank"),
    ],
    [
      "validation errors of another shape, without losing the text",
      current("BAD_REQUEST", "Closed conversation cannot be changed", ["x"]),
      { reason: "closed" },
    ],
    [
      "a body that is wrong",
      current("BAD_REQUEST", "Invalid request body."),
      invalid("BAD_REQUEST", "Invalid request body."),
    ],
    ["the newer APIs' body", { errorCode: "E400", description: "No" }, invalid("E400", "No")],
    ["the body of Moments", { errorCode: "40401", errorMessage: "No flow" }, invalid("40401", "No flow")],
    ["the old body", { statusCode: "ERROR", message: "No" }, invalid("ERROR", "No")],
    ["an exception that says nothing", { requestError: { serviceException: {} } }, invalid("", "")],
    ["nothing", undefined, invalid("", "")],
    ["a list", [1], invalid("", "")],
    [
      "a tag whose name is another error's text",
      current("NOT_FOUND", "Invalid tagName 'Closed conversation cannot be changed' given! No such entity exists."),
      { reason: "unknown-tag" },
    ],
  ])("reads %s", (_, body, refusal) => {
    expect(refusalOf(400, body, null)).toEqual(refusal);
  });

  it("does not take a gateway's 404 for an unknown conversation", () => {
    expect(refusalOf(404, undefined, null)).toEqual(invalid("", "", 404));
  });

  it("needs no body for what the status says", () => {
    expect([401, 403, 413, 429].map((status) => refusalOf(status, undefined, 7))).toEqual([
      { reason: "unauthorized", status: 401 },
      { reason: "unauthorized", status: 403 },
      { reason: "too-large" },
      { reason: "throttled", retryAfterMs: 7 },
    ]);
  });

  it("keeps no more of a text than an operator reads", () => {
    const refusal = refusalOf(400, current("BAD_REQUEST", "x".repeat(10_000)), null);
    expect(refusal).toMatchObject({ reason: "invalid", text: "x".repeat(500) });
  });
});

describe("an error under a success", () => {
  it("is told from a success", () => {
    expect(
      [
        { statusCode: "ERROR" },
        { statusCode: "SUCCESS", message: "Tag removed successfully." },
        current("GENERAL_ERROR", "x"),
        { id: "c1" },
        { statusCode: 200 },
        undefined,
      ].map(failureUnderSuccess),
    ).toEqual(["error-answer", null, "error-body", null, null, null]);
  });

  it("is read by its meaning, where it has one", () => {
    expect(refusalOfErrorAnswer({ statusCode: "ERROR", message: "Tag already exists." })).toEqual({
      reason: "tag-exists",
    });
    expect(refusalOfErrorAnswer({ statusCode: "ERROR", message: "No." })).toEqual({
      reason: "error-answer",
      text: "No.",
    });
    expect(refusalOfErrorAnswer({ statusCode: "ERROR" })).toEqual({ reason: "error-answer", text: "" });
  });
});
