import path from 'node:path';

import { jsonText, visible } from '../../base/visible';
import { deploySelection } from '../../delivery/deploy/deploy-selection';
import { accountsFrom } from '../../delivery/terraform/accounts';
import { outcomeLines, outcomeText } from '../../delivery/report/outcome';
import { bundleText } from '../../delivery/report/summary';
import type { VerifiedBundle } from '../../delivery/bundle/verify';
import type { CommandContext } from '../command-context';
import { ask, isInteractive } from '../ask';

import { painter } from '../../base/paint';
import { shownOn } from '../shown-on';
import { whatIsKnown } from '../what-is-known';
import { signingKey } from './approve';
import { identitiesFor, recipientsFor, type PolicyFlags } from '../../delivery/approve/rules';
import { printProblems, withDelivery, type RunFlags } from '../with-delivery';
import { synthesizeSource } from '../source-tree';
import { applyingRuling } from '../trust';
import { nobodyToAsk } from '../usage-problems';

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
  const started = performance.now();
  const accounts = accountsFrom(process.env);
  const branch = flags.policyRef ?? flags.base;
  // A tree that is given is what is planned, so it says nothing about what its commit gives.
  const { tree: _planned, ...judging } = flags;
  const ruling = await applyingRuling(context, { ...judging, ...(branch === undefined ? {} : { policyRef: branch }) }, accounts);
  const keys = {
    recipients: await recipientsFor(flags, process.env),
    identities: await identitiesFor(flags.identity, process.env),
    signingKey: await signingKey(flags.key),
  };
  const automatic = flags.autoApprove === true;
  if (!automatic && !isInteractive())
    throw nobodyToAsk(
      'deploy',
      'deploy asks before each apply',
      'run it in a terminal; in CI use plan, approve and apply (or --auto-approve, if the rules allow it)',
    );
  const repository = context.history();
  const work = context.work(flags.tree ?? '.');
  const out = path.resolve(
    flags.out ??
      path.join(
        work,
        'bundles',
        `deploy-${new Date().toISOString().replaceAll(/[-:]/g, '').replace('T', '-').slice(0, 15)}-${process.pid}`,
      ),
  );
  const report = await withDelivery(work, flags, (delivery) =>
    deploySelection(delivery, {
      selectors,
      tree: flags.tree ?? synthesizeSource(context),
      operation: flags.destroy === true ? 'destroy' : 'apply',
      withDependents: flags.withDependents ?? false,
      includePlanned: context.includePlanned,
      ...(repository === undefined ? {} : { repository }),
      ...(flags.base === undefined ? {} : { base: flags.base }),
      startEmpty: flags.startEmpty ?? [],
      leaveOut: flags.leaveOut ?? false,
      ...(flags.supersedes === undefined ? {} : { supersedes: flags.supersedes }),
      ruling,
      onApplied: ruling.onApplied,
      keys,
      out,
      automatic,
      confirm: async (verified) => {
        if (!automatic) return isAgreed(context, verified);
        process.stderr.write(`\n${bundleText(verified.bundle, verified.content.hash, shownOn(process.stderr))}\n`);
        return true;
      },
    }),
  );
  for (const unit of report.excluded) process.stderr.write(`${unit} is left out: \`terrace backend bootstrap\` applies it\n`);
  const outcomes = report.units.map((one) => ({
    ...one,
    status: one.status === 'applied' && flags.destroy === true ? ('destroyed' as const) : one.status,
  }));
  if (flags.json === true)
    process.stdout.write(
      `${jsonText({ version: 1, units: outcomes, bundles: report.bundles.map(({ place, hash }) => ({ place, hash })), problems: report.problems }, 2)}\n`,
    );
  else
    process.stdout.write(
      `\n${outcomeLines(outcomes, shownOn(process.stdout)).join('\n')}\n\nbundles ${path.relative(process.cwd(), out) || out}\nlogs    ${path.join(path.relative(process.cwd(), work), 'logs')}\n\n${outcomeText(outcomes, (performance.now() - started) / 1000)}\n`,
    );
  for (const note of report.notes) process.stderr.write(`${visible(note)}\n`);
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
  return (await ask(`This plan has critical findings. Type ${typed} to apply exactly this: `)) === typed;
}
