import { expect, test } from '@jest/globals';
import { DataResource } from 'cdktf';

import { declareOutputs, text } from '../../terrace/tree/outputs';
import { Environment } from '../../terrace/tree/environment';
import { Region } from '../../terrace/tree/region';
import { Unit } from '../../terrace/tree/unit';
import { build, demoProject, demoSystem, demoUnits, NetworkUnit, problemsOf, SecretUnit, ServiceUnit } from '../_helpers/demo-project';

const region = { region: 'eu-central-1', awsRegion: 'eu-central-1' };

test('a whole system is built with waves, edges, consumed outputs and variables', async () => {
  const { model } = await build(demoProject());
  expect(model.units.map(({ path, wave }) => [path, wave])).toEqual([
    ['demo/dev/eu-central-1/compute/service', 1],
    ['demo/dev/eu-central-1/network/vpc', 0],
    ['demo/dev/eu-central-1/security/secret', 0],
  ]);
  expect(model.units[0]?.dependencies).toEqual([
    { unit: 'demo/dev/eu-central-1/network/vpc', outputs: ['subnet_ids', 'vpc_id'], remoteState: 'network_vpc' },
    { unit: 'demo/dev/eu-central-1/security/secret', outputs: ['password'], remoteState: 'security_secret' },
  ]);
  expect(model.units[2]?.variables).toEqual([
    { name: 'password', type: 'string', sensitive: true, required: true, description: 'Set by hand' },
  ]);
  expect(model.units[1]?.outputs.map(({ name, type, mock }) => [name, type, mock])).toEqual([
    ['subnet_ids', 'list(string)', ['subnet-0123']],
    ['vpc_id', 'string', 'vpc-0123'],
  ]);
});

test('a selection builds its units and what they depend on, with the waves of the whole', async () => {
  const tree = await build(
    demoProject({ regions: [region, { region: 'ap-southeast-1', awsRegion: 'ap-southeast-1' }] }),
    'demo/dev/eu-central-1/compute/service',
  );
  expect(tree.selected).toEqual(['demo/dev/eu-central-1/compute/service']);
  expect(tree.units.map(({ path }) => path)).toEqual([
    'demo/dev/eu-central-1/compute/service',
    'demo/dev/eu-central-1/network/vpc',
    'demo/dev/eu-central-1/security/secret',
  ]);
  expect(tree.model.units[0]?.wave).toBe(1);
  expect(tree.catalogue).toHaveLength(6);
});

test('all problems of the values are reported at once', async () => {
  const problems = await problemsOf(
    build(
      demoProject({
        root: { keyPrefix: 'team' },
        account: { id: '12345' },
        regions: [
          {
            region: 'eu-central-1',
            awsRegion: 'eu-central-1',
            availabilityZones: ['eu-west-1a'],
            networks: [{ unit: 'network/vpc', cidr: '10.0.0.1/16', subnets: [] }],
          },
          { region: 'Bad Name' },
        ],
      }),
    ),
  );
  expect(problems.map(({ code }) => code).sort()).toEqual(['E1101', 'E1102', 'E1103', 'E1105', 'E2101', 'E2105']);
  expect(problems.find(({ code }) => code === 'E1101')).toMatchObject({
    place: 'stacks/demo/dev/account.ts',
    found: expect.stringContaining("'12345'"),
    expected: '12 digits',
  });
});

class Left extends Unit {
  constructor(where: Region, id: string) {
    super(where, id, {});
    this.dependency(where.unit(Middle));
  }
}
class Middle extends Unit {
  constructor(where: Region, id: string) {
    super(where, id, {});
    this.dependency(where.unit(Right));
  }
}
class Right extends Unit {
  constructor(where: Region, id: string) {
    super(where, id, {});
    this.dependency(where.unit(Left));
  }
}

test('a dependency cycle is reported once, with the whole cycle', async () => {
  const problems = await problemsOf(
    build(demoProject({ regions: [{ ...region, units: { 'a/left': Left, 'a/middle': Middle, 'a/right': Right } }] })),
  );
  expect(problems).toHaveLength(1);
  expect(problems[0]).toMatchObject({
    code: 'E1303',
    found:
      'demo/dev/eu-central-1/a/left => demo/dev/eu-central-1/a/middle => demo/dev/eu-central-1/a/right => demo/dev/eu-central-1/a/left',
  });
});

