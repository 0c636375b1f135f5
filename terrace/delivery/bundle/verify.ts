import type { Problem } from '../../base/errors';
import { TerraceError, exitCodes } from '../../base/errors';
import { contentDigest } from '../../model/content-digest';
import { sha256 } from '../../base/canonical';
import { parseCanonical } from './canonical-json';
import { isObject } from '../../base/json';
import { remoteStatesOf } from '../../terraform/remote-states';
import { unitProblems } from '../judgement/unit-problems';
import { placesOf, type GrantsOf } from '../terraform/grants';
import { problem, refused } from '../problems';

import { bundleFile, unitPaths, type Bundle, type BundleUnit, type FileDigest } from './bundle';
import type { BundleContent } from './content';
import { bundleSchema } from './schema';
import { readAs } from './validate';

/** A bundle whose every byte was compared with its digests. Whether it may be applied is decided by its approvals. */
export interface VerifiedBundle {
  readonly content: BundleContent;
  readonly bundle: Bundle;
}

/**
 * Checks a bundle against itself: canonical form, schema, exactly the files it names with exactly the digests it gives, and statements that
 * agree with each other. Raises all problems (E6002, E6003, E6076, E6081, E6082; exit 3). Needs no key.
 */
export async function verifyContent(content: BundleContent): Promise<VerifiedBundle> {
  const { place } = content;
  const value = parseCanonical(content.files.get(bundleFile) ?? new Uint8Array(), `${place}/${bundleFile}`);
  if (!isObject(value) || value['format'] !== 'terrace-bundle')
    throw refused('E6001', {
      place,
      found: `${bundleFile} is not the file of a bundle`,
      todo: 'pass the folder or archive that `terrace plan` wrote',
    });
  if (value['version'] !== 1)
    throw refused('E6003', {
      place,
      found: `bundle of version ${String(value['version'])}`,
      expected: 'version 1',
      todo: 'use the version of Terrace that made it',
    });
  const read = await readAs(bundleSchema, value);
  if ('problems' in read)
    throw refused('E6081', { place, found: shortened(read.problems), todo: 'get the bundle again from where it was made, or plan again' });
  const bundle = read.value;
  const [wrong, altered] = [statements(bundle), alteredFiles(bundle, content)];
  // What a unit says of its files is compared with files that are the sealed ones.
  const contradictions =
    altered.length > 0 ? wrong : [...wrong, ...bundle.units.flatMap((entry) => sources(entry, filesOf(content, entry)))];
  const problems = [
    ...(contradictions.length === 0
      ? []
      : [problem('E6082', { place, found: shortened(contradictions), todo: 'plan again, and approve that plan' })]),
    ...(altered.length === 0
      ? []
      : [problem('E6002', { place, found: shortened(altered), todo: 'get the bundle again from where it was made, or plan again' })]),
  ];
  if (problems.length > 0) throw new TerraceError(problems, exitCodes.refused);
  return { content, bundle };
}

/** The synthesized files of one unit. */
export function filesOf(content: BundleContent, entry: BundleUnit): ReadonlyMap<string, Uint8Array> {
  const { files } = unitPaths(entry.unit.path);
  return new Map(entry.files.map((file) => [file.path, content.files.get(`${files}/${file.path}`) ?? new Uint8Array()]));
}

/** Problems of a bundle that has run out or was made for something else than is asked (E6005, E6006, E6020). */
export function validityProblems(
  bundle: Bundle,
  options: { readonly now: Date; readonly allowDirty: boolean; readonly commit?: string },
): readonly Problem[] {
  const problems: Problem[] = [];
  if (options.now.getTime() >= Date.parse(bundle.expiresAt))
    problems.push(problem('E6005', { found: `it expired at ${bundle.expiresAt}`, todo: 'plan again, and approve that plan' }));
  if (bundle.dirty && !options.allowDirty)
    problems.push(problem('E6020', { found: 'it was planned from a work tree with uncommitted changes', todo: 'commit, then plan again' }));
  if (options.commit !== undefined && options.commit !== bundle.commit)
    problems.push(
      problem('E6006', {
        found: `it was planned at ${bundle.commit ?? 'no commit'}`,
        expected: options.commit,
        todo: 'plan this commit, and approve that plan',
      }),
    );
  return problems;
}

/**
 * What the files of a bundle's units could do to who plans or applies them, whoever planned them (E6062). Provisioners run in the sandbox
 * alone.
 */
export async function judgementProblems(
  { bundle, content }: VerifiedBundle,
  grants: GrantsOf,
  provisioners: boolean,
): Promise<readonly Problem[]> {
  const found = await Promise.all(
    bundle.units.map((entry) =>
      unitProblems({ unit: entry.unit, files: filesOf(content, entry), provisioners, ...placesOf(grants(entry.unit)) }),
    ),
  );
  return found.flat();
}

