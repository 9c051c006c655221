import type { Source } from "./source.ts";
import { answers } from "./sources/answers.ts";
import { baton } from "./sources/baton.ts";
import { botFramework } from "./sources/bot-framework.ts";
import { botpress } from "./sources/botpress.ts";
import { dialogflowCx } from "./sources/dialogflow-cx.ts";
import { dialogflowEs } from "./sources/dialogflow-es.ts";
import { flow } from "./sources/flow.ts";
import { http } from "./sources/http.ts";
import { infobipBot } from "./sources/infobip-bot.ts";
import { rasa } from "./sources/rasa.ts";
import { voiceflow } from "./sources/voiceflow.ts";

const known = [
  ...[baton, answers, flow, infobipBot, http],
  ...[dialogflowCx, dialogflowEs, rasa, botFramework, botpress, voiceflow],
];

/** The sources by name. A new platform is a file in `sources/` and a line here. */
export const sources: ReadonlyMap<string, Source> = new Map(known.map((source) => [source.name, source]));
