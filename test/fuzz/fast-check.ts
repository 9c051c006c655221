/** Properties are tried with the same values in each `npm test`, so that a failure is everybody's; `npm run fuzz` tries others. */
import fc from "fast-check";

const { FUZZ_SEED } = process.env;
fc.configureGlobal({ seed: FUZZ_SEED === undefined ? 20_261_127 : Number(FUZZ_SEED) });

export { fc };
