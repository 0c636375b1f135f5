import { isObject, type JsonObject } from '../../base/json';
import { objectsIn, type Block } from '../../terraform/blocks';
import { remoteStatesOf } from '../../terraform/remote-states';
import { readTemplate } from '../../terraform/template';

const type = 'terraform_remote_state';

/** What is wrong with the states that a unit reads: a plan is bound to what {@link remoteStatesOf} finds of them, so nothing else may be read. */
export function readProblems(document: unknown, blocks: readonly Block[]): readonly string[] {
  const bound = new Map(remoteStatesOf(document).map((one) => [one.name, one]));
  const sources = stateReads(blocks).flatMap(({ labels, body }) => {
    const place = `data.${labels.join('.')}`;
    const found = sourceProblems(place, body);
    if (found.length > 0) return found;
    const own = bound.get(labels[1] ?? '');
    const isBound = objectsIn(body['config']).every(
      ({ bucket, key, region }) => own?.bucket === bucket && own?.key === key && own?.region === region,
    );
    return isBound ? [] : [`${place} is written as a list, to which no plan can be bound: write it as objects`];
  });
  const places = [...bound.values()].map(({ bucket, key }) => `s3://${bucket}/${key}`);
  const twice = places.filter((place, index) => places.indexOf(place) !== index);
  return [...sources, ...twice.map((place) => `${place} is read twice: one data source for each state`), ...referenceProblems(document)];
}

/** Modules read no state: a plan is bound to what the unit's own configuration reads. */
export function moduleReadProblems(blocks: readonly Block[]): readonly string[] {
  return stateReads(blocks).map(
    ({ labels }) => `data.${labels.join('.')} reads a state in a module: only the unit's own configuration may`,
  );
}

function stateReads(blocks: readonly Block[]): readonly Block[] {
  return blocks.filter(({ kind, labels }) => kind === 'data' && labels[0] === type);
}

/** Only states in S3, at a literal place, read with the unit's own credentials: what else is read could change between plan and apply. */
function sourceProblems(place: string, body: JsonObject): readonly string[] {
  const config = objectsIn(body['config'] ?? {});
  const [only] = config;
  const isPlain =
    config.length === 1 &&
    only !== undefined &&
    Object.entries(only).every(
      ([name, value]) => ['bucket', 'key', 'region'].includes(name) && typeof value === 'string' && !/[$%]\{/.test(value),
    );
  return body['backend'] === 's3' &&
    isPlain &&
    body['workspace'] === undefined &&
    body['for_each'] === undefined &&
    body['count'] === undefined
    ? []
    : [`${place} does not read one state in S3 at a literal bucket, key and region`];
}

/** References to states that stand with spaces or comments within them: what is read is looked for as it is usually written. */
function referenceProblems(value: unknown): readonly string[] {
  if (typeof value === 'string') {
    if (!value.includes('${') && !value.includes('%{')) return [];
    const read = readTemplate(value).references.filter((one) => one.startsWith(`data.${type}`));
    const usual = value.match(/data\.terraform_remote_state\.[A-Za-z_]/g)?.length ?? 0;
    const isPlain = read.every((one) => /^[\w.-]+$/.test(one));
    return read.length > usual || !isPlain ? [`a reference to a state is written with something within it: ${value}`] : [];
  }
  if (Array.isArray(value)) return value.flatMap(referenceProblems);
  return isObject(value) ? Object.entries(value).flatMap(([key, inner]) => [...referenceProblems(key), ...referenceProblems(inner)]) : [];
}
