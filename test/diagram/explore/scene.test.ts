import { expect, test } from '@jest/globals';

import { addressOf, stateOf } from '../../../terrace/diagram/explore/address';
import { compared } from '../../../terrace/diagram/explore/compare';
import { detailsOf } from '../../../terrace/diagram/explore/details';
import { choicesOf } from '../../../terrace/diagram/explore/matches';
import { nearest } from '../../../terrace/diagram/explore/nearest';
import { pageGraph, reached, type PageGraph } from '../../../terrace/diagram/explore/page-graph';
import { sceneOf, type Scene } from '../../../terrace/diagram/explore/scene';
import { changed, firstState, type Change, type ViewState } from '../../../terrace/diagram/explore/state';
import { dataOf, guardedShop, pageOf } from './_page';

const region = 'shop/dev/eu-central-1';
const page = pageOf();

const after = (graph: PageGraph, ...changes: readonly Change[]): ViewState =>
  changes.reduce((state, change) => changed(state, change), firstState(graph.data));
const short = (id: string): string => id.replace(`${region}/`, '');
const closed = (scene: Scene): readonly string[] =>
  scene.boxes
    .filter(({ open }) => !open)
    .map(({ node }) => short(node.id))
    .sort();
const arrows = (graph: PageGraph, scene: Scene): readonly string[] =>
  scene.arrows.map(({ from, to }) => `${short(graph.nodes[from]?.id ?? '')} ${short(graph.nodes[to]?.id ?? '')}`).sort();

test('a page opens at its depth, and a box opens in place to what lies in it', () => {
  const units = sceneOf(page, after(page));
  expect(closed(units)).toEqual(['compute/api', 'network/alb', 'network/groups', 'network/vpc', 'security/kms', 'storage/aurora']);
  const opened = sceneOf(page, after(page, { kind: 'turn', id: `${region}/security/kms` }));
  expect(closed(opened)).toEqual([
    'compute/api',
    'network/alb',
    'network/groups',
    'network/vpc',
    'security/kms#aws_kms_alias.main',
    'security/kms#aws_kms_key.main',
    'storage/aurora',
  ]);
  expect(closed(sceneOf(page, after(page, { kind: 'depth', depth: 'layer' })))).toEqual(['compute', 'network', 'security', 'storage']);
  expect(closed(sceneOf(page, after(page, { kind: 'depth', depth: 'system' })))).toEqual(['shop']);
});

test('boxes lie in those that hold them and on nothing else', () => {
  const { boxes } = sceneOf(page, after(page, { kind: 'depth', depth: 'resource' }));
  const byIndex = new Map(boxes.map((box) => [box.index, box]));
  const isIn = (inner: (typeof boxes)[number], outer: (typeof boxes)[number]): boolean =>
    inner.x > outer.x &&
    inner.y > outer.y &&
    inner.x + inner.width < outer.x + outer.width &&
    inner.y + inner.height < outer.y + outer.height;
  for (const box of boxes) {
    const outer = byIndex.get(box.node.parent);
    if (outer !== undefined) expect([box.node.id, isIn(box, outer)]).toEqual([box.node.id, true]);
  }
  const leaves = boxes.filter(({ open }) => !open);
  expect(leaves.length).toBe(25);
  const overlaps = leaves.flatMap((one, index) =>
    leaves
      .slice(index + 1)
      .filter(
        (other) =>
          one.x < other.x + other.width && other.x < one.x + one.width && one.y < other.y + other.height && other.y < one.y + one.height,
      )
      .map((other) => `${one.node.id} ${other.node.id}`),
  );
  expect(overlaps).toEqual([]);
});

test('needs leave out what another way says until implied ones are asked for; traffic leads from balancer to service to database', () => {
  expect(arrows(page, sceneOf(page, after(page)))).toEqual([
    'network/alb compute/api',
    'network/groups network/alb',
    'network/groups storage/aurora',
    'network/vpc network/alb',
    'network/vpc storage/aurora',
    'security/kms storage/aurora',
    'storage/aurora compute/api',
  ]);
  expect(arrows(page, sceneOf(page, after(page, { kind: 'switch', name: 'implied' })))).toContain('network/vpc compute/api');
  const traffic = sceneOf(page, after(page, { kind: 'switch', name: 'needs' }, { kind: 'switch', name: 'traffic' }));
  expect(arrows(page, traffic)).toEqual(['(internet) network/alb', 'compute/api storage/aurora', 'network/alb compute/api']);
  expect(traffic.arrows.flatMap(({ texts }) => texts)).toContain(
    'aws_ecs_service.api calls aws_rds_cluster.main: port 5432, by environment, security group',
  );
});

