import path from 'node:path';

import { isObject, type JsonObject } from '../../base/json';
import { messageOf } from '../../base/message';
import type { UnitFiles } from '../../model/content-digest';
import type { UnitModel } from '../../model/model';
import { keyPrefixOf, keyTemplateOf, pathOfKey, stateKeyOf } from '../../state/state-key';
import { blocksOf, objectsIn, type Block } from '../../terraform/blocks';
import { allScopes } from '../../terraform/scope';
import { readTemplate } from '../../terraform/template';

import { fileProblems, givenVariables } from './file-arguments';
import type { HclFile } from './hcl-files';
import { foreignName, isInside, sameNames } from './inside';
import { providerProblems, type ProviderAddresses } from './providers';
import { moduleReadProblems, readProblems } from './read-states';
import { printedSecrets, sentSecrets } from './sent-secrets';
import { configurationIn, documentOf, moduleFolder, scopesOfFiles } from './unit-scopes';

/** What of a unit is judged, and by what. */
export interface JudgedUnit {
  readonly unit: UnitModel;
  readonly files: UnitFiles;
  /** Those of its files that are HCL, as {@link hclFiles} reads them; one that is not among them cannot be judged. @default none */
  readonly hcl?: ReadonlyMap<string, HclFile>;
  /** @default none */
  readonly addresses?: ProviderAddresses;
  /** Account, subscription or project of its environment, by the facts. @default not known */
  readonly account?: string;
  /** True where provisioners may run: in the sandbox, on one's own machine with its worthless keys. */
  readonly provisioners: boolean;
}

/** Functions whose first argument is a file. */
const fileFunctions = /^(?:core::)?(?:file\w*|templatefile)$/;

/**
 * Functions that lead out of the folder, or evaluate what nobody reads before; of a provider's, whose name the configuration chooses, the one that
 * looks at the machine.
 */
const closedFunctions = /^(?:(?:core::)?(?:templatestring|pathexpand)|provider::local::.*|provider::.*::direxists)$/;

/** What the `terraform` block may hold. */
const settings = new Set(['required_version', 'required_providers', 'backend', '//']);

/**
 * Everything in a unit's files that could run a program, read the machine, send a credential away or reach another state, by parsing them
 * and never by running anything. Empty where terraform may be started. What cannot be parsed is a reason too. Pure.
 */
