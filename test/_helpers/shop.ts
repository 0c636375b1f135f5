import { readFileSync, rmSync } from 'node:fs';
import path from 'node:path';

import { deploy, planTargets, type DeployReport, type DeployRequest } from '../../terrace/delivery/deploy/deploy';
import { approvalsFolder, approveBundle, readApprovals, writeApproval } from '../../terrace/delivery/approve/approve';
import { judgedBy } from '../../terrace/delivery/approval/judgement';
import { privateKeyFrom } from '../../terrace/delivery/approval/keys';
import { applyBundle, type ApplyReport, type ApplyRequest } from '../../terrace/delivery/apply/apply-bundle';
import { readContent } from '../../terrace/delivery/bundle/content';
import { verifyContent } from '../../terrace/delivery/bundle/verify';
import { planBundle, type PlanReport, type BundleRequest } from '../../terrace/delivery/plan/plan-bundle';
import type { DeliveryContext } from '../../terrace/delivery/terraform/context';
import { createContext } from '../../terrace/delivery/terraform/create-context';
import type { DeliveryEvent } from '../../terrace/delivery/terraform/events';
import { sandboxKeys, type SandboxKeys } from '../../terrace/delivery/approval/sandbox-keys';
import type { TerraformResult } from '../../terrace/terraform/run';
import type { Model } from '../../terrace/model/model';

import { temporaryFolder, testSandbox, type TestSandbox } from './sandbox';
import { makeShopBackend, shopAccount, shopPath, writeShop, type ShopUnit } from './shop-tree';

/** A small system in a sandbox of its own, and every step of the delivery on it. */
export interface Shop {
  readonly sandbox: TestSandbox;
  readonly env: NodeJS.ProcessEnv;
  readonly folder: string;
  readonly keys: SandboxKeys;
  readonly events: DeliveryEvent[];
  context(changes?: Partial<DeliveryContext>): Promise<DeliveryContext>;
  /** Writes the tree; what was there before is gone. */
  write(units: readonly ShopUnit[], options?: Parameters<typeof writeShop>[2]): Model;
  plan(
    units: readonly ShopUnit[],
    request?: Partial<BundleRequest>,
    context?: DeliveryContext,
  ): Promise<PlanReport & { readonly place: string }>;
  approve(place: string): Promise<void>;
  apply(place: string, request?: Partial<ApplyRequest>, context?: DeliveryContext): Promise<ApplyReport>;
  deploy(units: readonly ShopUnit[], request?: Partial<DeployRequest>, context?: DeliveryContext): Promise<DeployReport>;
  /** Plain terraform in a folder of the tree. */
  terraform(id: string, ...args: readonly string[]): Promise<TerraformResult>;
  /** Path of a file or folder of the test's own. */
  at(...names: readonly string[]): string;
  dispose(): Promise<void>;
}

export async function openShop(): Promise<Shop> {
  const sandbox = await testSandbox();
  const folder = temporaryFolder('terrace-shop-');
  const env = { ...sandbox.env({ account: shopAccount, units: [] }), TERRACE_SANDBOX_UNJUDGED: 'yes' };
  await makeShopBackend(env);
  const keys = await sandboxKeys(env);
  const events: DeliveryEvent[] = [];
  const at = (...names: readonly string[]): string => path.join(folder, ...names);
  const context = async (changes: Partial<DeliveryContext> = {}): Promise<DeliveryContext> => ({
    ...(await createContext({ work: at('work'), env, onEvent: (event) => events.push(event), logs: at('logs'), parallel: 2 })),
    ...changes,
  });
  let plans = 0;
  const write: Shop['write'] = (units, options) => {
    rmSync(at('live'), { recursive: true, force: true });
    return writeShop(at('live'), units, options);
  };
  const requestFor = (model: Model): Omit<BundleRequest, 'targets' | 'out'> => ({
    commit: model.commit,
    dirty: model.dirty,
    authors: [],
    rules: null,
    models: new Map(model.units.map((unit) => [unit.path, unit])),
    recipients: [keys.age.recipient],
  });
  const approve: Shop['approve'] = async (place) => {
    const verified = await verifyContent(await readContent(place));
    writeApproval(approveBundle(verified, privateKeyFrom(keys.signing.privatePem, 'sandbox'), new Date()), approvalsFolder(place));
  };
  return {
    sandbox,
    env,
    folder,
    keys,
    events,
    context,
    at,
    write,
    approve,
    plan: async (units, request = {}, given) => {
      const model = write(units);
      const place = request.out ?? at('bundles', `plan-${++plans}`);
      const targets =
        request.targets ??
        planTargets(
          model,
          at('live'),
          model.units.map((unit) => unit.path),
        );
      return { ...(await planBundle(given ?? (await context()), { ...requestFor(model), targets, out: place, ...request })), place };
    },
    apply: async (place, request = {}, given) =>
      applyBundle(given ?? (await context()), {
        content: await readContent(place),
        judge: judgedBy(keys.policy),
        approvals: readApprovals(approvalsFolder(place)),
        identities: [keys.age.identity],
        ...request,
      }),
    deploy: async (units, request = {}, given) => {
      const model = write(units);
      return deploy(given ?? (await context()), {
        model,
        tree: at('live'),
        units: model.units.map((unit) => unit.path),
        keys: {
          recipients: [keys.age.recipient],
          identities: [keys.age.identity],
          signingKey: privateKeyFrom(keys.signing.privatePem, 'sandbox'),
        },
        judge: judgedBy(keys.policy),
        out: at('bundles', `deploy-${++plans}`),
        confirm: async () => true,
        ...request,
      });
    },
    terraform: async (id, ...args) => {
      const { run } = await context();
      return run({ cwd: at('live', shopPath(id)), args, env });
    },
    dispose: async () => {
      await sandbox.dispose();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The masked plan of one unit in a bundle's folder. */
export function maskedPlan(place: string, id: string): string {
  return readFileSync(path.join(place, 'units', shopPath(id), 'plan.masked.json'), 'utf8');
}

/** Codes of a thrown TerraceError, or of a report's problems. */
export function codesOf(thrown: unknown): readonly string[] {
  if (typeof thrown !== 'object' || thrown === null || !('problems' in thrown) || !Array.isArray(thrown.problems)) return [String(thrown)];
  return thrown.problems.map((problem: { readonly code: string }) => problem.code);
}

/** The error that a promise rejects with; fails where it does not. */
export async function errorOf(promise: Promise<unknown>): Promise<{
  readonly problems: readonly { readonly code: string; readonly found: string; readonly todo: string }[];
  readonly exitCode: number;
  readonly message: string;
}> {
  let value: unknown;
  try {
    value = await promise;
  } catch (error) {
    if (error instanceof Error && 'problems' in error && 'exitCode' in error) return error as never;
    throw error;
  }
  throw new Error(`expected a TerraceError, got ${JSON.stringify(value)?.slice(0, 200)}`);
}