test('a box keeps its place when arrows come and go', () => {
  const places = (scene: Scene): unknown =>
    scene.boxes.map(({ node, x, y }) => [node.id, x, y]).filter(([id]) => !String(id).includes('('));
  const before = places(sceneOf(page, after(page)));
  expect(places(sceneOf(page, after(page, { kind: 'switch', name: 'needs' })))).toEqual(before);
  expect(places(sceneOf(page, after(page, { kind: 'switch', name: 'implied' })))).toEqual(before);
});

test('what is up- and downstream of a box is what arrows reach', () => {
  const scene = sceneOf(page, after(page));
  const at = page.byId.get(`${region}/storage/aurora`) ?? -1;
  const ids = (found: ReadonlySet<number>): readonly string[] => [...found].map((index) => short(page.nodes[index]?.id ?? '')).sort();
  expect(ids(reached(scene.arrows, at, 'up'))).toEqual(['network/groups', 'network/vpc', 'security/kms']);
  expect(ids(reached(scene.arrows, at, 'down'))).toEqual(['compute/api']);
});

test('the search finds words anywhere in a box, also in one that is closed; filters keep what fits and what is around it', () => {
  const found = sceneOf(page, after(page, { kind: 'filter', name: 'text', value: 'rds cluster' }));
  expect(closed(found)).toEqual(['storage/aurora']);
  expect([found.matches.count, found.boxes.find(({ node }) => node.id.endsWith('aurora'))?.named]).toEqual([1, true]);
  const databases = sceneOf(page, after(page, { kind: 'depth', depth: 'resource' }, { kind: 'filter', name: 'kind', value: 'bucket' }));
  expect(closed(databases)).toEqual([]);
  const keys = sceneOf(page, after(page, { kind: 'depth', depth: 'resource' }, { kind: 'filter', name: 'kind', value: 'key' }));
  expect(closed(keys)).toEqual(['security/kms#aws_kms_alias.main', 'security/kms#aws_kms_key.main']);
  expect(sceneOf(page, after(page, { kind: 'filter', name: 'provider', value: 'hcloud' })).boxes).toEqual([]);
  expect(choicesOf(page)).toMatchObject({ providers: ['aws'], environments: ['shop/dev'] });
});

test('an address holds the whole view, and one that nobody could have written is the first view', () => {
  const first = firstState(page.data);
  const state = after(
    page,
    { kind: 'depth', depth: 'layer' },
    { kind: 'turn', id: `${region}/network` },
    { kind: 'select', id: `${region}/network/vpc` },
    { kind: 'filter', name: 'text', value: 'a & b' },
    { kind: 'filter', name: 'provider', value: 'aws' },
    { kind: 'switch', name: 'traffic' },
    { kind: 'compare', pair: ['shop/dev', 'shop/production'] },
    { kind: 'camera', camera: { x: -12, y: 40, scale: 0.75 } },
  );
  const address = addressOf(state, first);
  expect(address).toBe(
    '!depth=layer&turn=shop/dev/eu-central-1/network&at=shop/dev/eu-central-1/network/vpc&text=a+%26+b&provider=aws&traffic=on&compare=shop/dev&compare=shop/production&camera=-12,40,0.750',
  );
  expect(stateOf(address, first)).toEqual(state);
  expect(addressOf(first, first)).toBe('');
  expect(stateOf('!depth=galaxy&camera=1,2&overlay=weather', first)).toEqual(first);
});

