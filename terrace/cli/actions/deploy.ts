import path from 'node:path';

import { deploy } from '../../delivery/deploy/deploy';
import { modelOfReaders } from '../../delivery/plan/known-readers';
import { memoryOf } from '../../delivery/plan/memory-of';
import { withDependents } from '../../delivery/plan/dependents';
import { awsStates } from '../../delivery/record/states';
import { accountsFrom } from '../../delivery/terraform/accounts';
import { failed, refused } from '../../delivery/problems';
import { bundleText, countsText } from '../../delivery/report/summary';
import type { VerifiedBundle } from '../../delivery/bundle/verify';
import { isSandbox } from '../../base/sandbox-shell';
import { exitCodes, refuse } from '../../base/errors';
import type { CommandContext } from '../command-context';
import { ask, isInteractive } from '../ask';
import { renderTable } from '../table';

import { painter } from '../../base/paint';
import { whatIsKnown } from '../what-is-known';
import { signingKey } from './approve';
import { environmentsOf, type JudgePlace } from '../../delivery/approve/accepted-judge';
import { acceptedChange, type AcceptedChange } from '../../delivery/approve/accepted-change';
import { coveredEnvironments } from '../../delivery/plan/covered';
import type { PlanTarget } from '../../delivery/target/plan-target';
import { identitiesFor, recipientsFor, type PolicyFlags } from '../../delivery/approve/rules';
import { printProblems, withDelivery, type RunFlags } from '../with-delivery';
import { changeOf, selectTree, targetsOf } from '../../delivery/plan/selection';
import { synthesizeSource } from '../source-tree';
import { applyingRuling } from '../trust';

export interface DeployFlags extends RunFlags, PolicyFlags {
  readonly autoApprove?: boolean;
  readonly key?: string;
  readonly identity?: string;
  readonly recipient?: readonly string[];
  readonly recipients?: string;
  readonly base?: string;
  readonly destroy?: boolean;
  readonly withDependents?: boolean;
  readonly leaveOut?: boolean;
  readonly supersedes?: string;
  readonly startEmpty?: readonly string[];
  readonly tree?: string;
  readonly out?: string;
}

