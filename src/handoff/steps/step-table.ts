/**
 * All kinds of steps, a file each. The ledger asks their rules; an attempt runs through the same table. A kind of
 * `stepArgumentsSchema` that has no line here does not compile.
 */
import type { Step, StepArguments } from "../../model/handoff.ts";
import type { StepOutcome } from "../ledger/step-attempt.ts";
import { agents } from "./kinds/agents.ts";
import { conversation } from "./kinds/conversation.ts";
import { metadata } from "./kinds/metadata.ts";
import { note } from "./kinds/note.ts";
import { priority } from "./kinds/priority.ts";
import { queue } from "./kinds/queue.ts";
import { release } from "./kinds/release.ts";
import { route } from "./kinds/route.ts";
import { sweep } from "./kinds/sweep.ts";
import { tag } from "./kinds/tag.ts";
import { text } from "./kinds/text.ts";
import { untag } from "./kinds/untag.ts";
import { words } from "./kinds/words.ts";
import type { Context } from "./step-context.ts";
import type { StepKind, StepRules } from "./step-kind.ts";

const KINDS: Readonly<Record<StepArguments["kind"], StepKind>> = {
  agents,
  conversation,
  metadata,
  note,
  priority,
  queue,
  release,
  route,
  sweep,
  tag,
  text,
  untag,
  words,
};

/** Returns the rules of a step's kind. They are pure. */
export const rulesOf = ({ arguments: { kind } }: Step): StepRules => KINDS[kind];

/** Makes one attempt of a step. */
export const runStep = (context: Context): Promise<StepOutcome> => KINDS[context.run.step.arguments.kind].run(context);