test('an overlay marks boxes, and a closed box counts what it holds, findings too', () => {
  const findings = [{ severity: 'critical', title: 'A database is destroyed', reason: 'replaced because of engine' }];
  const graph = pageGraph(
    dataOf(guardedShop(), {
      bundle: {
        title: 'bundle 1234, round 1',
        elsewhere: [],
        marks: {
          [`${region}/storage/aurora`]: { tone: 'replace', word: '', notes: ['round 1: 1 to replace'] },
          [`${region}/storage/aurora#aws_rds_cluster.main`]: { tone: 'replace', word: 'replace', notes: ['replaced for engine'], findings },
        },
      },
    }),
  );
  const box = (scene: Scene, id: string) => scene.boxes.find(({ node }) => short(node.id) === id);
  const shut = sceneOf(graph, after(graph));
  expect([box(shut, 'storage/aurora')?.mark?.tone, box(shut, 'storage/aurora')?.held]).toEqual(['replace', [['replace', 1]]]);
  expect(shut.boxes.filter((one) => one.findings > 0).map(({ node, findings: number }) => [short(node.id), number])).toEqual([
    ['storage/aurora', 1],
  ]);
  const chosen = after(graph, { kind: 'select', id: `${region}/storage/aurora` });
  expect(detailsOf(graph, shut, chosen)?.found.map(([one, list]) => [one.title, list])).toEqual([
    [expect.stringContaining('main'), findings],
  ]);
  const open = sceneOf(graph, after(graph, { kind: 'turn', id: `${region}/storage/aurora` }));
  expect(box(open, 'storage/aurora#aws_rds_cluster.main')).toMatchObject({ mark: { word: 'replace' }, findings: 1 });
  expect(box(open, 'storage/aurora')?.findings).toBe(0);
  expect(sceneOf(graph, after(graph, { kind: 'overlay', name: undefined })).boxes.every(({ mark }) => mark === undefined)).toBe(true);
});

test('two environments are compared without their names and accounts', () => {
  const production = guardedShop('production', (text) =>
    text
      .replace('10.0.0.0/16', '10.9.0.0/16')
      .replace('alias/shop', 'alias/shop-production')
      .replace('"aws_eip":{"nat"', '"aws_eip":{"other"'),
  );
  const development = guardedShop('dev', (text) => text.replace('alias/shop', 'alias/shop-dev'));
  const graph = pageGraph(dataOf([...development, ...production]));
  const { differences, counts, marks } = compared(graph, ['shop/dev', 'shop/production']);
  expect([...differences].map(([index, list]) => [graph.nodes[index]?.id, list])).toEqual(
    ['dev', 'production'].map((environment) => [
      `shop/${environment}/eu-central-1/network/vpc#aws_vpc.main`,
      [{ name: 'cidr_block', values: ['10.0.0.0/16', '10.9.0.0/16'] }],
    ]),
  );
  expect(counts).toMatchObject({ left: 1, right: 1, differ: 1 });
  const only = graph.byId.get('shop/production/eu-central-1/network/vpc#aws_eip.other') ?? -1;
  expect(marks.get(only)?.word).toBe('only production');
  expect(sceneOf(graph, after(graph, { kind: 'compare', pair: ['shop/dev', 'shop/production'] })).comparison?.counts).toEqual(counts);
});

test('the panel says attributes, outputs, source line, round, and what calls and needs what', () => {
  const state = after(page, { kind: 'select', id: `${region}/storage/aurora#aws_rds_cluster.main` });
  const details = detailsOf(page, sceneOf(page, state), state);
  expect(details?.node).toMatchObject({ place: 'stacks/shop/units/aurora.ts:12', provider: 'aws', kind: 'database' });
  expect(details?.node.facts).toContainEqual(['engine', 'aurora-postgresql']);
  expect(details?.calledBy.map(({ title }) => title)).toEqual(['api · api']);
  expect(details?.uses.map(({ title }) => title).sort()).toEqual(['aurora · main', 'groups · database', 'kms · main']);
  const unit = after(page, { kind: 'select', id: `${region}/compute/api` });
  expect(detailsOf(page, sceneOf(page, unit), unit)?.node).toMatchObject({ round: 3, wave: 1 });
});

test('arrow keys lead to the box on that side', () => {
  const { boxes } = sceneOf(page, after(page));
  const index = (id: string): number => page.byId.get(`${region}/${id}`) ?? -1;
  const right = nearest(boxes, index('network/vpc'), 'ArrowRight');
  expect(right === undefined ? '' : short(page.nodes[right]?.id ?? '')).toMatch(/^network\/alb$/);
  expect(nearest(boxes, undefined, 'ArrowDown')).toBe(boxes.find(({ open }) => !open)?.index);
});
