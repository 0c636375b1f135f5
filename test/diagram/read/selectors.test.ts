import { expect, test } from '@jest/globals';

import { graphOf, type FixtureUnit } from '../_fixtures';

const server = (environment: string, name: string, labels: Record<string, string>): FixtureUnit => ({
  path: `t/${environment}/eu/compute/${name}`,
  json: { resource: { hcloud_server: { [name]: { labels } } } },
});

function chosenBy(selector: string): string[] {
  const units = [
    server('production', 'web', { role: 'web', exposure: 'private' }),
    server('production', 'db', { role: 'db', exposure: 'private' }),
    server('production', 'bastion', { role: 'bastion', exposure: 'public', nat: '' }),
    server('staging', 'other', { role: 'web', exposure: 'private' }),
    {
      path: 't/production/eu/network/firewall',
      json: { resource: { hcloud_firewall: { f: { apply_to: [{ label_selector: selector }] } } } },
    },
  ];
  return graphOf(units).references.map(({ to }) => to.replace(/^.*\./, ''));
}

test.each([
  ['exposure=private', ['db', 'web']],
  ['exposure==private,role!=db', ['web']],
  ['nat', ['bastion']],
  ['!nat', ['db', 'web']],
  ['role=none', []],
  ['role in (web,db)', []],
])('the selector %s chooses servers of its environment by their labels', (selector, servers) => {
  expect(chosenBy(selector)).toEqual(servers);
});

test('a server that is referred to as well has one reference', () => {
  const unit: FixtureUnit = {
    path: 't/p/eu/l/u',
    json: {
      resource: {
        hcloud_server: { web: { labels: { role: 'web' } } },
        hcloud_load_balancer_target: { web: { server_id: '${hcloud_server.web.id}', label_selector: 'role=web' } },
      },
    },
  };
  expect(graphOf([unit]).references.map(({ attributes }) => attributes)).toEqual([['server_id']]);
});
