import { shopAccount } from '../../_helpers/shop-tree';

/** The repository that it says it is kept in. */
export const repositoryName = 'acme/small';
/** Roles of its account. */
export const role = (name: string): string => `arn:aws:iam::${shopAccount}:role/${name}`;

/** Two units of which the second reads the first: a new environment takes two rounds. `runners` share each plan. `units` are those that it has. */
export const mainOf = (runners?: number, units = ['network/first', 'compute/second']): string => `import { readFileSync } from 'node:fs';
import path from 'node:path';

import { DataResource } from 'cdktf';

import { declareOutputs, Environment, Region, System, text, Unit, type Project, type UnitTable } from 'terrace';

const values: Record<string, string> = JSON.parse(readFileSync(path.join(__dirname, 'stacks', 'values.json'), 'utf8'));
const outputs = declareOutputs({ id: text('mock') });

class First extends Unit<typeof outputs> {
  constructor(region: Region, id: string) {
    super(region, id, outputs);
    this.outputs({ id: new DataResource(this, 'held', { input: { value: values['first'] }, triggersReplace: { value: values['first'] } }).id });
  }
}

class Second extends Unit<typeof outputs> {
  constructor(region: Region, id: string) {
    super(region, id, outputs);
    const first = this.dependency(region.unit(First, 'network/first'));
    this.outputs({ id: new DataResource(this, 'held', { input: { value: \`\${values['second']} \${first.id}\` } }).id });
  }
}

const all: UnitTable = { 'network/first': First, 'compute/second': Second };
const units: UnitTable = Object.fromEntries(Object.entries(all).filter(([name]) => ${JSON.stringify(units)}.includes(name)));

export const project: Project = {
  systems: {
    small: async () => (app) => {
      const system = new System(app, {
        system: 'small',
        project: 'small',
        ci: {
          repository: { name: '${repositoryName}' },
          checks: ['validate'],
          environments: { dev: { approvals: 1,${runners === undefined ? '' : ` runners: ${runners},`} roles: { plan: '${role('plan')}', apply: '${role('apply')}' } } },
        },
      });
      const environment = new Environment(system, { environment: 'dev', account: { id: '${shopAccount}', name: 'dev' } });
      new Region(environment, { region: 'eu-central-1', awsRegion: 'eu-central-1' }, units);
      return system;
    },
  },
};
`;
