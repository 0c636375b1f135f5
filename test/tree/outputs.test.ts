import { expect, test } from '@jest/globals';
import { DataResource } from 'cdktf';

import { synthesizeInMemory } from '../../terrace/synth/synthesize';
import { any, bool, declareOutputs, list, map, number, numbers, text } from '../../terrace/tree/outputs';
import type { Region } from '../../terrace/tree/region';
import { Unit } from '../../terrace/tree/unit';
import { build, demoProject, inTemporaryFolder } from '../_helpers/demo-project';

const outputs = declareOutputs({
  name: text('web'),
  port: number(443),
  public: bool(true),
  zones: list(['a']),
  weights: numbers([1]),
  labels: map({ tier: 'web' }),
  rules: any([{ port: 1 }]),
  token: text('not-a-token', { sensitive: true }),
});

class Giver extends Unit<typeof outputs> {
  constructor(region: Region, id: string) {
    super(region, id, outputs);
    this.outputs({
      name: 'web',
      port: 8443,
      public: false,
      zones: ['b'],
      weights: [2],
      labels: { tier: 'api' },
      rules: [{ port: 2 }],
      token: this.variable('token', { description: 'of the service', sensitive: true }).stringValue,
    });
  }
}

class Taker extends Unit {
  constructor(region: Region, id: string) {
    super(region, id, {});
    const given = this.dependency(region.unit(Giver));
    const { port } = given;
    new DataResource(this, 'all', {
      input: {
        name: `${given.name}-1`,
        port,
        public: given.public,
        zones: given.zones,
        weights: given.weights,
        labels: given.labels,
        rules: given.rules,
        token: given.token,
      },
    });
  }
}

const project = demoProject({
  regions: [{ region: 'eu-central-1', awsRegion: 'eu-central-1', units: { 'a/giver': Giver, 'b/taker': Taker } }],
});

test('an output of each kind is given as a value and read by its name in the state', () =>
  inTemporaryFolder(async (scratch) => {
    const { files } = await synthesizeInMemory(project, { root: scratch, selectors: [], scratch, commit: null, dirty: false });
    const jsonOf = (unit: string) =>
      JSON.parse(files.live.find(({ path }) => path === `demo/dev/eu-central-1/${unit}/main.tf.json`)?.content.toString('utf8') ?? '');
    expect(jsonOf('a/giver').output).toEqual({
      name: { value: 'web' },
      port: { value: 8443 },
      public: { value: false },
      zones: { value: ['b'] },
      weights: { value: [2] },
      labels: { value: { tier: 'api' } },
      rules: { value: [{ port: 2 }] },
      token: { value: '${var.token}', sensitive: true },
    });
    const read = (name: string): string => `\${data.terraform_remote_state.a_giver.outputs.${name}}`;
    expect(jsonOf('b/taker').resource.terraform_data.all.input).toEqual({
      name: `${read('name')}-1`,
      port: read('port'),
      public: read('public'),
      zones: read('zones'),
      weights: read('weights'),
      labels: read('labels'),
      rules: read('rules'),
      token: '${sensitive(data.terraform_remote_state.a_giver.outputs.token)}',
    });
  }));

test('the model has the type and the mock of each output, and only what is read counts as consumed', async () => {
  class Reader extends Unit {
    constructor(region: Region, id: string) {
      super(region, id, {});
      new DataResource(this, 'one', { input: { labels: this.dependency(region.unit(Giver)).labels } });
    }
  }
  const { model } = await build(
    demoProject({ regions: [{ region: 'eu-central-1', awsRegion: 'eu-central-1', units: { 'a/giver': Giver, 'b/reader': Reader } }] }),
  );
  expect(model.units[0]?.outputs.map(({ name, type, mock, sensitive }) => [name, type, mock, sensitive])).toEqual([
    ['labels', 'map(string)', { tier: 'web' }, false],
    ['name', 'string', 'web', false],
    ['port', 'number', 443, false],
    ['public', 'bool', true, false],
    ['rules', 'any', [{ port: 1 }], false],
    ['token', 'string', 'not-a-token', true],
    ['weights', 'list(number)', [1], false],
    ['zones', 'list(string)', ['a'], false],
  ]);
  expect(model.units[1]?.dependencies[0]?.outputs).toEqual(['labels']);
});
