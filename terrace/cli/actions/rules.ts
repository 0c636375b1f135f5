import { acceptByHand, branchFacts } from '../../delivery/accepted/set-accepted';
import { judgePlace } from '../../delivery/approve/rules';
import { accountsFrom } from '../../delivery/terraform/accounts';
import { selectorPath } from '../../model/select';
import type { CommandContext } from '../command-context';
import { judges } from '../judges';
import { requireTyped } from '../typed-confirmation';

export interface RulesAcceptFlags {
  readonly policyRef?: string;
  /** The environment's path, typed. */
  readonly confirm?: string;
  readonly json?: boolean;
}

/** `terrace rules accept` */
export async function runRulesAccept(context: CommandContext, name: string, selector: string, flags: RulesAcceptFlags): Promise<void> {
  const environment = selectorPath(selector);
  const place = judgePlace(context.repository(), flags.policyRef, judges, accountsFrom(process.env));
  const commit = place.repository.commitOf(name);
  await branchFacts(environment, place);
  await requireTyped({
    place: environment,
    expected: environment,
    what: 'the path of the environment',
    given: flags.confirm,
    question: `From now on ${commit.slice(0, 12)} judges every change of ${environment}, although nobody approved what came before it.\nType ${environment} to continue: `,
  });
  const done = await acceptByHand(environment, commit, place, new Date());
  process.stdout.write(
    flags.json === true ? `${JSON.stringify({ version: 1, ...done }, null, 2)}\n` : `${environment}: ${commit} is accepted now\n`,
  );
}
