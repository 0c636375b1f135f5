import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

import { pageData } from '../terrace/diagram/explore/collect';
import { pageHtml } from '../terrace/diagram/explore/page-html';
import type { JsonObject } from '../terrace/diagram/read/configuration';
import { infrastructureOf } from '../terrace/diagram/read/infrastructure';
import type { Model } from '../terrace/model/model';

import { launched, painted } from './chromium';
import type { Figure } from './figures';

const resources = 8;

/** The interactive page of a generated tree, every unit with some resources: made, and opened in Chromium until it is drawn. */
export async function pageFigures(model: Model): Promise<readonly Figure[]> {
  const json = new Map(model.units.map((unit): [string, JsonObject] => [unit.path, { resource: { aws_sqs_queue: queues(unit.name) } }]));
  const start = performance.now();
  const graph = infrastructureOf(model, json);
  const selected = new Set(model.units.map((unit) => unit.path));
  const html = await pageHtml(
    pageData(graph, { selected, overlays: {}, start: { depth: 'unit', edges: 'needs' }, placeOf: () => undefined }),
  );
  const made = (performance.now() - start) / 1000;
  const name = `page of ${model.units.length} units`;
  return [
    { name: `${name} made`, value: made, unit: 's' },
    { name: `${name}, size`, value: html.length / 1_000_000, unit: 'MB' },
    ...(await opened(html, name)),
  ];
}

function queues(unit: string): JsonObject {
  const names = Array.from({ length: resources }, (_, index) => `q${index}`);
  return Object.fromEntries(
    names.map((name, index) => [
      name,
      { name: `${unit}-${name}`, ...(index === 0 ? {} : { redrive_policy: `\${aws_sqs_queue.q${index - 1}.arn}` }) },
    ]),
  );
}

async function opened(html: string, name: string): Promise<readonly Figure[]> {
  const browser = await launched();
  if (browser === undefined) return [];
  const work = mkdtempSync(path.join(tmpdir(), 'terrace-bench-'));
  try {
    const file = path.join(work, 'page.html');
    writeFileSync(file, html);
    const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
    const timed = async (act: () => Promise<unknown>): Promise<number> => {
      const start = performance.now();
      await act();
      await page.evaluate(painted);
      return (performance.now() - start) / 1000;
    };
    const first = await timed(async () => page.goto(pathToFileURL(file).href).then(async () => page.waitForSelector('.box')));
    const all = await timed(async () => page.keyboard.press('6').then(async () => page.waitForSelector('.box.d-resource')));
    return [
      { name: `${name} opened`, value: first, unit: 's', limit: 3 },
      { name: `${name}, every resource shown`, value: all, unit: 's' },
    ];
  } finally {
    await browser.close();
    rmSync(work, { recursive: true, force: true });
  }
}
