/** Sends HTTP byte by byte, as no client would. */
import { once } from "node:events";
import { connect } from "node:net";

export interface RawAnswer {
  /** Null: the connection was closed without an answer. */
  status: number | null;
  /** The head, in lower case. */
  head: string;
  body: string;
}

export type Sent = string | Uint8Array;

const bytesOf = (parts: readonly Sent[]): Buffer =>
  Buffer.concat(parts.map((part) => (typeof part === "string" ? Buffer.from(part, "latin1") : part)));

/** A connection that is quiet for this time gives no answer. */
const QUIET_MS = 20_000;

/** Sends the parts, each in a turn of its own, and reads until the other side closes or has answered in full. */
export async function exchange(port: number, parts: readonly Sent[], { end = false } = {}): Promise<RawAnswer> {
  const socket = connect({ port, host: "127.0.0.1" });
  await once(socket, "connect");
  let received = Buffer.alloc(0);
  const ended = new Promise<void>((resolve) => {
    socket.setTimeout(QUIET_MS, () => socket.destroy(new Error("no answer")));
    socket.on("data", (chunk) => {
      received = Buffer.concat([received, chunk]);
      if (isWhole(received.toString("latin1"))) resolve();
    });
    socket.once("close", () => resolve());
    // A server that refuses early resets the rest of the request; the answer before that counts.
    socket.on("error", () => resolve());
  });
  for (const part of parts) {
    if (!socket.writable) break;
    socket.write(bytesOf([part]));
    await new Promise((resolve) => setImmediate(resolve));
  }
  if (end) socket.end();
  await ended;
  socket.destroy();
  const text = received.toString("utf8");
  const [head = "", ...rest] = text.split("\r\n\r\n");
  const status = /^HTTP\/1\.1 (\d{3})/.exec(text)?.[1];
  return {
    status: status === undefined ? null : Number(status),
    head: head.toLowerCase(),
    body: rest.join("\r\n\r\n"),
  };
}

function isWhole(text: string): boolean {
  const end = text.indexOf("\r\n\r\n");
  if (end === -1) return false;
  const length = /^content-length: *(\d+)/im.exec(text.slice(0, end))?.[1];
  return length !== undefined && text.length >= end + 4 + Number(length);
}
