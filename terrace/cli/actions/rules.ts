import { acceptByHand, branchFacts } from '../../delivery/accepted/set-accepted';
import { judgePlace } from '../../delivery/approve/rules';
import { accountsFrom } from '../../delivery/terraform/accounts';
import { exitCodes, TerraceError } from '../../base/errors';
import { selectorPath } from '../../model/select';
import { ask, isInteractive } from '../ask';
import type { CommandContext } from '../command-context';
import { judges } from '../judges';

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
  const typed =
    flags.confirm ??
    (isInteractive()
      ? await ask(
          `From now on ${commit.slice(0, 12)} judges every change of ${environment}, although nobody approved what came before it.\nType ${environment} to continue: `,
        )
      : '');
  if (typed !== environment)
    throw new TerraceError(
      {
        code: 'E4213',
        title: 'names do not match',
        place: environment,
        found: `'${typed}'`,
        expected: environment,
        todo: 'type the path of the environment, or pass it with --confirm',
      },
      exitCodes.refused,
    );
  const done = await acceptByHand(environment, commit, place, new Date());
  process.stdout.write(
    flags.json === true ? `${JSON.stringify({ version: 1, ...done }, null, 2)}\n` : `${environment}: ${commit} is accepted now\n`,
  );
}