test('a dependency that the region does not have names the unit that asks and what there is', async () => {
  const problems = await problemsOf(
    build(demoProject({ regions: [{ ...region, units: { 'compute/service': ServiceUnit, 'security/secret': SecretUnit } }] })),
  );
  expect(problems).toEqual([
    expect.objectContaining({
      code: 'E1302',
      place: 'demo/dev/eu-central-1/compute/service',
      found: 'NetworkUnit in demo/dev/eu-central-1',
      expected: 'compute/service, security/secret',
    }),
  ]);
});

test('two units of one class need a name, which chooses the right one', async () => {
  class Chooser extends Unit {
    constructor(where: Region, id: string) {
      super(where, id, {});
      const { vpcId } = this.dependency(where.unit(NetworkUnit, 'network/second'));
      new DataResource(this, 'x', { input: { vpcId } });
    }
  }
  const units = { 'network/first': NetworkUnit, 'network/second': NetworkUnit, 'compute/chooser': Chooser };
  const { model } = await build(demoProject({ regions: [{ ...region, units }] }));
  expect(model.units[0]?.dependencies.map(({ unit }) => unit)).toEqual(['demo/dev/eu-central-1/network/second']);
  const problems = await problemsOf(
    build(demoProject({ regions: [{ ...region, units: { ...units, 'compute/service': ServiceUnit, 'security/secret': SecretUnit } }] })),
  );
  expect(problems).toEqual([
    expect.objectContaining({ code: 'E1309', found: 'NetworkUnit in demo/dev/eu-central-1: network/first, network/second' }),
  ]);
});

test('a unit of another environment is refused unless it is shared', async () => {
  const across = (shared: boolean) => {
    const outputs = declareOutputs({ zoneId: text('zone') });
    class Zone extends Unit<typeof outputs> {
      override readonly shared = shared;
      constructor(where: Region, id: string) {
        super(where, id, outputs);
        this.outputs({ zoneId: 'zone' });
      }
    }
    class Reader extends Unit {
      constructor(where: Region, id: string) {
        super(where, id, {});
        const [first] = where.environment.system.environments;
        const zone = first?.region('eu-central-1').unit(Zone);
        if (zone !== undefined && first !== where.environment)
          new DataResource(this, 'x', { input: { zone: this.dependency(zone).zoneId } });
      }
    }
    return demoProject({
      environments: ['production', 'staging'],
      regions: [{ ...region, units: { 'dns/zone': Zone, 'dns/reader': Reader } }],
    });
  };
  expect(await problemsOf(build(across(false)))).toEqual([
    expect.objectContaining({
      code: 'E1305',
      place: 'demo/staging/eu-central-1/dns/reader',
      found: 'it depends on demo/production/eu-central-1/dns/zone',
    }),
  ]);
  const { model } = await build(across(true));
  expect(model.units.find(({ path }) => path === 'demo/staging/eu-central-1/dns/reader')?.dependencies).toEqual([
    { unit: 'demo/production/eu-central-1/dns/zone', outputs: ['zone_id'], remoteState: 'production_eu_central_1_dns_zone' },
  ]);
});

test('two paths that give one stack id are refused', async () => {
  const problems = await problemsOf(
    build(demoProject({ regions: [{ ...region, units: { 'network/vpc-a': NetworkUnit, 'network-vpc/a': NetworkUnit } }] })),
  );
  expect(problems).toEqual([
    expect.objectContaining({ code: 'E1306', found: expect.stringContaining('both give demo-dev-eu-central-1-network-vpc-a') }),
  ]);
});