export function judgeUnit({ unit, files, hcl = new Map(), addresses = {}, account, provisioners }: JudgedUnit): readonly string[] {
  const found = [...[...files.keys()].flatMap((name) => foreignName(name) ?? []), ...sameNames([...files.keys()])];
  found.push(...judgeFile('main.tf.json', new Set()));
  found.push(...scopeProblems());
  return [...new Set(found)];

  function scopeProblems(): readonly string[] {
    try {
      const root = scopesOfFiles(files, hcl);
      return allScopes(root).flatMap((scope) => [
        ...providerProblems(scope, addresses, (state) => isOwnState(unit, root.blocks, state), account),
        ...sentSecrets(scope, unit),
        ...printedSecrets(scope, unit),
      ]);
    } catch (error) {
      // What cannot be read was found above.
      return found.length > 0 ? [] : [`its configuration cannot be read: ${messageOf(error)}`];
    }
  }

  function judgeFile(name: string, seen: Set<string>): readonly string[] {
    const bytes = files.get(name);
    if (bytes === undefined) return [`${name} is missing`];
    if (seen.has(name)) return [];
    seen.add(name);
    try {
      const document = documentOf(name, files, hcl);
      const blocks = blocksOf(document);
      const isRoot = name === 'main.tf.json';
      return [
        ...(isRoot ? [...backendProblems(unit, blocks), ...readProblems(document, blocks)] : moduleReadProblems(blocks)),
        ...blocks.flatMap((block) => blockProblems(block, unit, provisioners, isRoot ? givenVariables(blocks) : new Set())),
        ...blocks.filter((block) => block.kind === 'module').flatMap((block) => moduleProblems(block, name, seen)),
        ...textProblems(document, path.posix.dirname(name), seen),
      ];
    } catch (error) {
      return [`${name} cannot be read: ${messageOf(error)}`];
    }
  }

  function moduleProblems({ labels, body }: Block, name: string, seen: Set<string>): readonly string[] {
    const place = `module.${labels[0] ?? ''}`;
    const source = body['source'];
    const folder = moduleFolder(path.posix.dirname(name), source);
    if (folder === undefined) return [`${place} comes from ${JSON.stringify(source ?? null)}, outside the unit's folder`];
    const sources = configurationIn(files, folder);
    if (sources.length === 0) return [`${place} has no configuration in ${folder}`];
    return sources.flatMap((file) => judgeFile(file, seen));
  }

  function textProblems(value: unknown, folder: string, seen: Set<string>): readonly string[] {
    if (typeof value === 'string') return callProblems(value, folder, seen);
    if (Array.isArray(value)) return value.flatMap((item) => textProblems(item, folder, seen));
    if (!isObject(value)) return [];
    // Also below `//`, which is a comment of a block and an ordinary key of a map.
    return Object.entries(value).flatMap(([key, inner]) => [...callProblems(key, folder, seen), ...textProblems(inner, folder, seen)]);
  }

  function callProblems(text: string, folder: string, seen: Set<string>): readonly string[] {
    if (!text.includes('${') && !text.includes('%{')) return [];
    return readTemplate(text).calls.flatMap(({ name, path: file, second }) => {
      if (closedFunctions.test(name)) return [`${name}() leads out of what was reviewed`];
      if (!fileFunctions.test(name)) return [];
      if (file === null) return [`${name}() reads a file that is computed: it must be a literal, or path.module and a literal`];
      const target = path.posix.join(folder, file);
      if (!isInside(file) || !isInside(target)) return [`${name}() reads ${file}, outside the unit's folder`];
      if (name.endsWith('fileset') && (second === null || !isInside(second)))
        return [`${name}() looks for what is computed or outside: it must be a literal pattern inside the folder`];
      // A file of configuration that is also read as a template is still judged as configuration.
      if (!name.endsWith('templatefile') || seen.has(`template ${target}`)) return [];
      seen.add(`template ${target}`);
      const template = files.get(path.posix.normalize(target));
      if (template === undefined) return [`${name}() reads ${file}, which is not a file of the unit`];
      return callProblems(Buffer.from(template).toString('utf8'), folder, seen);
    });
  }
}

function blockProblems(
  { kind, labels, body }: Block,
  { backend }: UnitModel,
  provisioners: boolean,
  given: ReadonlySet<string>,
): readonly string[] {
  const place = [kind, ...labels].join('.');
  if (kind === 'terraform')
    return Object.keys(body)
      .filter((name) => !settings.has(name))
      .map((name) => `terraform.${name} cannot be judged, so it is not allowed`);
  const found: string[] = [];
  // Of any kind: a `removed` block has provisioners too.
  if (!provisioners && (body['provisioner'] !== undefined || body['connection'] !== undefined))
    found.push(`${place} runs a program (a provisioner) when it is applied`);
  for (const text of textsIn(namesOf(kind, body)))
    if (isCall(text)) found.push(`${place} has an expression where only a name may stand: ${text}`);
  if (kind === 'check' && body['data'] !== undefined) found.push(`${place} reads data beside the unit's own`);
  if (kind !== 'resource' && kind !== 'data') return found;
  const [type = ''] = labels;
  if (kind === 'data' && stateReaders.test(type)) found.push(...stateObjectProblems(place, body, backend));
  return [...found, ...fileProblems(place, type, body, given)];
}

/** What of a block terraform reads as an expression, although no braces are around it. */
function namesOf(kind: string, body: JsonObject): readonly unknown[] {
  const { provider, providers, depends_on: after, lifecycle, to, from } = body;
  const cycles = [lifecycle].flat().flatMap((one) => (isObject(one) ? [one['ignore_changes'], one['replace_triggered_by']] : []));
  return [provider, providers, after, ...cycles, ...(['import', 'moved', 'removed'].includes(kind) ? [to, from] : [])];
}

