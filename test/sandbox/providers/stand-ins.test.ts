import { afterAll, expect, test } from '@jest/globals';

import { standInsOf, StandInWarnings } from '../../../terrace/sandbox/providers/engine/stand-ins';
import { editedRecord } from '../../../terrace/sandbox/providers/tools/edit-resource';
import { projectRoot } from '../../_helpers/project-root';
import { localProvider, type LocalProvider } from '../../_helpers/simulated-provider';

const aws = localProvider('aws', { region: 'eu-west-3' });
const cloudflare = localProvider('cloudflare');
const providers = [aws, cloudflare];
afterAll(() => providers.forEach((one) => one.remove()));

const broker = {
  broker_name: 'orders',
  engine_type: 'RabbitMQ',
  engine_version: '3.13',
  host_instance_type: 'mq.m5.large',
  user: [{ username: 'till', password: 'abcdefghijkl12' }],
};

function standIns({ cloud, provider }: LocalProvider, type: string): readonly string[] {
  return cloud.list(provider.context.name, type).flatMap(({ record }) => standInsOf(record));
}

test('a resource remembers which of its values were made up, until somebody gives them their true ones', async () => {
  await aws.create('aws_mq_broker', broker);
  const [found] = aws.cloud.list('aws', 'aws_mq_broker');
  expect(found === undefined ? [] : standInsOf(found.record)).toEqual(['instances', 'pending_data_replication_mode']);
  if (found === undefined) return;
  const edited = editedRecord(projectRoot, found.record, ['instances=[]']);
  expect(standInsOf(edited)).toEqual(['pending_data_replication_mode']);
  expect(standInsOf(editedRecord(projectRoot, edited, ['pending_data_replication_mode=NONE']))).toEqual([]);
});

test('an id whose form nobody knows is made up, one that is in the table or made alike for a whole provider is not', async () => {
  await aws.create('aws_dataexchange_event_action', { action: [], event: [] });
  expect(standIns(aws, 'aws_dataexchange_event_action')).toContain('id');
  await aws.create('aws_vpc', { cidr_block: '10.0.0.0/16' });
  expect(standIns(aws, 'aws_vpc')).toEqual([]);
  await cloudflare.create('cloudflare_workers_kv_namespace', { account_id: '0123456789abcdef0123456789abcdef', title: 'carts' });
  expect(standIns(cloudflare, 'cloudflare_workers_kv_namespace')).toEqual([]);
});

test('no address that was made up is one of a service', async () => {
  const texts = JSON.stringify(await aws.create('aws_mq_broker', { ...broker, broker_name: 'other' }));
  expect(texts).toContain('.sandbox.example');
  expect(texts).not.toMatch(/amazonaws\.com/);
});

test('a terraform process hears of the made-up values of a type once, however many connections it opens', () => {
  const warnings = new StandInWarnings();
  const from = (process?: string): { readonly caller: () => { environment: object; known: boolean; process?: string } } => ({
    caller: () => ({ environment: {}, known: true, ...(process === undefined ? {} : { process }) }),
  });
  const heard = (type: string, attributes: readonly string[], connection: ReturnType<typeof from>): string | undefined =>
    warnings.about(type, attributes, connection as never)?.message;
  expect(heard('aws_mq_broker', ['instances'], from('17 4'))).toMatch(
    /^E5319 made-up values of a simulated resource {3}aws_mq_broker\n.*answer for instances: what stands there is made up/,
  );
  expect(heard('aws_mq_broker', ['instances'], from('17 4'))).toBeUndefined();
  expect(heard('aws_sfn_activity', ['state'], from('17 4'))).toContain('aws_sfn_activity');
  expect(heard('aws_mq_broker', ['instances'], from('18 1'))).toContain('aws_mq_broker');
  expect(heard('aws_vpc', [], from('18 1'))).toBeUndefined();
  const unknown = from();
  expect(heard('aws_mq_broker', ['instances'], unknown)).toContain('aws_mq_broker');
  expect(heard('aws_mq_broker', ['instances'], unknown)).toBeUndefined();
});

test('what names its own type again says what the resource is', async () => {
  const agent = await aws.create('aws_bedrockagent_agent', {
    agent_name: 'till',
    agent_resource_role_arn: 'arn:aws:iam::111122223333:role/till',
    foundation_model: 'a',
  });
  expect(agent['agent_id']).toBe(agent['id']);
  expect(agent['agent_arn']).toBe(`arn:aws:bedrock:eu-west-3:111122223333:agent/${String(agent['id'])}`);
});
