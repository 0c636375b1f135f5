import { infrastructureOf } from '../terrace/diagram/read/infrastructure';
import { readable } from '../terrace/diagram/layout/readable';
import { svgOf } from '../terrace/diagram/render/svg';
import type { Model, UnitModel } from '../terrace/model/model';
import { pageFigures } from './diagram-page';
import type { Figure, Suite } from './figures';

const layers = ['network', 'security', 'storage', 'compute', 'monitoring'] as const;

/** Pictures of a thousand units: in twenty environments, and in one whose units all hang together; and the page of 500. */
export const suite: Suite = {
  name: 'diagrams',
  run: async () => [
    await figure('1,000 units in 20 environments, grouped', 20, false, 5),
    await figure('1,000 units in 20 environments, --whole', 20, true, 15),
    await figure('1,000 units in one environment, --whole', 1, true, 30),
    ...(await pageFigures(modelOf(5, 500))),
  ],
};

async function figure(name: string, environments: number, whole: boolean, limit: number): Promise<Figure> {
  const model = modelOf(environments, 1000);
  const start = performance.now();
  const graph = infrastructureOf(model, new Map());
  svgOf(await readable(graph, 'unit', { selected: new Set(model.units.map((unit) => unit.path)), whole }));
  return { name, value: (performance.now() - start) / 1000, unit: 's', limit };
}

/** Units in five layers; each reads three units of the layer before. */
function modelOf(environments: number, count: number): Model {
  const width = count / environments / layers.length;
  const units = Array.from({ length: environments }, (_, environment) =>
    layers.flatMap((layer, depth) =>
      Array.from({ length: width }, (_unit, index): UnitModel => {
        const place = (name: string, number: number): string => `big/env${environment}/eu-central-1/${name}/u${number}`;
        const before = layers[depth - 1];
        const path = place(layer, index);
        return {
          path,
          system: 'big',
          environment: `env${environment}`,
          region: 'eu-central-1',
          layer,
          name: `u${index}`,
          stackId: path.replaceAll('/', '-'),
          wave: depth,
          dependencies:
            before === undefined
              ? []
              : [0, 1, 2].map((step) => ({ unit: place(before, (index * 3 + step) % width), outputs: ['id'], remoteState: `r${step}` })),
          outputs: [],
          variables: [],
          backend: { bucket: 'b', key: path, region: 'eu-central-1', kmsKeyId: 'k', useLockfile: false },
          bootstrap: false,
          appliedByBootstrap: false,
        };
      }),
    ),
  ).flat();
  return { version: 1, commit: null, dirty: false, systems: [], units };
}
