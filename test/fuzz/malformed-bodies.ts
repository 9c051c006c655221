/** Bodies that no bot should send, each with its status. */
import { gzipSync } from "node:zlib";

/** A mark in every body and every header that can hold it: no answer may repeat it. */
export const MARK = "zq7fMARKzq7f";

type Body = string | Uint8Array;
export type MalformedBody = [kind: string, body: Body, status: 400 | 413 | 422, path?: "events" | "handoffs"];

const message = (fields: object): string =>
  JSON.stringify({ id: MARK, type: "customer.message", session: MARK, text: MARK, ...fields });
const request = (fields: object): string =>
  JSON.stringify({ id: MARK, type: "handoff.requested", session: MARK, ...fields });
const without = (name: string): string => message({ [name]: undefined });
const nested = (depth: number): string => `${"[".repeat(depth)}"${MARK}"${"]".repeat(depth)}`;
const bytes = (...parts: (string | number[])[]): Uint8Array =>
  Buffer.concat(parts.map((part) => Buffer.from(part as string)));

const LIMIT = 1024 * 1024;

export const malformedBodies: readonly MalformedBody[] = [
  ["nothing", "", 400],
  ["white space", " \r\n\t", 400],
  ["truncated JSON", message({}).slice(0, -3), 400],
  ["JSON cut inside an escape", `{"id":"${MARK}\\u00`, 400],
  ["something behind the JSON", `${message({})} ${MARK}`, 400],
  ["two documents", message({}) + message({}), 400],
  ["a comment", `/* ${MARK} */ ${message({})}`, 400],
  ["single quotes", `{'id':'${MARK}'}`, 400],
  ["NaN", `{"id":"${MARK}","sentiment":NaN}`, 400],
  ["a trailing comma", `{"id":"${MARK}",}`, 400],
  ["a raw line break in a string", `{"id":"${MARK}\n"}`, 400],
  ["a form", `session=${MARK}&id=${MARK}`, 400],
  ["XML", `<event id="${MARK}"/>`, 400],
  ["33 levels", nested(33), 400],
  ["100,000 levels", nested(100_000), 400],
  ["1,000,000 levels", nested(1_000_000), 413],
  ["one byte too many", message({ text: "x".repeat(LIMIT) }), 413],
  ["invalid UTF-8", bytes(`{"id":"${MARK}`, [0xff, 0xfe], `"}`), 400],
  ["an overlong slash", bytes(`{"id":"${MARK}`, [0xc0, 0xaf], `"}`), 400],
  ["half a character at the end", bytes(`{"id":"${MARK}"}`, [0xe2, 0x82]), 400],
  ["a surrogate written as UTF-8", bytes(`{"id":"${MARK}`, [0xed, 0xa0, 0x80], `"}`), 400],
  ["UTF-16", Buffer.from(`\ufeff${message({})}`, "utf16le"), 400],
  ["gzip", gzipSync(message({})), 400],
  ["a gzip bomb", gzipSync("x".repeat(10_000_000)), 400],

  ["a number", "1", 422],
  ["a string", `"${MARK}"`, 422],
  ["null", "null", 422],
  ["an empty object", "{}", 422],
  ["a batch with nothing in it but null", "[null]", 422],
  ["a batch in a batch", `[[${message({})}]]`, 422],
  ["a batch of 101", `[${Array(101).fill(message({})).join()}]`, 422],
  ["a batch without one good event", `[${message({ type: 5 })},${message({ session: "" })}]`, 422],
  ["no session", without("session"), 422],
  ["no type", without("type"), 422],
  ["an unknown type", message({ type: MARK }), 422],
  ["a type from the prototype", message({ type: "constructor" }), 422],
  ["everything under __proto__", `{"__proto__":${message({})}}`, 422],
  ["a batch instead of a request", `[${request({})},${request({})}]`, 422, "handoffs"],
  ["a request without a session", `{"reason":"${MARK}"}`, 422, "handoffs"],
];

/** More bodies that no bot should send. Baton accepts each anyway, since each is a customer. */
export const salvagedBodies: readonly [kind: string, body: string][] = [
  ["no id", without("id")],
  ["an object as id", message({ id: { toString: MARK } })],
  ["a number beyond 2^53 as id", message({}).replace(`"${MARK}"`, "9007199254740993")],
  ["a number as session", message({ session: 7 })],
  ["an id of 201 characters", message({ id: MARK.padEnd(201, "x") })],
  ["a lone surrogate in an id", message({}).replace(MARK, `${MARK}\\ud800`)],
  ["NUL in an id", message({ id: `${MARK}\0` })],
  ["NUL in a session", message({ session: `a\0${MARK}` })],
  ["a line break in an id", message({ id: `${MARK}\r\nx: y` })],
  ["a space in a session", message({ session: `${MARK} x` })],
  ["a letter outside ASCII in a session", message({ session: `${MARK}é` })],
  ["a path as conversation id", message({ conversationId: `../../../sms/2/text/${MARK}` })],
  ["two dots as conversation id", message({ conversationId: ".." })],
  ["a backslash in a conversation id", message({ conversationId: `..\\${MARK}` })],
  ["a line break in a conversation id", message({ conversationId: `${MARK}\r\n` })],
  ["a text of 100,001 characters", message({ text: MARK.padEnd(100_001, "x") })],
  ["an object as text", message({ text: { [MARK]: 1 } })],
  ["a sentiment of 2", message({ sentiment: 2 })],
  ["a confidence in words", message({ intent: { name: MARK, confidence: "high" } })],
  ["a day in words", message({ at: `yesterday ${MARK}` })],
  ["the 30th of February", message({ at: "2026-02-30T10:00:00Z" })],
  ["an object as attribute", message({ attributes: { [`${MARK} x`]: {} } })],
  ["an attribute without a name", message({ attributes: { "": MARK } })],
  ["a list as attributes", message({ attributes: [MARK] })],
  ["a key twice, the last one bad", `{"session":"${MARK}",${message({ session: 7 }).slice(1)}`],
];
