/** Each `npm test` tries properties with the same values, so that everybody sees a failure; `npm run fuzz` tries others. */
import fc from "fast-check";

const { FUZZ_SEED } = process.env;
fc.configureGlobal({ seed: FUZZ_SEED === undefined ? 20_261_127 : Number(FUZZ_SEED) });

const SURROGATES = { from: 0xd800, count: 0x800 };

/** Any character of Unicode. The unit `"binary"` of `fc.string` means the same, and lists them all first: 0.8 s a process. */
const anyCharacter = fc.nat({ max: 0x10_ffff - SURROGATES.count }).map(
  (place) => String.fromCodePoint(place < SURROGATES.from ? place : place + SURROGATES.count),
  (text) => {
    const point = typeof text === "string" ? (text.codePointAt(0) ?? 0) : -1;
    if (point < 0 || String.fromCodePoint(point) !== text || !text.isWellFormed()) throw new Error("no character");
    return point < SURROGATES.from ? point : point - SURROGATES.count;
  },
);

/** Text of any characters. */
export const anyText = (limits: { minLength?: number; maxLength?: number } = {}) =>
  fc.string({ unit: anyCharacter, ...limits });

export { fc };
