import { resolve } from "node:path";

/** Each start reads what an earlier one compiled. */
export const COMPILED = resolve(import.meta.dirname, "../../node_modules/.cache/compiled");
