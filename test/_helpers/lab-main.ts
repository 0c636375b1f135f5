import { readFileSync } from 'node:fs';
import path from 'node:path';

import { Token } from 'cdktf';
import { declareOutputs, Environment, expression, Region, System, text, Unit, type Outputs, type Project, type UnitClass } from 'terrace';

import type { Lab, LabUnit } from './lab-types';

/** A value as the source must have it: a text with `${}` is an expression, or a template as one. */
function evaluated(value: unknown): unknown {
  if (typeof value === 'string' && value.includes('${')) {
    const inner = value.slice(2, -1);
    return expression(
      value.startsWith('${') && value.endsWith('}') && !inner.includes('${') ? inner : `"${value.replaceAll('\n', String.raw`\n`)}"`,
    );
  }
  if (Array.isArray(value)) return value.map(evaluated);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => [name.includes('${') ? Token.asString(evaluated(name)) : name, evaluated(one)]),
  );
}

/** The region of another environment that a path names. */
function elsewhere({ environment }: Region, upstream: string): Region {
  const [name = '', region = ''] = upstream.split('/');
  return environment.system.environment(name).region(region);
}

/** The class of a unit that is described as data; `all` holds the classes of its region, for what it reads. */
function classOf(described: LabUnit, all: { readonly [id: string]: UnitClass }): UnitClass {
  const declared = declareOutputs<Outputs>(Object.fromEntries(Object.keys(described.outputs ?? {}).map((name) => [name, text('mock')])));
  return class DescribedUnit extends Unit {
    override readonly movedFrom = described.movedFrom;
    override readonly shared = described.shared ?? false;

    constructor(region: Region, id: string) {
      super(region, id, declared);
      for (const [name, sensitive] of Object.entries(described.variables ?? {})) this.variable(name, { description: name, sensitive });
      for (const [upstream, outputs] of Object.entries(described.reads ?? {})) {
        const from = upstream.split('/').length > 2 ? elsewhere(region, upstream) : region;
        const id = upstream.split('/').slice(-2).join('/');
        const type = (from === region ? all : from.units)[id];
        if (type === undefined) continue;
        const values: { readonly [name: string]: unknown } = this.dependency(from.unit(type, id));
        for (const output of outputs) void values[output];
      }
      for (const [block, named] of Object.entries(described.json ?? {}))
        for (const [name, body] of Object.entries(named)) this.addOverride(`${block}.${name}`, evaluated(body));
      this.outputs(Object.fromEntries(Object.entries(described.outputs ?? {}).map(([name, value]) => [name, evaluated(value)])));
    }
  };
}

/** A system called `lab`, read from `stacks/lab.json`; this file stands as `main.ts` in the project. */
export const project: Project = {
  systems: {
    lab: async () => (app) => {
      const lab: Lab = JSON.parse(readFileSync(path.join(__dirname, 'stacks', 'lab.json'), 'utf8'));
      const system = new System(app, {
        system: 'lab',
        project: 'lab',
        lock: lab.lock ?? 'dynamodb',
        keyPrefix: lab.keyPrefix ?? '',
        secrets: lab.secrets ?? 'in-state',
        ...(lab.bucket === undefined ? {} : { backend: { bucket: lab.bucket } }),
      });
      for (const [name, { account, regions }] of Object.entries(lab.environments)) {
        const environment = new Environment(system, { environment: name, account: { id: account, name } });
        for (const [region, units] of Object.entries(regions)) {
          const table: Record<string, UnitClass> = {};
          for (const [id, described] of Object.entries(units)) table[id] = classOf(described, table);
          new Region(environment, { region, awsRegion: region }, table);
        }
      }
      return system;
    },
  },
};
