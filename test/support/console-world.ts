import { createWorld, OPERATOR_TOKEN } from "./world.ts";

const FORM = { origin: "http://baton.invalid", "content-type": "application/x-www-form-urlencoded" };
export const READER = "a-token-that-may-read";

/** A world whose console somebody asks for pages. */
export function createConsoleWorld(token = OPERATOR_TOKEN) {
  const operators = [
    { name: "ana", token: OPERATOR_TOKEN, mayAct: true },
    { name: "rita", token: READER, mayAct: false },
  ];
  const world = createWorld(undefined, { operators });
  /** A session ends with the clock's day: each request signs in anew. */
  async function ask(path: string, init: RequestInit = {}) {
    const body = new URLSearchParams({ token }).toString();
    const signedIn = await world.request("/console/sign-in", { method: "POST", headers: FORM, body });
    const cookie = signedIn.headers.get("set-cookie")?.split(";")[0] ?? "";
    const answer = await world.request(`/console${path}`, { ...init, headers: { ...FORM, cookie } });
    return { status: answer.status, text: await answer.text() };
  }
  return {
    world,
    get: (path: string) => ask(path),
    post: (path: string, fields: Record<string, string>) =>
      ask(path, { method: "POST", body: new URLSearchParams(fields).toString() }),
  };
}