test('two systems that share a bucket and a key are refused, and a key prefix parts them', async () => {
  const other = (keyPrefix: string) => ({
    systems: {
      demo: async () => (app: Parameters<typeof demoSystem>[0]) => demoSystem(app),
      other: async () => (app: Parameters<typeof demoSystem>[0]) => demoSystem(app, { root: { system: 'other', keyPrefix } }),
    },
  });
  const problems = await problemsOf(build(other('')));
  expect(problems.map(({ code, found }) => [code, found])).toEqual(
    ['network/vpc', 'security/secret', 'compute/service'].map((id) => [
      'E1307',
      `other/dev/eu-central-1/${id} and demo/dev/eu-central-1/${id} share a bucket and a key`,
    ]),
  );
  const { model } = await build(other('team/'));
  expect(new Set(model.units.map(({ backend }) => `${backend.bucket}/${backend.key}`)).size).toBe(6);
  expect(model.units.find(({ path }) => path === 'other/dev/eu-central-1/network/vpc')?.backend.key).toBe(
    'team/dev/eu-central-1/network/vpc/terraform.tfstate',
  );
});

test('declared outputs without values are refused', async () => {
  class Forgetful extends Unit {
    constructor(where: Region, id: string) {
      super(where, id, declareOutputs({ vpcId: text('vpc') }));
    }
  }
  expect(await problemsOf(build(demoProject({ regions: [{ ...region, units: { 'network/vpc': Forgetful } }] })))).toEqual([
    expect.objectContaining({ code: 'E1308', place: 'demo/dev/eu-central-1/network/vpc' }),
  ]);
});

test('a unit that throws is reported with its place, and the others are still looked at', async () => {
  class Broken extends Unit {
    constructor(where: Region, id: string) {
      super(where, id, {});
      throw new Error('no such thing');
    }
  }
  const problems = await problemsOf(
    build(demoProject({ regions: [{ ...region, units: { ...demoUnits, 'a/broken': Broken, 'b/broken': Broken } }] })),
  );
  expect(problems.map(({ code, place, found }) => [code, place, found])).toEqual([
    ['E1304', 'demo/dev/eu-central-1/a/broken', expect.stringMatching(/^test.tree.project.test.ts:\d+: no such thing$/)],
    ['E1304', 'demo/dev/eu-central-1/b/broken', expect.stringMatching(/^test.tree.project.test.ts:\d+: no such thing$/)],
  ]);
});

test('networks of one system must not overlap, over environments and regions, built or not', async () => {
  const network = (cidr: string) => [{ unit: 'network/vpc', cidr, subnets: [] }];
  const project = demoProject({ environments: ['dev', 'production'], regions: [{ ...region, networks: network('10.0.0.0/16') }] });
  const problems = await problemsOf(build(project, 'demo/dev'));
  expect(problems).toEqual([
    expect.objectContaining({
      code: 'E2104',
      place: 'stacks/demo/production/eu-central-1/region.ts',
      found: 'demo/production/eu-central-1/network/vpc: 10.0.0.0/16 overlaps demo/dev/eu-central-1/network/vpc 10.0.0.0/16',
    }),
  ]);
});

test.each([
  ['dmeo', 'E1201', 'did you mean demo?'],
  ['demo/dve', 'E1202', 'did you mean demo/dev?'],
  ['demo/dev/eu-central-2', 'E1203', 'did you mean demo/dev/eu-central-1?'],
  ['demo/dev/eu-central-1/netwrk', 'E1204', 'did you mean demo/dev/eu-central-1/network?'],
  ['demo/dev/eu-central-1/network/vcp', 'E1205', 'did you mean demo/dev/eu-central-1/network/vpc?'],
])('an unknown selector %s is refused with the nearest match', async (selector, code, todo) => {
  expect(await problemsOf(build(demoProject(), selector))).toEqual([expect.objectContaining({ code, todo })]);
});

test('a planned environment is described and never built', async () => {
  const project = demoProject({
    change: (system) => {
      const planned = new Environment(system, {
        environment: 'production',
        planned: true,
        account: { id: '210987654321', name: 'production' },
      });
      new Region(planned, region, demoUnits);
    },
  });
  const { catalogue, model } = await build(project);
  expect(catalogue.every((path) => path.startsWith('demo/dev/'))).toBe(true);
  expect(model.systems[0]?.environments.map(({ name, planned }) => [name, planned ?? false])).toEqual([
    ['dev', false],
    ['production', true],
  ]);
});
