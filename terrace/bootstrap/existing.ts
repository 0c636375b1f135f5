import { exitCodes, TerraceError } from '../base/errors';
import type { UnitModel } from '../model/model';
import { bucketExists, tableExists } from './remote-state';
import { namedResources, type UnitJson } from './unit-json';

/** Buckets and tables that a bootstrap unit makes and that exist, by address and name. */
export async function existingParts(
  unit: UnitModel,
  json: UnitJson,
  env: NodeJS.ProcessEnv,
): Promise<readonly { readonly address: string; readonly name: string }[]> {
  const existing = [];
  for (const one of namedResources(json, 'aws_s3_bucket', 'bucket')) if (await bucketExists(one.name, unit, env)) existing.push(one);
  for (const one of namedResources(json, 'aws_dynamodb_table', 'name')) if (await tableExists(one.name, unit, env)) existing.push(one);
  return existing;
}

/** Refuses to make a backend of which something exists that no state describes: it is somebody else's. Raises E4211 (exit 3). */
export async function refuseExisting(unit: UnitModel, json: UnitJson, env: NodeJS.ProcessEnv): Promise<void> {
  const existing = await existingParts(unit, json, env);
  if (existing.length === 0) return;
  throw new TerraceError(
    {
      code: 'E4211',
      title: 'backend exists',
      place: unit.path,
      found: `${existing.map(({ name }) => name).join(', ')} ${existing.length === 1 ? 'exists' : 'exist'}, and no state at ${unit.backend.key} describes ${existing.length === 1 ? 'it' : 'them'}`,
      expected: 'unused names, or the state of an earlier bootstrap',
      todo: [
        "to keep a backend as it is: backend: { made: 'elsewhere' } in the root, and no bootstrap unit (docs/adopt.md)",
        'to let this unit manage what exists, including its settings: the same command with --adopt',
        'if the state of an earlier bootstrap was lost: terrace state history, then terrace state restore',
      ].join('\n'),
    },
    exitCodes.refused,
  );
}

/** Asks whether a backend that somebody else makes is there. Raises E4212 (exit 3), and what AWS refuses. */
export async function requireBackend(unit: UnitModel, env: NodeJS.ProcessEnv): Promise<void> {
  const { bucket, dynamodbTable, region } = unit.backend;
  const missing = [
    ...((await bucketExists(bucket, unit, env)) ? [] : [`bucket ${bucket}`]),
    ...(dynamodbTable === undefined || (await tableExists(dynamodbTable, unit, env)) ? [] : [`lock table ${dynamodbTable} (${region})`]),
  ];
  if (missing.length === 0) return;
  throw new TerraceError(
    {
      code: 'E4212',
      title: 'backend does not exist',
      place: unit.path,
      found: `there is no ${missing.join(' and no ')}`,
      expected: 'the backend that the root names, made elsewhere',
      todo: "correct the names in the root, or let a bootstrap unit make it (without made: 'elsewhere')",
    },
    exitCodes.refused,
  );
}
