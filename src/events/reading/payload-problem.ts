import type { PayloadProblem } from "../source.ts";

export const notAnObject: PayloadProblem = { issues: [{ field: "(body)", message: "must be a JSON object" }] };
