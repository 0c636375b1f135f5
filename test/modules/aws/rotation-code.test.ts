import { expect, test } from '@jest/globals';

import { rotationCode } from '../../../modules/aws/rotation-code';

interface Sent {
  readonly command: string;
  readonly input: Record<string, unknown>;
}

/** The function's code with clients that keep secrets in memory; commands are recorded by their names. */
function rotation(values: Record<string, string>, stages: Record<string, string[]>) {
  const sent: Sent[] = [];
  const names = [...rotationCode.matchAll(/import \{([^}]*)\}/g)].flatMap(([, list]) => (list ?? '').split(',').map((name) => name.trim()));
  const command = (name: string) =>
    class {
      readonly command = name;
      constructor(readonly input: Record<string, unknown>) {}
    };
  const given = names.map((name) => (name === 'env' ? { CLUSTER_ID: 'x' } : command(name)));
  const body = rotationCode.replaceAll(/^import .*$/gm, '').replaceAll('export ', '');
  // oxlint-disable-next-line typescript/no-implied-eval -- the code is a text that Lambda runs; here it runs with clients of its own
  const { rotate } = new Function(...names, `${body}\nreturn { rotate };`)(...given);
  const secrets = {
    send: async ({ command: name, input }: Sent) => {
      sent.push({ command: name, input });
      if (name === 'DescribeSecretCommand') return { VersionIdsToStages: stages, RotationEnabled: true };
      if (name === 'GetRandomPasswordCommand') return { RandomPassword: 'fresh' };
      if (name === 'GetSecretValueCommand') {
        const id = Object.keys(stages).find(
          (one) => stages[one]?.includes(String(input['VersionStage'])) && (input['VersionId'] ?? one) === one,
        );
        const value = id === undefined ? undefined : values[id];
        if (value === undefined) throw Object.assign(new Error('none'), { name: 'ResourceNotFoundException' });
        return { SecretString: value };
      }
      if (name === 'PutSecretValueCommand') values[String(input['ClientRequestToken'])] = String(input['SecretString']);
      return {};
    },
  };
  const rds = {
    send: async ({ command: name, input }: Sent) => {
      sent.push({ command: name, input });
      return { DBClusters: [{ Status: 'available' }] };
    },
  };
  return { run: (Step: string) => rotate({ SecretId: 's', ClientRequestToken: 'new', Step }, { secrets, rds, wait: 1 }), sent, values };
}

const url = 'postgresql://admin:old@host:5432/app?sslmode=require';

test('a database URL gets a new password, which the cluster is told', async () => {
  const { run, sent, values } = rotation({ old: url }, { old: ['AWSCURRENT'], new: ['AWSPENDING'] });
  await run('createSecret');
  expect(values['new']).toBe('postgresql://admin:fresh@host:5432/app?sslmode=require');
  await run('setSecret');
  expect(sent.at(-1)).toEqual({
    command: 'ModifyDBClusterCommand',
    input: { DBClusterIdentifier: 'x', MasterUserPassword: 'fresh', ApplyImmediately: true },
  });
  await run('testSecret');
  expect(sent.at(-1)?.command).toBe('DescribeDBClustersCommand');
  await run('finishSecret');
  expect(sent.at(-1)).toEqual({
    command: 'UpdateSecretVersionStageCommand',
    input: { SecretId: 's', VersionStage: 'AWSCURRENT', MoveToVersionId: 'new', RemoveFromVersionId: 'old' },
  });
});

test('any other value is replaced without touching the cluster', async () => {
  const { run, sent, values } = rotation({ old: 'key' }, { old: ['AWSCURRENT'], new: ['AWSPENDING'] });
  for (const step of ['createSecret', 'setSecret', 'testSecret']) await run(step);
  expect(values['new']).toBe('fresh');
  expect(sent.filter(({ command }) => command.includes('DBCluster'))).toEqual([]);
});

test('a second run of a step keeps the password that is pending, and a finished rotation is left alone', async () => {
  const again = rotation({ old: 'key', new: 'pending' }, { old: ['AWSCURRENT'], new: ['AWSPENDING'] });
  await again.run('createSecret');
  expect(again.values['new']).toBe('pending');
  const done = rotation({ new: 'key' }, { new: ['AWSCURRENT'] });
  await done.run('finishSecret');
  expect(done.sent.map(({ command }) => command)).toEqual(['DescribeSecretCommand']);
});

test('a secret without a value passes every step, and an unknown step fails', async () => {
  const empty = rotation({}, { new: ['AWSPENDING'] });
  for (const step of ['createSecret', 'setSecret', 'testSecret', 'finishSecret']) await empty.run(step);
  expect(empty.values).toEqual({});
  await expect(rotation({ old: 'key' }, { old: ['AWSCURRENT'] }).run('other')).rejects.toThrow('unknown step other');
});