/** A bundle in which nothing is planned is neither approved nor applied (E6061). */
export function emptyProblems(bundle: Bundle): readonly Problem[] {
  if (bundle.units.length > 0) return [];
  const failed = bundle.failed.map(({ unit, error }) => `${unit}: ${error}`);
  return [
    problem('E6061', {
      found: ['it holds no plan', ...failed.slice(0, 10)].join('\n'),
      todo: 'plan again: it contains nothing to approve',
    }),
  ];
}

/** Paths of tainted units as problems: what was planned with mocks is applied by no path (E6009). */
export function taintProblems(bundle: Bundle): readonly Problem[] {
  return bundle.units
    .filter((entry) => entry.mocks.length > 0 || entry.plan === null)
    .map((entry) =>
      problem('E6009', {
        place: entry.unit.path,
        found: `it was planned with mocks of ${entry.mocks.map((mock) => `${mock.output} of ${mock.unit}`).join(', ') || 'unknown outputs'}`,
        todo: 'apply its upstreams, then plan again without --mock',
      }),
    );
}

function statements(bundle: Bundle): readonly string[] {
  const found: string[] = [];
  const paths = bundle.units.map((entry) => entry.unit.path);
  if (!isSortedSet(paths)) found.push('its units are not in order, or one occurs twice');
  if (Date.parse(bundle.expiresAt) <= Date.parse(bundle.createdAt)) found.push('it expires before it was made');
  if (bundle.shard !== null && bundle.shard.index > bundle.shard.count) found.push('the number of its shard exceeds the count');
  for (const entry of bundle.units) {
    const { path } = entry.unit;
    if (path !== [entry.unit.system, entry.unit.environment, entry.unit.region, entry.unit.layer, entry.unit.name].join('/'))
      found.push(`${path}: its path and its parts disagree`);
    if ((entry.plan === null) !== entry.mocks.length > 0)
      found.push(`${path}: a plan made with mocks is kept, or one made without is missing`);
    if (!isSortedSet(entry.after) || entry.after.some((other) => other === path || !paths.includes(other)))
      found.push(`${path}: it comes after units that are not in the bundle`);
    if (!isSortedSet(entry.consumed.map(({ unit }) => unit))) found.push(`${path}: what it reads is not in order, or occurs twice`);
    if (!isSortedSet(entry.files.map((file) => file.path))) found.push(`${path}: its files are not in order, or one occurs twice`);
    const lockFile = entry.files.find((file) => file.path === '.terraform.lock.hcl')?.sha256 ?? null;
    if (lockFile !== entry.lockFile) found.push(`${path}: the digest of its lock file differs from the file's`);
  }
  return found.length > 0 ? found : cycles(bundle);
}

/** Files that are missing, that are not the sealed ones, or that nobody sealed. */
function alteredFiles(bundle: Bundle, content: BundleContent): readonly string[] {
  const found: string[] = [];
  const expected = new Set<string>([bundleFile]);
  const compare = (name: string, digest: FileDigest): void => {
    expected.add(name);
    const bytes = content.files.get(name);
    if (bytes === undefined) found.push(`${name} is missing`);
    else if (bytes.length !== digest.size || sha256(bytes) !== digest.sha256) found.push(`${name} is not the file that was sealed`);
  };
  for (const entry of bundle.units) {
    const paths = unitPaths(entry.unit.path);
    for (const file of entry.files) compare(`${paths.files}/${file.path}`, file);
    compare(paths.masked, entry.masked);
    compare(paths.encrypted, entry.encrypted);
  }
  for (const { unit, source } of bundle.deferred)
    if (source !== undefined && source.masked !== null) compare(unitPaths(unit).masked, source.masked);
  for (const name of content.files.keys()) if (!expected.has(name)) found.push(`${name} does not belong to it`);
  return found;
}

/** What a unit says about its files must follow from the files. */
function sources(entry: BundleUnit, files: ReadonlyMap<string, Uint8Array>): readonly string[] {
  const { path } = entry.unit;
  const found = contentDigest(files) === entry.contentDigest ? [] : [`${path}: the digest of its content does not follow from its files`];
  if (entry.operation === 'destroy' || entry.mocks.length > 0) return found;
  const read = remoteStatesOf(JSON.parse(Buffer.from(files.get('main.tf.json') ?? new Uint8Array()).toString('utf8'))).filter(
    (remote) => remote.outputs?.length !== 0,
  );
  if (read.length !== entry.consumed.length)
    found.push(`${path}: it reads ${read.length} other states, ${entry.consumed.length} are sealed`);
  return found;
}

function cycles(bundle: Bundle): readonly string[] {
  const left = new Map(bundle.units.map((entry) => [entry.unit.path, new Set(entry.after)]));
  for (let done = true; done;) {
    done = false;
    for (const [path, before] of left) {
      if (before.size > 0) continue;
      left.delete(path);
      for (const other of left.values()) other.delete(path);
      done = true;
    }
  }
  return left.size === 0 ? [] : [`no order to apply ${[...left.keys()].join(', ')}: they wait for each other`];
}

function isSortedSet(names: readonly string[]): boolean {
  return names.every((name, index) => index === 0 || (names[index - 1] ?? '') < name);
}

function shortened(found: readonly string[]): string {
  return found.slice(0, 50).join('\n');
}
