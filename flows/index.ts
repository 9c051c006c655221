import type { Flow } from "../src/escalation/flow.ts";
import { retailSupport } from "./retail-support/flow.ts";

export const flows: readonly Flow[] = [retailSupport];
