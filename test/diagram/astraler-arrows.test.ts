import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

import { beforeAll, expect, test } from '@jest/globals';
import { parse } from 'yaml';

import { pages } from '../../stacks/astraler/diagrams';
import { astraler } from '../../stacks/astraler/system';
import { layout, pageWidth } from '../../terrace/diagram/layout/layout';
import { projectRoot } from '../_helpers/project-root';
import { collisions } from './_collisions';
import { arrowsOf, changedUnit, drawn, synthesizedSystem, type SystemJson } from './_system-graph';

/** The arrows of the system's document. */
const documented: Readonly<Record<string, readonly (readonly [from: string, to: string])[]>> = {
  'Deployment Architecture': [
    ['DNS', 'EDGE'],
    ['CDN', 'EDGE'],
    ['WAF', 'EDGE'],
    ['EDGE', 'DATA'],
  ],
  Pipeline: [
    ['lint', 'test'],
    ['typecheck', 'test'],
    ['test', 'build'],
    ['build', 'deploy-preview'],
    ['build', 'deploy-staging'],
    ['build', 'deploy-production'],
  ],
};
/** The document's gates that its pipeline has no job for. */
const gates: Readonly<Record<string, readonly string[]>> = { Pipeline: ['test coverage', 'deploy-staging e2e-staging'] };
const headings = Object.keys(documented);

let system: SystemJson;
beforeAll(async () => {
  system = await synthesizedSystem('astraler', (app) => astraler(app));
});

test.each(headings)('%s draws the arrows of the document', (heading) => {
  const expected = [...(documented[heading] ?? []).map((arrow) => arrow.join(' ')), ...(gates[heading] ?? [])];
  expect(arrowsOf(drawn(pages, system, heading))).toEqual(expected.sort());
});

test.each(headings)('in %s nothing lies over anything, and it can be read at the width of a page', async (heading) => {
  const placed = await layout(drawn(pages, system, heading));
  expect(collisions(placed)).toEqual([]);
  expect(placed.width).toBeLessThanOrEqual(pageWidth * 1.15);
});

test('each layer holds what the document draws in it', () => {
  const { nodes } = drawn(pages, system, 'Deployment Architecture');
  const inside = (layer: string) => nodes.filter(({ parent }) => parent === layer).map(({ title }) => title);
  expect([inside('CLOUDFLARE'), inside('EDGE'), inside('DATA')]).toEqual([
    ['DNS', 'CDN', 'WAF'],
    ['API', 'Auth', 'Webhooks'],
    ['Supabase', 'Upstash', 'R2'],
  ]);
});

test('the arrows of the pipeline are what its jobs wait for', () => {
  const jobs = applicationJobs();
  const diagram = drawn(pages, system, 'Pipeline');
  const shown = new Set(diagram.nodes.map(({ id }) => id));
  expect([...shown].filter((id) => jobs[id] === undefined)).toEqual([]);
  const waits = Object.entries(jobs).flatMap(([job, { needs = [] }]) =>
    [needs].flat().flatMap((needed) => (shown.has(job) && shown.has(needed) ? [`${needed} ${job}`] : [])),
  );
  expect(waits.sort()).toEqual(arrowsOf(diagram));
});

/** The jobs of the workflow that deploys the application. */
function applicationJobs(): Readonly<Record<string, { readonly needs?: string | readonly string[] }>> {
  const folder = path.join(projectRoot, '.github', 'workflows');
  const workflows = readdirSync(folder).map((name): { readonly jobs?: ReturnType<typeof applicationJobs> } =>
    parse(readFileSync(path.join(folder, name), 'utf8')),
  );
  const found = workflows.find(({ jobs = {} }) => 'deploy-preview' in jobs && 'e2e-staging' in jobs);
  if (found?.jobs === undefined) throw new Error('no workflow deploys the application');
  return found.jobs;
}

interface Body {
  [attribute: string]: unknown;
}

test.each([
  ['DNS EDGE', 'edge/dns', 'cloudflare_dns_record', 'proxied', false],
  ['WAF EDGE', 'edge/waf', 'cloudflare_ruleset', 'phase', 'http_request_transform'],
  ['CDN EDGE', 'edge/waf', 'cloudflare_ruleset', 'phase', 'http_request_transform'],
  ['EDGE DATA', 'edge/workers', 'cloudflare_workers_script', 'bindings', []],
] as const)('%s goes when %s has another %s.%s', (arrow, unit, type, attribute, value) => {
  let broken = system;
  // The names of the administration are in the unit of the rules.
  for (const one of unit === 'edge/dns' ? [unit, 'edge/waf'] : [unit])
    broken = changedUnit(broken, `astraler/production/global/${one}`, (json) => {
      const bodies = (json as { readonly resource?: Readonly<Record<string, Readonly<Record<string, Body>>>> }).resource?.[type] ?? {};
      expect(Object.keys(bodies)).not.toEqual([]);
      for (const body of Object.values(bodies)) body[attribute] = value;
    });
  expect(arrowsOf(drawn(pages, broken, 'Deployment Architecture'))).not.toContain(arrow);
});
