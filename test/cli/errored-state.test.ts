import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { expect, test } from '@jest/globals';

import { erroredState } from '../../terrace/cli/actions/errored-state';
import { inTemporaryFolder, problemsOf } from '../_helpers/demo-project';

const unit = 'demo/dev/eu-central-1/network/vpc';
const places = [
  'live/demo/dev/eu-central-1/network/vpc',
  '.terrace/errored/demo/dev/eu-central-1/network/vpc',
  'cdktf.out/stacks/demo-dev-eu-central-1-network-vpc',
];

const foldersOf = (root: string) => ({ project: root, work: path.join(root, '.terrace'), tree: path.join(root, 'live') });

function leave(root: string, folder: string): string {
  mkdirSync(path.join(root, folder), { recursive: true });
  writeFileSync(path.join(root, folder, 'errored.tfstate'), '{}');
  return path.join(root, folder, 'errored.tfstate');
}

test.each(places)('a state left in %s is found', (place) =>
  inTemporaryFolder((root) => {
    const file = leave(root, place);
    expect(erroredState(unit, undefined, foldersOf(root))).toBe(file);
  }),
);

test('none is refused with the places looked at, several with the places found', () =>
  inTemporaryFolder(async (root) => {
    const folders = foldersOf(root);
    const none = await problemsOf((async () => erroredState(unit, undefined, folders))());
    expect(none.map(({ code }) => code)).toEqual(['E4518']);
    for (const place of places) expect(none[0]?.found).toContain(place);
    for (const place of places.slice(0, 2)) leave(root, place);
    expect((await problemsOf((async () => erroredState(unit, undefined, folders))())).map(({ code }) => code)).toEqual(['E4519']);
    const named = leave(root, 'elsewhere');
    expect(erroredState(unit, named, folders)).toBe(named);
  }));
