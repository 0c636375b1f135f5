import { expect, test } from '@jest/globals';
import fc from 'fast-check';

import { usualValues } from '../../../stacks/pro-mata/system';
import { requirements } from './requirements';
import { inbound, machines, proMataTree, yaml } from './tree';

const cidr = fc
  .tuple(fc.integer({ min: 1, max: 223 }), fc.nat(255), fc.nat(255), fc.nat(255), fc.integer({ min: 8, max: 32 }))
  .map(([a, b, c, d, bits]) => `${a}.${b}.${c}.${d}/${bits}`);

/** What must hold whatever the number of machines. */
const always = requirements.filter(({ id }) => ['P-02', 'P-03', 'P-04', 'P-07', 'P-18/dev', 'P-20/dev', 'P-26', 'P-32'].includes(id));

test('any cluster of 1 to 9 workers has distinct addresses in its subnets, one replica, and SSH from nobody but the administrators', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 9 }),
      fc.option(fc.array(cidr, { minLength: 1, maxLength: 4 })),
      async (workerCount, adminCidrs) => {
        const env = { ...usualValues.dev.env, workerCount, ...(adminCidrs === null ? {} : { adminCidrs }) };
        const tree = await proMataTree({ ...usualValues, dev: { ...usualValues.dev, env } }, ['pro-mata/dev']);
        for (const { id, violations } of always) expect([id, violations(tree)]).toEqual([id, []]);
        const all = machines(tree);
        const addresses = all.map(({ port }) => String(port.private_ip_address));
        expect(addresses).toHaveLength(workerCount + 1);
        expect(new Set(addresses).size).toBe(workerCount + 1);
        for (const { port, subnet } of all) expect(subnet).toBe(`${String(port.private_ip_address).split('.').slice(0, 3).join('.')}.0/24`);
        expect(Object.keys(yaml(tree, 'ansible/inventory/hosts.json').all.children.workers.hosts)).toHaveLength(workerCount);
        const ssh = inbound(tree)
          .filter(({ port }) => port === '22')
          .flatMap(({ from }) => from);
        expect(ssh.filter((from) => ['*', 'Internet', '0.0.0.0/0', '::/0'].includes(from))).toEqual([]);
        expect(ssh.filter((from) => from !== '10.1.1.0/24')).toEqual(adminCidrs ?? ['${var.admin_cidrs}']);
      },
    ),
    {
      numRuns: 12,
      examples: [
        [1, null],
        [2, ['203.0.113.7/32']],
        [9, null],
      ],
    },
  );
}, 600_000);
