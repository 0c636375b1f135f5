import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';

import { projectRoot } from '../../_helpers/project-root';
import { temporaryFolder } from '../../_helpers/sandbox';
import { tool } from '../../_helpers/tools';

/** Kept by CI, ignored by git. */
export const artifacts = path.join(projectRoot, '.terrace', 'artifacts', 'review');

const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export interface OpenPage {
  readonly page: Page;
  /** Everything the browser asked for, the page itself first. */
  readonly requests: readonly string[];
  /** Errors, and what the console said. */
  readonly complaints: readonly string[];
}

/** Waits until an expression holds in a page. Asked again and again from outside: a page with a strict policy evaluates nothing by itself. */
export async function until(page: Page, expression: string): Promise<void> {
  for (let tries = 0; tries < 600; tries += 1) {
    if (await page.evaluate<boolean>(expression)) return;
    await page.waitForTimeout(50);
  }
  throw new Error(`never true: ${expression}`);
}

/** A real Chromium; where there is none on a developer's computer, `open` does nothing. */
export class InChromium {
  private constructor(private readonly browser: Browser | undefined) {}

  static async launch(): Promise<InChromium> {
    const executablePath = tool('chromium');
    return new InChromium(
      executablePath === undefined ? undefined : await chromium.launch({ executablePath, headless: true, args: flags }),
    );
  }

  /** Opens the text of a page from a file, calls `look`, closes it. */
  async open(
    html: string,
    options: BrowserContextOptions & { readonly hash?: string },
    look: (open: OpenPage) => Promise<void>,
  ): Promise<void> {
    if (this.browser === undefined) return;
    const file = path.join(temporaryFolder('terrace-page-'), 'review.html');
    writeFileSync(file, html);
    const { hash = '', ...context } = options;
    const opened = await this.browser.newContext({ viewport: { width: 1024, height: 800 }, ...context });
    try {
      const page = await opened.newPage();
      const requests: string[] = [];
      const complaints: string[] = [];
      page.on('request', (request) => requests.push(request.url()));
      page.on('console', (message) => complaints.push(message.text()));
      page.on('pageerror', (error) => complaints.push(error.message));
      page.on('dialog', async (dialog) => {
        complaints.push(`dialog: ${dialog.message()}`);
        await dialog.dismiss();
      });
      await page.goto(`${pathToFileURL(file).href}${hash}`);
      await look({ page, requests, complaints });
    } finally {
      await opened.close();
      rmSync(path.dirname(file), { recursive: true, force: true });
    }
  }

  async close(): Promise<void> {
    await this.browser?.close();
  }
}

/** Grows the window to the whole page, so that nothing is left out of the picture, and writes it beside the other artefacts. */
export async function picture(page: Page, name: string): Promise<void> {
  mkdirSync(artifacts, { recursive: true });
  const height = await page.evaluate('document.documentElement.scrollHeight');
  const width = page.viewportSize()?.width ?? 1024;
  await page.setViewportSize({ width, height: Math.min(Number(height) + 10, 9000) });
  await page.screenshot({ path: path.join(artifacts, `${name}.png`) });
}