/** `terrace deploy` */
export async function runDeploy(context: CommandContext, selectors: readonly string[], flags: DeployFlags): Promise<void> {
  const accounts = accountsFrom(process.env);
  const branch = flags.policyRef ?? flags.base;
  const ruling = await applyingRuling(context, { ...flags, ...(branch === undefined ? {} : { policyRef: branch }) }, accounts);
  const keys = {
    recipients: await recipientsFor(flags, process.env),
    identities: await identitiesFor(flags.identity, process.env),
    signingKey: await signingKey(flags.key),
  };
  const synthesize = synthesizeSource(context);
  const whole = flags.withDependents === true ? () => synthesize([]) : synthesize;
  const selected = await selectTree(selectors, flags.tree ?? whole, { includePlanned: context.includePlanned });
  const tree = flags.withDependents === true ? await withDependents(selected, { accounts, states: awsStates }) : selected;
  const targets = targetsOf(tree, flags.destroy === true ? 'destroy' : 'apply');
  const accepted =
    ruling.place === undefined ? undefined : await acceptedChangeOf(ruling.place, targets, tree.model.commit, flags.supersedes);
  refuse(accepted?.problems ?? [], exitCodes.refused);
  const automatic = flags.autoApprove === true;
  if (automatic && !isSandbox(process.env)) {
    const forbidden = [...new Set(tree.units.map((unit) => `${unit.system}/${unit.environment}`))].filter(
      (name) => accepted?.rulesOf(name)?.autoApprove !== true,
    );
    if (forbidden.length > 0)
      throw refused('E6029', {
        place: forbidden.join(', '),
        found: 'the policy does not allow --auto-approve there',
        todo: 'answer the question, or let the policy of the protected base say "autoApprove": true',
      });
  }
  if (!automatic && !isInteractive())
    throw failed(
      'E6037',
      {
        found: 'nobody can answer the question before each apply',
        todo: 'run it in a terminal; in CI use plan, approve and apply (--auto-approve where the policy allows it)',
      },
      exitCodes.wrongUsage,
    );
  for (const unit of tree.excluded) process.stderr.write(`${unit} is left out: \`terrace backend bootstrap\` applies it\n`);
  const change = changeOf(context.history(), tree.model, flags.base, []);
  const work = context.work(tree.folder);
  const out = path.resolve(
    flags.out ??
      path.join(
        work,
        'bundles',
        `deploy-${new Date().toISOString().replaceAll(/[-:]/g, '').replace('T', '-').slice(0, 15)}-${process.pid}`,
      ),
  );
  const places = await modelOfReaders(tree, flags.tree ?? synthesize);
  const report = await withDelivery(work, flags, (delivery) =>
    deploy(
      { ...delivery, ...(accepted === undefined ? {} : { grants: accepted.grants }) },
      {
        model: tree.model,
        tree: tree.folder,
        places,
        memory: memoryOf(tree.model, change.repository, flags),
        units: tree.units.map((unit) => unit.path),
        keys,
        out,
        authors: [...change.authors, ...(accepted?.authors ?? [])],
        changedFiles: change.changedFiles,
        rules: accepted?.rules ?? change.rules,
        covers: coveredEnvironments(tree, selectors),
        ...(flags.supersedes === undefined ? {} : { supersedes: flags.supersedes }),
        ...(accepted === undefined ? {} : { recipientsOf: accepted.recipientsOf, notes: accepted.notes }),
        judge: ruling.judge,
        onApplied: ruling.onApplied,
        refuse: async (verified) => {
          const judgements = await ruling.judge(verified);
          refuse(
            judgements.flatMap(({ denials = [] }) => denials),
            exitCodes.refused,
          );
        },
        operation: flags.destroy === true ? 'destroy' : 'apply',
        confirm: async (verified) => {
          if (!automatic) return isAgreed(context, verified);
          process.stderr.write(`\n${bundleText(verified.bundle, verified.content.hash)}\n`);
          return true;
        },
      },
    ),
  );
  if (flags.json === true)
    process.stdout.write(
      `${JSON.stringify({ version: 1, units: report.units, bundles: report.bundles.map(({ place, hash }) => ({ place, hash })), problems: report.problems }, null, 2)}\n`,
    );
  else
    process.stdout.write(
      `\n${renderTable(
        ['unit', 'round', 'status', 'changes', 's'],
        report.units.map((one) => [one.unit, String(one.round), one.status, countsText(one.actions), one.seconds.toFixed(1)]),
        ['left', 'right', 'left', 'left', 'right'],
      )}\n\nbundles ${path.relative(process.cwd(), out) || out}\nlogs    ${path.join(path.relative(process.cwd(), work), 'logs')}\n`,
    );
  for (const note of report.notes) process.stderr.write(`${note}\n`);
  printProblems(report.problems);
  process.exitCode = report.exitCode;
}

/** Shows what happens and asks; what is critical wants the environment's name, so that no habit of typing `y` answers it. */
async function isAgreed(context: CommandContext, verified: VerifiedBundle): Promise<boolean> {
  const [{ beforeYes }, { reviewSource }] = await Promise.all([
    import('../../review/render/before-yes'),
    import('../../review/bundle-source'),
  ]);
  const { asks, text, typed } = beforeYes(
    reviewSource(verified),
    await whatIsKnown(context, verified, {}),
    painter(process.stderr, process.env),
  );
  if (!asks) return true;
  process.stderr.write(`\n${text}\n\n`);
  if (typed === null) return /^y(es)?$/i.test(await ask('Apply exactly this? [y/N] '));
  return (await ask(`Something critical happens. Type ${typed} to apply exactly this: `)) === typed;
}

/** What the accepted commits say of the units before they are planned. */
function acceptedChangeOf(
  place: JudgePlace,
  targets: readonly PlanTarget[],
  commit: string | null,
  supersedes: string | undefined,
): Promise<AcceptedChange> {
  return acceptedChange(
    { ...place, ...(supersedes === undefined ? {} : { supersedes }) },
    targets.map(({ unit, access }) => ({ unit, environment: access })),
    environmentsOf(targets),
    commit,
  );
}
