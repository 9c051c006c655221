import chromium from "@sparticuz/chromium";
import { type Browser, chromium as playwright } from "playwright-core";

/** The Chromium in the package is one for Linux on x64; elsewhere these tests need one of the machine's, at CHROMIUM. */
const given = process.env.CHROMIUM;
export const hasBrowser = given !== undefined || (process.platform === "linux" && process.arch === "x64");

/** Without the package's own arguments: they make a browser of one process that ends with its first page. */
export const startBrowser = async (): Promise<Browser> =>
  playwright.launch({ args: ["--no-sandbox"], executablePath: given ?? (await chromium.executablePath()) });
