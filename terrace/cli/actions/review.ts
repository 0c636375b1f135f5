import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { readContent } from '../../delivery/bundle/content';
import { verifyContent } from '../../delivery/bundle/verify';
import { exitCodes, TerraceError } from '../../errors';
import { checkPolicies } from '../../policy/check';
import { policiesAtRef, policiesInFolder } from '../../policy/source';
import { projectRoot } from '../../project-root';
import { reviewSource } from '../../review/bundle-source';
import { buildReview, plannedUnits } from '../../review/model/build';
import type { Review } from '../../review/model/review';
import { reviewText } from '../../review/render/text';
import { compareWithBase } from '../../review/source/compare-with-base';
import { parseInfracost } from '../../review/source/infracost';

export interface ReviewFlags {
  readonly html?: string;
  readonly markdown?: string;
  readonly markdownLimit: string;
  readonly sarif?: string;
  readonly json?: string;
  readonly open?: boolean;
  readonly policyRef?: string;
  readonly policies?: string;
  readonly base?: string;
  readonly infracost?: string;
}

/** `terrace review` */
export async function runReview(bundle: string, flags: ReviewFlags): Promise<void> {
  const limit = await markdownLimit(flags.markdownLimit);
  const review = await readReview(bundle, flags);
  const writes: Promise<void>[] = [];
  const page =
    flags.html ?? (flags.open === true ? path.join(await mkdtemp(path.join(tmpdir(), 'terrace-review-')), 'review.html') : undefined);
  if (page !== undefined)
    writes.push(import('../../review/render/html/html-page').then(async ({ renderHtml }) => await write(page, await renderHtml(review))));
  const { markdown, sarif, json } = flags;
  if (markdown !== undefined)
    writes.push(
      import('../../review/render/markdown').then(async ({ renderMarkdown }) => await write(markdown, renderMarkdown(review, limit))),
    );
  if (sarif !== undefined)
    writes.push(import('../../review/render/sarif').then(async ({ renderSarif }) => await write(sarif, renderSarif(review))));
  if (json !== undefined)
    writes.push(import('../../review/render/json').then(async ({ renderJson }) => await write(json, renderJson(review))));
  await Promise.all(writes);
  if (writes.length === 0) process.stdout.write(reviewText(review));
  if (flags.open === true && page !== undefined) open(path.resolve(page));
}

async function readReview(place: string, flags: ReviewFlags): Promise<Review> {
  const verified = await verifyContent(await readContent(place));
  const base = flags.base ?? verified.bundle.rules?.base;
  const source = reviewSource(verified, base === undefined ? {} : await compareWithBase(verified, projectRoot(), base));
  const policies =
    flags.policies === undefined
      ? flags.policyRef === undefined
        ? undefined
        : await policiesAtRef(projectRoot(), flags.policyRef)
      : await policiesInFolder(flags.policies);
  return buildReview(source, {
    ...(policies === undefined ? {} : { policies: await checkPolicies(policies, plannedUnits(source), process.env) }),
    ...(flags.infracost === undefined ? {} : { costs: parseInfracost(await read(flags.infracost), flags.infracost) }),
  });
}

async function markdownLimit(room: string): Promise<number> {
  const { markdownLimits } = await import('../../review/render/markdown');
  if (room === 'comment' || room === 'summary') return markdownLimits[room];
  const bytes = Number(room);
  if (Number.isInteger(bytes) && bytes >= 2_000) return bytes;
  throw new TerraceError(
    {
      code: 'E7003',
      title: 'wrong limit',
      found: `--markdown-limit ${room}`,
      expected: 'comment, summary, or a number of bytes from 2000',
      todo: 'give one of these',
    },
    exitCodes.wrongUsage,
  );
}

async function read(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    throw new TerraceError(
      {
        code: 'E7004',
        title: 'file of a review',
        place: file,
        found: cause instanceof Error ? cause.message : String(cause),
        todo: 'check its name and its rights',
      },
      undefined,
      { cause },
    );
  }
}

async function write(file: string, text: string): Promise<void> {
  if (file === '-') {
    process.stdout.write(text);
    return;
  }
  try {
    await mkdir(path.dirname(path.resolve(file)), { recursive: true });
    await writeFile(file, text);
  } catch (cause) {
    throw new TerraceError(
      {
        code: 'E7004',
        title: 'file of a review',
        place: file,
        found: cause instanceof Error ? cause.message : String(cause),
        todo: 'check its name and its rights',
      },
      undefined,
      { cause },
    );
  }
}

/** Opens a page with what the system has for it; only says where it is when there is nothing. */
function open(file: string): void {
  const [command, ...args] =
    process.platform === 'darwin' ? ['open', file] : process.platform === 'win32' ? ['cmd', '/c', 'start', '', file] : ['xdg-open', file];
  process.stdout.write(`${file}\n`);
  if (command === undefined) return;
  const child = spawn(command, args, { detached: true, stdio: 'ignore' });
  child.on('error', () => process.stderr.write(`${command} is not there: open the file yourself\n`));
  child.unref();
}
