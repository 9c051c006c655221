import type { Source } from "./source.ts";
import { answers } from "./sources/answers.ts";
import { baton } from "./sources/baton.ts";
import { flow } from "./sources/flow.ts";
import { infobipBot } from "./sources/infobip-bot.ts";

/** By name. A new platform is a file in `sources/` and a line here. */
export const sources: ReadonlyMap<string, Source> = new Map(
  [baton, answers, flow, infobipBot].map((source) => [source.name, source]),
);
