/** A kind of step: its rules, which the ledger asks, and its attempt. */
import type { Handoff, Ledger, Step, StepArguments, StepResult } from "../../model/handoff.ts";
import type { StepOutcome } from "../ledger/step-attempt.ts";
import { withDone } from "../ledger/step-edits.ts";
import type { Context } from "./step-context.ts";

/** The conversation's path at the platform, as a dry run shows it. */
export const CONVERSATION = "/ccaas/1/conversations/{id}";

type Kind = StepArguments["kind"];
export type Arguments<K extends Kind> = Extract<StepArguments, { kind: K }>;

/**
 * Phase of a handoff, for its steps: on the way to an agent or with one; back with the bot while its conversation is still open;
 * or over, with a conversation that takes nothing more. A deferred handoff is in none.
 */
export type Phase = "open" | "returned" | "over";

/** A ledger around one step, with answers about its other steps. */
export interface Surroundings extends Ledger {
  /** True while later steps wait for this one. */
  isAwaited(step: Step): boolean;
  /** True while a step of context is awaited. */
  isContextAwaited(): boolean;
  /** True if the step has to come before a release of the conversation, and may still succeed. */
  isDueBeforeRelease(step: Step): boolean;
  /** True if the step has to come before this route. */
  isBeforeRoute(step: Step, route: Step): boolean;
}

/** The conversation that replaces one that was given up. */
export interface Restart {
  handoff: Handoff;
  /** Conversations that were given up, oldest first. */
  replaces: readonly string[];
  now: number;
}

/** Facts that hold for every step of a kind. All are false unless given. */
interface Facts {
  /** An agent needs to see it first: the route waits for it. */
  isContext: boolean;
  /** The handoff is parked if it fails. Any other step is left out. */
  isEssential: boolean;
  /** It comes before the route, wherever it stands in the ledger. */
  isAlwaysBeforeRoute: boolean;
  /** It leads to an agent: a conversation that waits in the line already needs none of it. */
  isRouting: boolean;
  /** It writes to the conversation, so it comes before a release. */
  isBeforeRelease: boolean;
  /** It must not touch the conversation once another round goes on with it. */
  endsWithRound: boolean;
  /** It is of no use in a closed conversation, also after the hand-back. */
  endsWithConversation: boolean;
  /** It is about conversations other than the handoff's own, and has a time of its own. */
  isApart: boolean;
  /** It has work only if an answer to a request for a new conversation is lost. */
  needsLostAnswer: boolean;
  /** The conversation is read before the step is sent, unless it was read a moment ago. */
  goesStale: boolean;
  /** An unknown tag is no obstacle: nothing is left to remove. */
  acceptsMissingTag: boolean;
}

/** Rules of a kind; `args` are the step's own. */
interface Rules<Args> {
  /** Phases in which the step may have work. Default: open. */
  phases: readonly Phase[];
  /** True if this step has work in one of those phases. Default: true. */
  isWanted(args: Args, handoff: Handoff): boolean;
  /** True if everything that must come before the step is done. */
  isReady(args: Args, step: Step, around: Surroundings): boolean;
  /** True if its effect can be told from what others did. If not, a repeat has the same effect, so Baton simply repeats it. */
  canBeFound(args: Args): boolean;
  /** True if later steps wait for it until it is settled. Default: true. */
  isAwaited(args: Args, steps: readonly Step[]): boolean;
  /** True if it has no work left once a person has the conversation. Default: false. */
  isMootWithHuman(args: Args): boolean;
  /** True if its success may be written together with the end of other steps. Default: false. */
  canWait(args: Args, step: Step, steps: readonly Step[]): boolean;
  /** Returns the ledger with its success. Default: the step is done. */
  applyResult(ledger: Ledger, step: Step, result: StepResult, now: number): Ledger;
  /** Returns the step without the part that the platform refuses; then it never parks the handoff. Default: refused. */
  giveUp: ((step: Step, now: number) => Step) | null;
  /** Returns the step for another conversation; `fresh` is the step as if nothing had been sent. Default: `fresh`. */
  restart(fresh: Step, step: Step, restart: Restart): Step;
  /** Methods and paths of its calls, for a dry run. Default: none, as no new handoff plans the step. */
  requests(args: Args): readonly string[];
  /** The text that it sends, as far as it is known before. Default: null. */
  textOf(args: Args): string | null;
}

interface Definition<K extends Kind> extends Partial<Facts>, Partial<Rules<Arguments<K>>> {
  isReady: Rules<Arguments<K>>["isReady"];
  canBeFound: Rules<Arguments<K>>["canBeFound"];
  /** Makes one attempt. After an unknown outcome it looks before it repeats anything. It never throws because of the platform. */
  run(context: Context, args: Arguments<K>, conversationId: string): Promise<StepOutcome>;
}

/** Rules of a kind, for any step of it. */
export interface StepRules extends Facts {
  phases: readonly Phase[];
  isWanted(step: Step, handoff: Handoff): boolean;
  isReady(step: Step, around: Surroundings): boolean;
  canBeFound(step: Step): boolean;
  isAwaited(step: Step, steps: readonly Step[]): boolean;
  isMootWithHuman(step: Step): boolean;
  canWait(step: Step, steps: readonly Step[]): boolean;
  applyResult(ledger: Ledger, step: Step, result: StepResult, now: number): Ledger;
  giveUp: ((step: Step, now: number) => Step) | null;
  restart(fresh: Step, step: Step, restart: Restart): Step;
  requests(step: Step): readonly string[];
  textOf(step: Step): string | null;
}

export interface StepKind extends StepRules {
  run(context: Context): Promise<StepOutcome>;
}

const NO_FACTS: Facts = {
  isContext: false,
  isEssential: false,
  isAlwaysBeforeRoute: false,
  isRouting: false,
  isBeforeRelease: false,
  endsWithRound: false,
  endsWithConversation: false,
  isApart: false,
  needsLostAnswer: false,
  goesStale: false,
  acceptsMissingTag: false,
};

const isOfKind = <K extends Kind>(args: StepArguments, kind: K): args is Arguments<K> => args.kind === kind;

export function defineStep<K extends Kind>(kind: K, definition: Definition<K>): StepKind {
  const { isWanted, isReady, canBeFound, isAwaited, isMootWithHuman, canWait, requests, textOf, run, ...rest } =
    definition;
  const argsOf = ({ arguments: args }: Step): Arguments<K> => {
    if (!isOfKind(args, kind)) throw new Error(`a step of kind '${args.kind}' was taken for one of kind '${kind}'`);
    return args;
  };
  return {
    ...NO_FACTS,
    phases: ["open"],
    applyResult: withDone,
    giveUp: null,
    restart: (fresh) => fresh,
    ...rest,
    isWanted: (step, handoff) => isWanted === undefined || isWanted(argsOf(step), handoff),
    isReady: (step, around) => isReady(argsOf(step), step, around),
    canBeFound: (step) => canBeFound(argsOf(step)),
    isAwaited: (step, steps) => isAwaited === undefined || isAwaited(argsOf(step), steps),
    isMootWithHuman: (step) => isMootWithHuman?.(argsOf(step)) === true,
    canWait: (step, steps) => canWait?.(argsOf(step), step, steps) === true,
    requests: (step) => requests?.(argsOf(step)) ?? [],
    textOf: (step) => textOf?.(argsOf(step)) ?? null,
    run: (context) => run(context, argsOf(context.run.step), context.ledger.handoff.conversationId ?? ""),
  };
}
