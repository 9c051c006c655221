import type { Flow } from "../src/escalation/flow.ts";
import { bankMessaging } from "./bank-messaging/flow.ts";
import { deliveryMoments } from "./delivery-moments/flow.ts";
import { llmAgent } from "./llm-agent/flow.ts";
import { retailSupport } from "./retail-support/flow.ts";
import { travelAnswers } from "./travel-answers/flow.ts";
import { webChat } from "./web-chat/flow.ts";

export const flows: readonly Flow[] = [retailSupport, travelAnswers, deliveryMoments, bankMessaging, webChat, llmAgent];
