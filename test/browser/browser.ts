import { rmSync } from "node:fs";
import chromium from "@sparticuz/chromium";
import { type Browser, chromium as playwright } from "playwright-core";

/** The Chromium in the package is one for Linux on x64; elsewhere these tests need one of the machine's, at CHROMIUM. */
const given = process.env.CHROMIUM;
export const hasBrowser = given !== undefined || (process.platform === "linux" && process.arch === "x64");

/** Without the package's own arguments: they make a browser of one process that ends with its first page. */
const launch = (executablePath: string): Promise<Browser> =>
  playwright.launch({ args: ["--no-sandbox"], executablePath });

export async function startBrowser(): Promise<Browser> {
  if (given !== undefined) return launch(given);
  const unpacked = await chromium.executablePath();
  try {
    return await launch(unpacked);
  } catch {
    // A run that was ended while it unpacked leaves a part, which the package takes for the whole.
    rmSync(unpacked, { force: true });
    return launch(await chromium.executablePath());
  }
}
