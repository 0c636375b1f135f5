import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { messageOf } from '../../base/message';
import { openRepository } from '../../git/repository';
import { readContent } from '../../delivery/bundle/content';
import { verifyContent, type VerifiedBundle } from '../../delivery/bundle/verify';
import { failed } from '../../delivery/problems';
import { exitCodes, TerraceError } from '../../base/errors';
import { checkPolicies } from '../../policy/check';
import { policiesAtRef, policiesInFolder } from '../../policy/source';
import type { CommandContext } from '../command-context';
import { sourcePlaces } from '../source-places';
import { whatIsKnown } from '../what-is-known';
import { withSources } from '../../review/model/with-sources';
import { reviewSource } from '../../review/bundle-source';
import { buildReview, plannedUnits } from '../../review/model/build';
import type { Review } from '../../review/model/review';
import { painter } from '../../base/paint';
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
export async function runReview(context: CommandContext, bundle: string, flags: ReviewFlags): Promise<void> {
  const limit = await markdownLimit(flags.markdownLimit);
  const onStdout = [flags.html, flags.markdown, flags.sarif, flags.json].filter((file) => file === '-');
  if (onStdout.length > 1)
    throw new TerraceError(
      {
        code: 'E7004',
        title: 'review cannot be written',
        place: '-',
        found: `${onStdout.length} documents for one standard output`,
        todo: 'write the others to files',
      },
      exitCodes.wrongUsage,
    );
  const found = await readReview(context, bundle, flags);
  const review = withSources(found, await sourcePlaces(context, found));
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
  if (writes.length === 0) process.stdout.write(reviewText(review, painter(process.stdout, process.env)));
  if (flags.open === true && page !== undefined) open(path.resolve(page));
}

async function readReview(context: CommandContext, place: string, flags: ReviewFlags): Promise<Review> {
  const verified = await verifyContent(await readContent(place));
  const source = reviewSource(verified, comparison(context, verified, flags.base));
  const policies =
    flags.policies === undefined
      ? flags.policyRef === undefined
        ? undefined
        : await policiesAtRef(context.repository(), flags.policyRef)
      : await policiesInFolder(flags.policies);
  return buildReview(source, {
    ...(await whatIsKnown(context, verified, flags.policyRef === undefined ? {} : { policyRef: flags.policyRef })),
    ...(policies === undefined ? {} : { policies: await checkPolicies(policies, plannedUnits(source), process.env) }),
    ...(flags.infracost === undefined ? {} : { costs: parseInfracost(await read(flags.infracost), flags.infracost) }),
  });
}

/** What the base says of versions. One that was asked for must be there; one that only the bundle names may be missing in this clone. */
function comparison(
  context: CommandContext,
  verified: VerifiedBundle,
  asked: string | undefined,
): ReturnType<typeof compareWithBase> | undefined {
  const base = asked ?? verified.bundle.rules?.base;
  if (base === undefined) return undefined;
  try {
    const repository = openRepository(context.repository());
    if (repository === undefined)
      throw failed(
        'E6049',
        { place: base, found: 'this project is not in a git repository', todo: 'leave out --base, or clone the project' },
        exitCodes.wrongUsage,
      );
    return compareWithBase(verified, repository, repository.commitOf(base));
  } catch (error) {
    if (asked !== undefined || !(error instanceof TerraceError)) throw error;
    process.stderr.write(`the base ${JSON.stringify(base)} of the bundle is not in this clone, so versions are not compared with it\n`);
    return undefined;
  }
}

async function markdownLimit(room: string): Promise<number> {
  const { markdownLimits } = await import('../../review/render/markdown');
  if (room === 'comment' || room === 'summary') return markdownLimits[room];
  const bytes = Number(room);
  if (Number.isInteger(bytes) && bytes >= 2_000) return bytes;
  throw new TerraceError(
    {
      code: 'E7003',
      title: 'invalid limit',
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
    throw unusableFile(file, cause);
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
    if (process.stderr.isTTY) process.stderr.write(`written ${file}\n`);
  } catch (cause) {
    throw unusableFile(file, cause);
  }
}

function unusableFile(place: string, cause: unknown): TerraceError {
  const found = messageOf(cause, place);
  return new TerraceError(
    { code: 'E7004', title: 'review cannot be written', place, found, todo: 'check its name and its permissions' },
    undefined,
    {
      cause,
    },
  );
}

/** Opens a page with what the system has for it; only says where it is when there is nothing. */
function open(file: string): void {
  const [command, ...args] =
    process.platform === 'darwin' ? ['open', file] : process.platform === 'win32' ? ['cmd', '/c', 'start', '', file] : ['xdg-open', file];
  process.stdout.write(`${file}\n`);
  if (command === undefined) return;
  const child = spawn(command, args, { detached: true, stdio: 'ignore' });
  child.on('error', () => process.stderr.write(`${command} was not found: open the file yourself\n`));
  child.unref();
}
