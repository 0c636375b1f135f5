import { expect, test } from '@jest/globals';
import { Resvg } from '@resvg/resvg-js';

import { packagedFonts } from '../../_helpers/fonts';
import type { Diagram } from '../../../terrace/diagram/describe/diagram';
import { glyphOf } from '../../../terrace/diagram/render/icons';
import { categories, categoryOf, kindOf, kinds, providerOf } from '../../../terrace/diagram/describe/kinds';
import { layout } from '../../../terrace/diagram/layout/layout';
import { legendOf } from '../../../terrace/diagram/render/legend';
import { categoryColour, providerColour } from '../../../terrace/diagram/render/palette';
import { escape } from '../../../terrace/diagram/render/escape';
import { svgOf } from '../../../terrace/diagram/render/svg';
import { draw } from '../../../terrace/diagram/describe/draw';
import { everyUnit, graphOf, shop } from '../_fixtures';

const small: Diagram = {
  title: 'A <small> picture & more',
  description: 'Two boxes "joined" by an arrow.',
  direction: 'right',
  clusters: [{ id: 'c', title: 'soon', kind: 'environment', planned: true }],
  nodes: [
    { id: 'a', title: 'first', kind: 'server', provider: 'hcloud', tooltip: 'hcloud_server.first' },
    {
      id: 'b',
      title: 'second',
      kind: 'database',
      provider: 'aws',
      parent: 'c',
      planned: true,
      rows: [{ text: 'part', tooltip: 'aws_part.it' }],
    },
  ],
  edges: [{ from: 'a', to: 'b', kind: 'state', label: '5432', tooltip: 'first gives id to second' }],
};

test('a picture is well-formed XML that a strict renderer draws in both themes', async () => {
  const picture = await layout(small);
  for (const theme of ['auto', 'light', 'dark'] as const) {
    const drawn = new Resvg(svgOf(picture, theme), { font: packagedFonts }).render();
    expect([drawn.width, drawn.height].every((size) => size > 100)).toBe(true);
  }
});

test('a picture has a title and a description for those who cannot see it', async () => {
  const svg = svgOf(await layout(small));
  expect(svg).toContain('role="img" aria-labelledby="diagram-a-small-picture-more-title diagram-a-small-picture-more-description"');
  expect(svg).toContain('<title id="diagram-a-small-picture-more-title">A &lt;small&gt; picture &amp; more</title>');
  expect(svg).toContain('>Two boxes &quot;joined&quot; by an arrow.</desc>');
});

test('boxes, lines and arrows say in full what they stand for', async () => {
  const svg = svgOf(await layout(small));
  for (const words of ['hcloud_server.first', 'aws_part.it', 'first gives id to second']) expect(svg).toContain(`<title>${words}</title>`);
});

test('the theme auto follows the reader, the others do not', async () => {
  const picture = await layout(small);
  expect(svgOf(picture, 'auto')).toContain('@media (prefers-color-scheme:dark)');
  expect(svgOf(picture, 'light')).not.toContain('@media');
  expect(svgOf(picture, 'dark')).toContain('.td-page{fill:#0e141c}');
  expect(svgOf(picture, 'light')).toContain('.td-page{fill:#ffffff}');
});

