import type { Source } from "./source.ts";
import { answers } from "./sources/answers.ts";
import { baton } from "./sources/baton.ts";
import { dialogflowCx } from "./sources/dialogflow-cx.ts";
import { dialogflowEs } from "./sources/dialogflow-es.ts";
import { flow } from "./sources/flow.ts";
import { infobipBot } from "./sources/infobip-bot.ts";

/** By name. A new platform is a file in `sources/` and a line here. */
export const sources: ReadonlyMap<string, Source> = new Map(
  [baton, answers, flow, infobipBot, dialogflowCx, dialogflowEs].map((source) => [source.name, source]),
);
