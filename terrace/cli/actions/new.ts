import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

import { exitCodes, TerraceError } from '../../base/errors';
import { packageRoot } from '../../base/package-file';
import { replaceFile } from '../../base/replace-file';
import { firstDelivery } from '../../ci/first-delivery';
import { githubPipelines } from '../../ci/generate';
import { environmentAddition, regionAddition, systemAddition, unitAddition, type Addition } from '../../starter/additions';
import { segmentsOf } from '../../starter/names';
import { pipelineValues } from '../../starter/pipeline';
import { packageSettings, projectFiles, withSettings } from '../../starter/project';
import { environmentFiles, regionFiles, systemFiles } from '../../starter/system';
import { insertInto, writeNew } from '../../starter/write';
import { ask, isInteractive } from '../ask';
import type { CommandContext } from '../command-context';
import { nobodyToAsk } from '../usage-problems';

export interface PlaceFlags {
  readonly system?: string;
  readonly environment?: string;
  readonly region?: string;
  readonly account?: string;
  /** With init: `<owner>/<name>`. @default `example/<system>`, which is nobody's */
  readonly repository?: string;
}

/** The release of the bindings that a new project starts with; a newer one is the project's to choose. */
const awsBindings = '21.22.1';

/** `terrace init` */
export async function runInit(folder: string, flags: PlaceFlags): Promise<void> {
  const root = path.resolve(folder);
  const [system = ''] = segmentsOf(await answer(flags.system, 'System', '--system', 'app'), '<system>');
  const answers = { system, ...(await placeAnswers(flags)), repository: flags.repository ?? `example/${system}` };
  const files = projectFiles(answers);
  mkdirSync(root, { recursive: true });
  writeNew(root, files);
  const workflows = githubPipelines(root, [firstDelivery(answers, pipelineValues(answers))]);
  writeNew(root, workflows);
  const file = path.join(root, 'package.json');
  const before: unknown = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
  const settings = withSettings(before, packageSettings(path.basename(root), { '@cdktf/provider-aws': awsBindings, ...peerVersions() }));
  replaceFile(file, Buffer.from(`${JSON.stringify(settings, null, 2)}\n`));
  for (const name of [...files.keys(), ...workflows.keys(), 'package.json']) process.stdout.write(`${name}\n`);
  process.stderr.write(`\nNext: in ${folder}, run npm install (with this package, from its tarball), then npm test\n`);
}

/** `terrace new system` */
export async function runNewSystem(context: CommandContext, name: string | undefined, flags: PlaceFlags): Promise<void> {
  const root = context.project();
  const [system = ''] = segmentsOf(await answer(name, 'System', '<name>'), '<system>');
  add(root, systemAddition(system, systemFiles({ system, ...(await placeAnswers(flags)) })));
}

/** `terrace new environment` */
export async function runNewEnvironment(context: CommandContext, place: string | undefined, flags: PlaceFlags): Promise<void> {
  const root = context.project();
  const form = '<system>/<environment>';
  const [system = '', environment = ''] = segmentsOf(await answer(place, 'Environment', form), form);
  const { region, account } = await placeAnswers({ ...flags, environment });
  add(root, environmentAddition(system, environment, region, environmentFiles({ system, environment, region, account }, false)));
}

/** `terrace new region` */
export async function runNewRegion(context: CommandContext, place: string | undefined): Promise<void> {
  const root = context.project();
  const form = '<system>/<environment>/<region>';
  const [system = '', environment = '', region = ''] = segmentsOf(await answer(place, 'Region', form), form);
  add(root, regionAddition(system, environment, region, regionFiles(system, environment, region)));
}

/** `terrace new unit` */
export async function runNewUnit(context: CommandContext, place: string | undefined): Promise<void> {
  const root = context.project();
  const form = '<system>/<layer>/<unit>';
  const [system = '', layer = '', name = ''] = segmentsOf(await answer(place, 'Unit', form), form);
  add(root, unitAddition(system, layer, name));
}

async function placeAnswers(
  flags: PlaceFlags,
): Promise<{ readonly environment: string; readonly region: string; readonly account: string }> {
  const [environment = ''] = segmentsOf(await answer(flags.environment, 'Environment', '--environment', 'dev'), '<environment>');
  const [region = ''] = segmentsOf(await answer(flags.region, 'AWS region', '--region', 'eu-central-1'), '<region>');
  const account = await answer(flags.account, 'AWS account (12 digits)', '--account');
  if (/^\d{12}$/.test(account)) return { environment, region, account };
  throw new TerraceError(
    {
      code: 'E0011',
      title: 'invalid name',
      place: '--account',
      found: `'${account}'`,
      expected: '12 digits',
      todo: 'give the id of an AWS account',
    },
    exitCodes.wrongUsage,
  );
}

/** What was given, else what a person answers; on no terminal E0015. */
async function answer(given: string | undefined, question: string, flag: string, usual?: string): Promise<string> {
  if (given !== undefined) return given;
  if (isInteractive()) return (await ask(usual === undefined ? `${question}: ` : `${question} [${usual}]: `)) || (usual ?? '');
  throw nobodyToAsk(flag, 'it is not given', `give ${flag}`);
}

/** Writes the files, and the lines into the file that names them; where that one has another shape, says which lines it needs. */
function add(root: string, { files, into, insertions }: Addition): void {
  writeNew(root, files);
  for (const name of files.keys()) process.stdout.write(`${name}\n`);
  if (insertInto(root, into, insertions)) process.stdout.write(`${into}\n`);
  else
    process.stderr.write(`${into} does not have the usual form; add to it:\n${insertions.map(({ text }) => `${text.trim()}\n`).join('')}`);
}

/** What a project brings for this package. */
function peerVersions(): { readonly [name: string]: string } {
  const { peerDependencies }: { readonly peerDependencies: { readonly [name: string]: string } } = JSON.parse(
    readFileSync(path.join(packageRoot(), 'package.json'), 'utf8'),
  );
  return peerDependencies;
}
