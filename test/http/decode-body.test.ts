import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { decodeBody } from "../../src/http/decode-body.ts";

const MAX = 10_000;
const text = JSON.stringify({ text: "Wo ist mein Paket? 📦".repeat(20) });
const bytes = new TextEncoder().encode(text);
const decoded = async (body: Uint8Array, coding: string | undefined, max = MAX) => {
  const result = await decodeBody(body, coding, max);
  return result.ok ? new TextDecoder().decode(result.value) : result.error;
};
const broken = { kind: "unreadable-body", detail: "It is not what its Content-Encoding says." };
const unknown = { kind: "unknown-encoding" };
const tooLarge = { kind: "body-too-large", limit: MAX };

describe("a body", () => {
  it.each<[string, string | undefined, Uint8Array]>([
    ["as it is", undefined, bytes],
    ["as it is, and says so", "identity", bytes],
    ["as it is, with an empty header", "", bytes],
    ["gzip", "gzip", gzipSync(bytes)],
    ["gzip in capitals", "GZIP", gzipSync(bytes)],
    ["gzip by its old name", "x-gzip", gzipSync(bytes)],
    ["gzip in two members", "gzip", Buffer.concat([gzipSync(bytes.subarray(0, 40)), gzipSync(bytes.subarray(40))])],
    ["deflate, which is zlib", "deflate", deflateSync(bytes)],
    ["deflate without zlib around it", "deflate", deflateRawSync(bytes)],
    ["twice", "gzip, gzip", gzipSync(gzipSync(bytes))],
    ["first deflate, then gzip", "deflate, gzip", gzipSync(deflateSync(bytes))],
    ["with identity between", "identity, gzip,", gzipSync(bytes)],
  ])("is read %s", async (_, coding, body) => {
    expect(await decoded(body, coding)).toBe(text);
  });

  it.each<[string, string, Uint8Array, object]>([
    ["an unknown coding", "br", brotliCompressSync(bytes), unknown],
    ["an unknown coding under a known one", "br, gzip", gzipSync(brotliCompressSync(bytes)), unknown],
    ["a name of the prototype", "constructor", bytes, unknown],
    ["more codings than anybody needs", "gzip, gzip, gzip, gzip", bytes, unknown],
    ["no gzip", "gzip", bytes, broken],
    ["half of it", "gzip", gzipSync(bytes).subarray(0, -20), broken],
    ["nothing", "gzip", new Uint8Array(), broken],
    ["a byte that was changed", "gzip", gzipSync(bytes).fill(0x55, 30, 40), broken],
    ["the codings in the wrong order", "gzip, deflate", gzipSync(deflateSync(bytes)), broken],
  ])("is refused with %s", async (_, coding, body, error) => {
    expect(await decoded(body, coding)).toEqual(error);
  });

  it.each(["gzip", "deflate"])("is held to the bound when it is unpacked: %s", async (coding) => {
    const pack = (length: number) => (coding === "gzip" ? gzipSync : deflateSync)(new Uint8Array(length).fill(32));
    expect(await decoded(pack(MAX), coding)).toHaveLength(MAX);
    expect(await decoded(pack(MAX + 1), coding)).toEqual(tooLarge);
    const bomb = pack(100_000_000);
    const before = process.memoryUsage().arrayBuffers;
    expect(await decoded(bomb, coding)).toEqual(tooLarge);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(20_000_000);
  });

  it("is held to the bound at each coding, also where the last one is small", async () => {
    const bomb = gzipSync(gzipSync(gzipSync(new Uint8Array(50_000_000))));
    expect(await decoded(bomb, "gzip, gzip, gzip")).toEqual(tooLarge);
  });
});
