import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { LooseRecord } from "@scap/log";
import { chromium, type BrowserContext, type Page } from "playwright-core";
import { renderReport } from "../src/index.ts";

const CHROMIUM = "/usr/bin/chromium";
const FLAGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Whether Debian's Chromium is installed. */
export const hasChromium: boolean = existsSync(CHROMIUM);

/** How a report is looked at. */
export interface Look {
  /** @defaultValue 1280 */
  readonly width?: number;
  /** @defaultValue "light" */
  readonly colorScheme?: "light" | "dark";
  /** Fragment of the address. */
  readonly hash?: string;
}

/** An open report, and everything that the browser complained about. */
export interface OpenReport {
  readonly page: Page;
  readonly complaints: readonly string[];
}

/** One browser with a fresh profile, for the tests of a file. */
export class ReportBrowser {
  readonly #directory: string = mkdtempSync(join(tmpdir(), "scap-report-"));
  #context: BrowserContext | undefined;

  async start(): Promise<void> {
    this.#context = await chromium.launchPersistentContext(join(this.#directory, "profile"), {
      executablePath: CHROMIUM,
      args: FLAGS,
    });
  }

  async close(): Promise<void> {
    await this.#context?.close();
    rmSync(this.#directory, { recursive: true, force: true });
  }

  /** Writes a report to a file; `open` opens it. */
  write(records: readonly LooseRecord[]): string {
    const path = join(this.#directory, `report${performance.now()}.html`);
    writeFileSync(path, renderReport(records));
    return path;
  }

  /** Opens a report in a new page and waits until it is there. */
  async open(path: string, look: Look = {}): Promise<OpenReport> {
    const { colorScheme = "light", hash = "", width = 1280 } = look;
    if (!this.#context) throw new Error("The browser has not been started");
    const page = await this.#context.newPage();
    const complaints: string[] = [];
    page.on("console", (message) => complaints.push(message.text()));
    page.on("pageerror", (error) => complaints.push(String(error)));
    page.on("dialog", (dialog) => {
      complaints.push(`dialog ${dialog.message()}`);
      void dialog.dismiss();
    });
    page.on("request", (request) => {
      if (!request.url().startsWith("file:")) complaints.push(`request ${request.url()}`);
    });
    await page.setViewportSize({ width, height: 900 });
    await page.emulateMedia({ colorScheme });
    await page.goto(`${pathToFileURL(path).href}${hash}`);
    await page.locator(".host").first().waitFor();
    return { page, complaints };
  }
}
