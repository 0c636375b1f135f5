import { environmentsFile, type EnvironmentFacts } from '../../terrace/delivery/approval/environment-facts';
import type { ScratchRepository } from './scratch-repository';

/** Facts of an environment that keeps its states in one bucket. */
export function factsIn(bucket: string, more: Partial<EnvironmentFacts> = {}): EnvironmentFacts {
  return {
    account: '123456789012',
    stateAccount: '123456789012',
    credentials: { kind: 'ambient' },
    lock: 's3',
    states: [{ bucket, region: 'eu-central-1' }],
    accepted: { bucket, region: 'eu-central-1', key: 'accepted.json' },
    stateKey: '{environment}/{region}/{layer}/{unit}/terraform.tfstate',
    regions: ['eu-central-1'],
    protected: false,
    planned: false,
    pass: { variables: [], files: [] },
    addresses: {},
    ...more,
  };
}

/** Commits facts; gives the commit. */
export function commitFacts(
  repository: ScratchRepository,
  environments: { readonly [name: string]: EnvironmentFacts },
  message = Object.keys(environments).join(', '),
  author?: string,
): string {
  repository.file(environmentsFile, `${JSON.stringify({ version: 1, environments }, null, 2)}\n`);
  return repository.commit(message, author);
}