/** Every text in a value. */
function textsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  if (Array.isArray(value)) return value.flatMap(textsIn);
  return isObject(value) ? Object.values(value).flatMap(textsIn) : [];
}

/** True for a name in which something is called. */
function isCall(text: string): boolean {
  return !text.includes('${') && /[\w\])]\s*\(/.test(text.replaceAll(/"(?:[^"\\]|\\.)*"/gs, '""'));
}

/** Data sources that give what an object of a bucket holds. */
const stateReaders = /^aws_s3_(?:bucket_)?object$/;

/** A state is read as a state, or its secrets would come without their marks. */
function stateObjectProblems(place: string, body: JsonObject, { bucket: own }: UnitModel['backend']): readonly string[] {
  const { bucket, key } = body;
  if (bucket === own || (typeof key === 'string' && /\.tfstate$|(?:^|\/)(?:applied|accepted)\.json$/.test(key)))
    return [`${place} reads an object of a state bucket, which only terraform_remote_state may`];
  const isPlain =
    typeof bucket === 'string' && (!bucket.includes('${') || /^\$\{[A-Za-z0-9_.[\]-]+\}$/.test(bucket)) && !bucket.includes('%{');
  return isPlain ? [] : [`${place}.bucket is computed: it must be a literal or a single reference`];
}

/** The backend is the one that the model, and so lock, record and approval, speak of; and its key is the unit's own. */
function backendProblems({ path: unit, backend }: UnitModel, blocks: readonly Block[]): readonly string[] {
  const written = blocks
    .filter((block) => block.kind === 'terraform')
    .flatMap((block) => objectsIn(block.body['backend'] ?? {}))
    .flatMap((one) => Object.entries(one).flatMap(([type, value]) => objectsIn(value).map((body) => ({ type, body }))));
  const [only] = written;
  if (written.length !== 1 || only === undefined || only.type !== 's3') return ['its backend is not one S3 backend'];
  const expected: { readonly [name: string]: unknown } = {
    bucket: backend.bucket,
    key: backend.key,
    region: backend.region,
    encrypt: true,
    ...(backend.kmsKeyId === undefined ? {} : { kms_key_id: backend.kmsKeyId }),
    ...(backend.dynamodbTable === undefined ? {} : { dynamodb_table: backend.dynamodbTable }),
    ...(backend.useLockfile ? { use_lockfile: true } : {}),
  };
  const found = [...new Set([...Object.keys(expected), ...Object.keys(only.body)])]
    .filter((name) => only.body[name] !== expected[name])
    .map((name) => `backend.${name} is ${JSON.stringify(only.body[name] ?? null)}, not ${JSON.stringify(expected[name] ?? null)}`);
  // A template of the root's own is a fact of the environment (E6063); the usual one may have any prefix of whole folders.
  const template = keyTemplateOf({ path: unit, backend });
  const isOwn = backend.key === stateKeyOf(template, unit) && (backend.keyTemplate !== undefined || /^(?:|.*\/)\{/.test(template));
  if (!isOwn) found.push(`backend.key is ${backend.key}, which is another unit's`);
  return found;
}

/** True for a state of the same environment, as far as its place says: a key that the unit's own template gives to units of it. */
function isOwnState(unit: UnitModel, blocks: readonly Block[], name: string): boolean {
  const { backend, environment } = unit;
  const template = keyTemplateOf(unit);
  const isBeside = (key: string, bucket: unknown): boolean =>
    template.includes('{environment}')
      ? pathOfKey(template, key, unit.path)?.split('/')[1] === environment
      : bucket === backend.bucket && key.startsWith(keyPrefixOf(template));
  return blocks.some(
    ({ kind, labels, body }) =>
      kind === 'data' &&
      labels[0] === 'terraform_remote_state' &&
      labels[1] === name &&
      objectsIn(body['config'] ?? {}).every(({ key, bucket }) => typeof key === 'string' && isBeside(key, bucket)),
  );
}
