import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

import type { Page } from 'playwright-core';

import { buildReview, type ReviewSource } from '../terrace/review/model/build';
import type { PlanJson, PlanResource } from '../terrace/terraform/plan-json';
import { renderHtml } from '../terrace/review/render/html/html-page';
import { renderMarkdown } from '../terrace/review/render/markdown';

import { launched, painted } from './chromium';
import { median, type Figure, type Suite } from './figures';

const rounds = 3;
const unitsOf = 50;

/** Making the page of a large change, and opening and filtering it in Chromium. */
export const suite: Suite = {
  name: 'review',
  run: async () => {
    const work = mkdtempSync(path.join(tmpdir(), 'terrace-bench-'));
    try {
      return [...(await page(work, 2_000, 2)), ...(await page(work, 5_000, 1.5))];
    } finally {
      rmSync(work, { recursive: true, force: true });
    }
  },
};

async function page(work: string, changes: number, limit?: number): Promise<readonly Figure[]> {
  const source = large(changes);
  const [made, html] = await timed(async () => await renderHtml(buildReview(source)));
  const [comment] = await timed(async () => renderMarkdown(buildReview(source)));
  const file = path.join(work, `${changes}.html`);
  writeFileSync(file, html);
  const count = changes.toLocaleString('en');
  return [
    { name: `page of ${count} changes made`, value: made, unit: 's' },
    { name: `comment of ${count} changes made`, value: comment, unit: 's' },
    { name: `page of ${count} changes, size`, value: html.length / 1_000_000, unit: 'MB' },
    ...(await inBrowser(file, count, limit)),
  ];
}

async function inBrowser(file: string, count: string, limit?: number): Promise<readonly Figure[]> {
  const browser = await launched();
  if (browser === undefined) return [];
  try {
    const [opened, filtered, linked]: [number[], number[], number[]] = [[], [], []];
    for (let round = 0; round < rounds; round++) {
      const open = await browser.newPage({ viewport: { width: 1280, height: 900 } });
      const address = pathToFileURL(file).href;
      opened.push((await timed(async () => await open.goto(address).then(async () => await open.evaluate(painted))))[0]);
      filtered.push(
        (
          await timed(async () => {
            await open.locator('#q').fill('bucket_777');
            await until(open, `document.getElementById('cnt').textContent.includes(' of ')`);
            await open.evaluate(painted);
          })
        )[0],
      );
      linked.push(
        (
          await timed(async () => {
            await open.evaluate(`location.hash = '#' + [...document.querySelectorAll('.ch')].at(-1).id`);
            await until(open, `[...document.querySelectorAll('.ch')].at(-1).open`);
            await open.evaluate(painted);
          })
        )[0],
      );
      await open.close();
    }
    return [
      { name: `page of ${count} changes opened`, value: median(opened), unit: 's', ...(limit === undefined ? {} : { limit }) },
      { name: `page of ${count} changes filtered by text`, value: median(filtered), unit: 's' },
      { name: `page of ${count} changes, link to the last one`, value: median(linked), unit: 's' },
    ];
  } finally {
    await browser.close();
  }
}

/** Asks until it is so; `waitForFunction` needs `eval`, which the page's policy forbids. */
async function until(page: Page, question: string): Promise<void> {
  while ((await page.evaluate(question)) !== true) await new Promise((resolve) => setTimeout(resolve, 5));
}

async function timed<T>(run: () => Promise<T>): Promise<readonly [number, T]> {
  const started = performance.now();
  const result = await run();
  return [(performance.now() - started) / 1000, result];
}

/** Changes of several kinds over units, none like another, each with a policy, a text and a few attributes. */
function large(changes: number): ReviewSource {
  const units = Math.min(unitsOf, changes);
  return {
    bundle: {
      hash: '0'.repeat(64),
      commit: null,
      dirty: false,
      round: 1,
      createdAt: '2026-01-01T00:00:00Z',
      expiresAt: '2026-01-02T00:00:00Z',
      terraform: 'terraform',
    },
    units: Array.from({ length: units }, (_, unit) => ({
      path: `shop/dev/eu-central-1/layer/unit-${unit}`,
      plan: {
        format_version: '1.2',
        resource_changes: Array.from({ length: Math.ceil(changes / units) }, (_ignored, index) => resource(unit * 1000 + index)),
      } satisfies PlanJson,
    })),
  };
}

function resource(number: number): PlanResource {
  const policy = (actions: readonly string[]): string =>
    JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Sid: 'Read', Effect: 'Allow', Action: actions, Resource: `arn:aws:s3:::bucket-${number}/*` }],
    });
  const actions = [['create'], ['update'], ['update'], ['delete', 'create'], ['delete']][number % 5] ?? ['update'];
  const values = (side: string, allowed: readonly string[]) => ({
    bucket: `bucket-${number}`,
    policy: policy(allowed),
    description: `${side} ${number}`,
    script: `#!/bin/sh\necho ${side}\nexit ${number}\n`,
    tags: { Name: `bucket-${number}`, Side: side },
    cidr_blocks: ['10.0.0.0/16', side === 'after' ? '10.1.0.0/16' : '10.2.0.0/16'],
    enabled: side === 'after',
  });
  const type =
    ['aws_s3_bucket', 'aws_s3_bucket_policy', 'aws_iam_role_policy', 'aws_subnet', 'aws_cloudwatch_metric_alarm'][number % 5] ??
    'aws_s3_bucket';
  return {
    address: `${type}.bucket_${number}`,
    mode: 'managed',
    type,
    name: `bucket_${number}`,
    provider_name: 'registry.terraform.io/hashicorp/aws',
    change: {
      actions,
      before: actions[0] === 'create' ? null : values('before', ['s3:GetObject']),
      after: actions.length === 1 && actions[0] === 'delete' ? null : values('after', ['s3:GetObject', 's3:PutObject']),
      after_unknown: { arn: true },
    },
  };
}
