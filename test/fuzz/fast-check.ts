/** Each `npm test` tries properties with the same values, so that everybody sees a failure; `npm run fuzz` tries others. */
import fc from "fast-check";

const { FUZZ_SEED } = process.env;
fc.configureGlobal({ seed: FUZZ_SEED === undefined ? 20_261_127 : Number(FUZZ_SEED) });

export { fc };
