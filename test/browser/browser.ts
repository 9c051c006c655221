import { rmSync } from "node:fs";
import chromium from "@sparticuz/chromium";
import { type Browser, chromium as playwright } from "playwright-core";

/** The package's Chromium is for Linux on x64. Elsewhere these tests need the machine's own, at CHROMIUM. */
const given = process.env.CHROMIUM;
export const hasBrowser = given !== undefined || (process.platform === "linux" && process.arch === "x64");

/** The package's own arguments are left out: they make a browser of one process that ends with its first page. */
const launch = (executablePath: string): Promise<Browser> =>
  playwright.launch({ args: ["--no-sandbox"], executablePath });

export async function startBrowser(): Promise<Browser> {
  if (given !== undefined) return launch(given);
  const unpacked = await chromium.executablePath();
  try {
    return await launch(unpacked);
  } catch {
    // A run that ended while it unpacked leaves a part, which the package takes for the whole.
    rmSync(unpacked, { force: true });
    return launch(await chromium.executablePath());
  }
}
