import { DurableObject } from "cloudflare:workers";
import type { Env } from "../environment.ts";
import { createSessionRuntime, type SessionRuntime } from "../session/session-runtime.ts";

type Parameter<Method extends keyof SessionRuntime> = Parameters<SessionRuntime[Method]>;

/** The Durable Object of one session. It is a class because the runtime creates it. */
export class SessionObject extends DurableObject<Env> {
  readonly #home: SessionRuntime;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    this.#home = createSessionRuntime(ctx, env);
  }

  take(...args: Parameter<"take">) {
    return this.#home.take(...args);
  }
  takePassedOn(...args: Parameter<"takePassedOn">) {
    return this.#home.takePassedOn(...args);
  }
  pack(...args: Parameter<"pack">) {
    return this.#home.pack(...args);
  }
  unpack(...args: Parameter<"unpack">) {
    return this.#home.unpack(...args);
  }
  receivePushes(...args: Parameter<"receivePushes">) {
    return this.#home.receivePushes(...args);
  }
  receiveState(...args: Parameter<"receiveState">) {
    return this.#home.receiveState(...args);
  }
  standingIn(...args: Parameter<"standingIn">) {
    return this.#home.standingIn(...args);
  }
  leaveConversation(...args: Parameter<"leaveConversation">) {
    return this.#home.leaveConversation(...args);
  }
  isForgotten() {
    return this.#home.isForgotten();
  }
  handoff(id: string) {
    return this.#home.handoff(id);
  }
  story(id: string) {
    return this.#home.story(id);
  }
  session(bot: string, session: string) {
    return this.#home.session(bot, session);
  }
  exportSession(...args: Parameter<"exportSession">) {
    return this.#home.exportSession(...args);
  }
  eraseSession(...args: Parameter<"eraseSession">) {
    return this.#home.eraseSession(...args);
  }
  retry(id: string) {
    return this.#home.retry(id);
  }
  cancel(id: string) {
    return this.#home.cancel(id);
  }
  end(id: string, isClosing: boolean) {
    return this.#home.end(id, isClosing);
  }
  resend(...args: Parameter<"resend">) {
    return this.#home.resend(...args);
  }
  tellAgain() {
    return this.#home.tellAgain();
  }
  override alarm() {
    return this.#home.alarm();
  }
}
