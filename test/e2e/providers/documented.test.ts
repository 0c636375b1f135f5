import { readFileSync } from 'node:fs';
import path from 'node:path';

import { expect } from '@jest/globals';

import { projectRoot } from '../../_helpers/project-root';
import { behaviours } from './_suite';

// The configurations of docs/simulated-providers.md, as they stand there.

const documented = [
  ...readFileSync(path.join(projectRoot, 'docs/simulated-providers.md'), 'utf8').matchAll(/```hcl\n(terraform \{[\s\S]*?)```/g),
].map(([, text = '']) => text);

const shown: readonly (readonly [string, object])[] = [
  [
    'aws',
    {
      list: 2,
      prefix: expect.stringMatching(/^job-20\d{16}[0-9a-f]{8}$/),
      child: 'default VPC security group',
      constant: 'Z32O12XQLNTSW2',
      owned: 'arn:aws:iam::aws:policy/AdministratorAccess',
    },
  ],
  [
    'azurerm',
    {
      list: ['web'],
      prefix: expect.stringMatching(/^till-[a-z0-9]{8}\.hcp\.westeurope\.azmk8s\.io$/),
      child: 'MC_shop_shop_westeurope',
      constant: 'West Europe',
      owned: '7f951dda-4ed3-4680-a7ca-43fe172d538d',
    },
  ],
  [
    'google',
    {
      list: ['web-server@shop.iam.gserviceaccount.com'],
      prefix: expect.stringMatching(/^web-20\d{16}[0-9a-f]{8}$/),
      child: '10.156.0.0/20',
      constant: ['35.235.240.0/20'],
      owned: 'debian-12-bookworm-v20251014',
    },
  ],
  [
    'hcloud, kubernetes and cloudflare',
    {
      list: ['web'],
      prefix: expect.stringMatching(/^shop-[a-z0-9]{5}$/),
      child: expect.stringMatching(/^shop-[a-z0-9]{5}\/default$/),
      constant: 15,
      owned: 'arm',
    },
  ],
];

behaviours(
  shown.map(([clouds, values], index) => ({
    name: `a list, a prefix, a child, a constant and an owned object of ${clouds} are what the page shows`,
    run: async (unit) => {
      await unit.applied(documented[index] ?? '');
      expect((await unit.outputs())['shown']).toEqual(values);
      expect((await unit.plan()).exitCode).toBe(0);
    },
  })),
);
