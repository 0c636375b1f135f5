import type { UnitModel } from '../model/model';
import { currentKeys, stateKeys } from './bucket-contents';
import { bucketExists, remoteState, tableExists } from './remote-state';

/** How far a backend is. */
export interface BackendStatus {
  readonly unit: string;
  readonly bucket: string;
  readonly region: string;
  /** Absent with `lock: s3`, where a lock is an object. */
  readonly table?: string;
  readonly bucketExists: boolean;
  readonly tableExists: boolean;
  /** Serial of the backend's own state; undefined where it is not in the bucket. */
  readonly serial?: number;
  /** Number of states in the bucket, its own included. */
  readonly states: number;
  readonly condition: 'ready' | 'absent' | 'incomplete';
}

/** Looks at one backend without changing anything. Raises what AWS refuses. */
export async function backendStatus(unit: UnitModel, env: NodeJS.ProcessEnv): Promise<BackendStatus> {
  const { bucket, region, dynamodbTable } = unit.backend;
  const hasBucket = await bucketExists(bucket, unit, env);
  const hasTable = dynamodbTable === undefined ? hasBucket : await tableExists(dynamodbTable, unit, env);
  const state = hasBucket ? await remoteState(unit, env) : undefined;
  const isState = stateKeys(unit);
  const states = hasBucket ? (await currentKeys(bucket, unit, env)).filter((key) => isState(key)).length : 0;
  return {
    unit: unit.path,
    bucket,
    region,
    ...(dynamodbTable === undefined ? {} : { table: dynamodbTable }),
    bucketExists: hasBucket,
    tableExists: hasTable,
    ...(state === undefined ? {} : { serial: state.head.serial }),
    states,
    condition: hasBucket && hasTable && state !== undefined ? 'ready' : !hasBucket && !hasTable ? 'absent' : 'incomplete',
  };
}
