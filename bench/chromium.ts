import { existsSync } from 'node:fs';
import path from 'node:path';

import type { Browser } from 'playwright-core';

const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** A Chromium from PATH; undefined where there is none. */
export async function launched(): Promise<Browser | undefined> {
  const executablePath = (process.env['PATH'] ?? '')
    .split(path.delimiter)
    .map((folder) => path.join(folder, 'chromium'))
    .find((candidate) => existsSync(candidate));
  if (executablePath === undefined) return undefined;
  const { chromium } = await import('playwright-core');
  return chromium.launch({ executablePath, headless: true, args: flags });
}

/** Runs in a page: settles when it was drawn. */
export const painted = 'new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))';