test('a picture refers to nothing outside of itself and holds no script', async () => {
  const svg = svgOf(await layout(small));
  expect(svg.match(/https?:[^"<\s]+/g)).toEqual(['http://www.w3.org/2000/svg']);
  expect(svg).not.toMatch(/<script|<image|url\(|@import|\$H/);
});

test('what is planned is dashed', async () => {
  const svg = svgOf(await layout(small));
  expect(svg).toMatch(/class="td-cluster[^"]* td-planned"/);
  expect(svg).toMatch(/class="td-card td-planned"/);
  expect(svg).toContain('.td-planned{stroke-dasharray:6 4}');
});

test('the legend explains what stands in the picture and nothing else', () => {
  expect(legendOf(small, 1000).map(({ text }) => text)).toEqual([
    'AWS',
    'Hetzner Cloud',
    'A → B: B reads A from its state',
    'planned, not built yet',
    'server',
    'database',
  ]);
});

test('a legend breaks its lines at the width of the picture', () => {
  const entries = legendOf(small, 200);
  expect(new Set(entries.map(({ y }) => y)).size).toBeGreaterThan(2);
});

test('arrows that share a stem draw it once', async () => {
  const svg = svgOf(
    await layout({
      title: 'Stem',
      description: '',
      direction: 'right',
      clusters: [],
      nodes: ['a', 'b', 'c', 'd'].map((id) => ({ id, title: id, kind: 'step' })),
      edges: ['b', 'c', 'd'].map((to) => ({ from: 'a', to, kind: 'flow' })),
    }),
  );
  const starts = [...svg.matchAll(/<path class="td-edge td-edge-flow" d="M(\d+) (\d+)/g)].map((match) => `${match[1]} ${match[2]}`);
  expect(starts).toHaveLength(3);
  expect(new Set(starts).size).toBe(3);
});

test('every resource of the model is in the picture by type and name', async () => {
  const graph = graphOf(shop);
  const svg = svgOf(await layout(draw(graph, 'resource', { selected: everyUnit(shop) })));
  for (const { block } of graph.resources) expect(svg).toContain(`${block.type}.${block.name}`);
});

test('control characters do not reach the XML', () => {
  expect(escape('a\u0000b\u001b<')).toBe('a\ufffdb\ufffd&lt;');
});

test('every kind has a glyph of its own', () => {
  const glyphs = kinds.map(glyphOf);
  expect(new Set(glyphs).size).toBe(kinds.length);
  for (const glyph of glyphs) expect(glyph).toMatch(/^M[\d.MmLlHhVvCcSsQqTtAaZz\s-]+$/);
});

const contrastToWhite = (colour: string): number => {
  const channel = (value: number): number => (value / 255 <= 0.03928 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4);
  const [red = 0, green = 0, blue = 0] =
    colour
      .slice(1)
      .match(/../g)
      ?.map((hex) => channel(Number.parseInt(hex, 16))) ?? [];
  return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05);
};

test('kinds of one provider have colours by what they are there for, on which white glyphs stand out', () => {
  const colours = new Map(kinds.map((kind) => [categoryOf(kind), categoryColour(kind)]));
  expect([...colours.keys()].sort()).toEqual([...categories].sort());
  expect(new Set(colours.values()).size).toBe(categories.length);
  for (const colour of colours.values()) expect(contrastToWhite(colour)).toBeGreaterThanOrEqual(3);
  expect(['aws_ecs_service', 'aws_rds_cluster', 'aws_s3_bucket', 'aws_vpc', 'aws_kms_key'].map((type) => categoryOf(kindOf(type)))).toEqual(
    ['compute', 'database', 'storage', 'network', 'security'],
  );
});

test('a box has the colour of its category in its tile and of its provider at its edge', async () => {
  const svg = svgOf(await layout(small));
  const [, box = ''] = /<g transform="[^"]*"><title>hcloud_server\.first<\/title>(.*?)<\/g>/.exec(svg) ?? [];
  expect(box.match(/fill="(#\w+)"/g)).toEqual([`fill="${providerColour('hcloud')}"`, `fill="${categoryColour('server')}"`]);
});

test('provider colours stand out from a white page', () => {
  for (const provider of [
    'aws',
    'azurerm',
    'google',
    'hcloud',
    'cloudflare',
    'kubernetes',
    'helm',
    'supabase',
    'upstash',
    'sentry',
    'betteruptime',
    'pagerduty',
    'github',
    'ansible',
    'random',
  ])
    expect(contrastToWhite(providerColour(provider))).toBeGreaterThanOrEqual(3);
});

test.each([
  ['aws_vpc', 'network', 'aws'],
  ['aws_rds_cluster', 'database', 'aws'],
  ['aws_elasticache_replication_group', 'cache', 'aws'],
  ['aws_vpc_security_group_ingress_rule', 'firewall', 'aws'],
  ['aws_ecs_service', 'container', 'aws'],
  ['aws_wafv2_web_acl', 'firewall', 'aws'],
  ['aws_s3_bucket', 'bucket', 'aws'],
  ['hcloud_server', 'server', 'hcloud'],
  ['hcloud_load_balancer', 'balancer', 'hcloud'],
  ['hcloud_volume', 'volume', 'hcloud'],
  ['cloudflare_dns_record', 'dns', 'cloudflare'],
  ['cloudflare_workers_script', 'function', 'cloudflare'],
  ['azurerm_linux_virtual_machine', 'server', 'azurerm'],
  ['kubernetes_deployment_v1', 'container', 'kubernetes'],
  ['helm_release', 'release', 'helm'],
  ['upstash_redis_database', 'cache', 'upstash'],
  ['betteruptime_monitor', 'monitor', 'betteruptime'],
  ['unheard_of', 'resource', 'unheard'],
])('%s is drawn as %s of %s', (type, kind, provider) => {
  expect([kindOf(type), providerOf(type)]).toEqual([kind, provider]);
});
