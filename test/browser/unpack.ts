import { hasBrowser, startBrowser } from "./browser.ts";

/** Unpacks Chromium before the test files run side by side: none may start what another still writes. */
export async function setup(): Promise<void> {
  if (hasBrowser) await (await startBrowser()).close();
}
