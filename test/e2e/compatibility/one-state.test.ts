import { afterAll, beforeAll, expect } from '@jest/globals';

import { openState } from '../../../terrace/state/state-access';
import { parseState } from '../../../terrace/state/state-file';
import { readStateObject } from '../../../terrace/state/state-store';
import { withStateLock } from '../../../terrace/state/lock/with-state-lock';
import type { UnitModel } from '../../../terrace/model/model';
import { inOrder } from '../../_helpers/in-order';
import { faultyProxy, type FaultyProxy } from '../../_helpers/faulty-proxy';
import { scratchProject, succeeded, words, type ScratchProject } from '../../_helpers/scratch-project';
import { makeStateBackend, testAccount } from '../../_helpers/state-backend';
import { toolTrio, type ToolName, type TreeTool } from '../../_helpers/tool-trio';
import { full, whereAvailable } from '../../_helpers/where-available';

const test = inOrder();

const kms = 'olechka/dev/eu-central-1/security/kms';
const vpc = 'olechka/dev/eu-central-1/network/vpc';

/** Each program applies first, looks and destroys in one of these; the other three orders are tried with them in a full run. */
const orders: readonly (readonly [ToolName, ToolName, ToolName])[] = [
  ['terraform', 'terragrunt', 'cdktf'],
  ['terragrunt', 'cdktf', 'terraform'],
  ['cdktf', 'terraform', 'terragrunt'],
  ...(full
    ? ([
        ['terraform', 'cdktf', 'terragrunt'],
        ['terragrunt', 'terraform', 'cdktf'],
        ['cdktf', 'terragrunt', 'terraform'],
      ] as const)
    : []),
];

/** One state, three programs: the real ones, on one pair of units, the second of which reads the first one's state. */
whereAvailable('terragrunt', (file) => {
  let project: ScratchProject;
  let env: NodeJS.ProcessEnv;
  let proxy: FaultyProxy;
  let tools: Readonly<Record<ToolName, TreeTool>>;

  beforeAll(async () => {
    project = scratchProject();
    succeeded(await project.terrace(['synth', kms, vpc]));
    env = await project.sandbox(testAccount);
    await makeStateBackend(env);
    proxy = await faultyProxy(env['HTTP_PROXY'] ?? '');
    tools = toolTrio(project, file, env);
  }, 600_000);

  afterAll(async () => {
    await proxy.close();
    await project.dispose();
  });

  const unitModel = (path: string): UnitModel => {
    const found = project.model().units.find((unit) => unit.path === path);
    if (found === undefined) throw new Error(`no unit ${path}`);
    return found;
  };

  async function stateOf(path: string): Promise<{ lineage: string; serial: number; instances: number }> {
    const access = await openState(unitModel(path), env);
    try {
      const { lineage, serial, instances } = parseState((await readStateObject(access)) ?? '', path);
      return { lineage, serial, instances };
    } finally {
      access.close();
    }
  }

  test.each(orders)(
    '%s applies, %s and %s see no change; what the last destroys is gone for the others',
    async (first, second, third) => {
      const [a, b, c] = [tools[first], tools[second], tools[third]];
      succeeded(await a.apply(kms));
      succeeded(await a.apply(vpc));
      const [before, beforeKms] = [await stateOf(vpc), await stateOf(kms)];
      expect(before.instances).toBeGreaterThan(0);
      for (const tool of full ? [a, b, c] : [b, c])
        expect([tool.name, await tool.plan(vpc)]).toEqual([tool.name, expect.objectContaining({ result: 'no changes' })]);
      succeeded(await b.apply(vpc));
      expect(await stateOf(vpc)).toEqual(before);
      succeeded(await c.destroy(vpc));
      expect(await stateOf(vpc)).toMatchObject({ lineage: before.lineage, instances: 0 });
      for (const tool of full ? [a, b, c] : [a])
        expect([tool.name, await tool.plan(vpc)]).toEqual([tool.name, expect.objectContaining({ result: 'changes' })]);
      succeeded(await b.destroy(kms));
      expect(await stateOf(kms)).toMatchObject({ lineage: beforeKms.lineage, instances: 0 });
    },
    240_000,
  );

  test.each([
    ['terraform', ['terragrunt', 'cdktf']],
    ['terragrunt', ['terraform', 'cdktf']],
    ['cdktf', ['terraform', 'terragrunt']],
  ] as const)(
    'while %s holds the lock, %j are refused and told who holds it',
    async (holder, others) => {
      let release: () => void = () => undefined;
      let reached: () => void = () => undefined;
      const until = new Promise<void>((done) => (release = done));
      const writing = new Promise<void>((done) => (reached = done));
      proxy.fail(({ service, method, path }) => {
        if (service !== 's3' || method !== 'PUT' || !path.includes('security/kms/terraform.tfstate')) return undefined;
        reached();
        return { kind: 'held', until };
      });
      const held = tools[holder].apply(kms, proxy.variables);
      try {
        await Promise.race([writing, held.then(({ output }) => Promise.reject(new Error(`${holder} did not write its state\n${output}`)))]);
        for (const other of others) {
          const refused = await tools[other].apply(kms);
          expect([other, refused.code]).not.toEqual([other, 0]);
          // cdktf draws frames around terraform's words and breaks its lines.
          expect(words(refused)).toMatch(/Error acquiring the state lock.*ConditionalCheckFailedException.*Operation: +OperationTypeApply/);
        }
        await expect(withStateLock(unitModel(kms), 'terrace test', () => Promise.resolve(), { env })).rejects.toThrow(
          /^E4401 lock held[^]*, apply, since/,
        );
      } finally {
        release();
      }
      succeeded(await held);
      proxy.heal();
      succeeded(await tools[holder].destroy(kms));
    },
    240_000,
  );

  test('while Terrace holds the lock, all three are refused', async () => {
    await withStateLock(
      unitModel(kms),
      'terrace test',
      async () => {
        for (const tool of Object.values(tools)) {
          const refused = await tool.apply(kms);
          expect([tool.name, refused.code]).not.toEqual([tool.name, 0]);
          expect(words(refused)).toMatch(/Error acquiring the state lock.*Operation: +terrace test/);
        }
      },
      { env },
    );
    succeeded(await tools.terraform.apply(kms));
  }, 600_000);
});
