import { judgePlace } from '../../delivery/approve/rules';
import { forgetReader } from '../../delivery/forget/forget-reader';
import { findGoneReader, type GoneReader } from '../../delivery/forget/gone-reader';
import type { ForgottenReader } from '../../delivery/record/forgotten';
import { awsStates } from '../../delivery/record/states';
import { accountsFrom } from '../../delivery/terraform/accounts';
import { openRepository } from '../../git/repository';
import { quantity } from '../../base/plural';
import { isSandbox } from '../../base/sandbox-shell';
import { visible } from '../../base/visible';
import type { Model } from '../../model/model';
import { selectorPath } from '../../model/select';
import type { TreeContext } from '../command-context';
import { parseDuration } from '../duration';
import { judges } from '../judges';
import { requireTyped } from '../typed-confirmation';
import { malformedValue } from '../usage-problems';
import { modelOf } from './state-units';

export interface ForgetReaderFlags {
  /** The unit that is read. @default every unit that the reader reads */
  readonly of?: string;
  readonly policyRef?: string;
  /** The reader's path, typed. */
  readonly confirm?: string;
  /** `20s`; absent: do not wait. */
  readonly lockTimeout?: string;
  readonly json?: boolean;
}

/** `terrace state forget-reader` */
export async function runForgetReader(context: TreeContext, text: string, flags: ForgetReaderFlags): Promise<void> {
  const reader = unitPath(text, '<reader>');
  const of = flags.of === undefined ? undefined : unitPath(flags.of, '--of');
  const timeout = flags.lockTimeout === undefined ? {} : { timeout: parseDuration(flags.lockTimeout, '--lock-timeout') / 1000 };
  const place = judgePlace(context.repository(), flags.policyRef ?? ownHead(context), judges, accountsFrom(process.env));
  const { branch } = place;
  const held = environmentsOf(await modelOf({ ...context, includePlanned: true }));
  const gone = await findGoneReader(reader, of, { ...place, held, states: awsStates });
  if (gone.reads.length === 0) {
    print(flags, gone, 'already', gone.already);
    return;
  }
  const shown = visible(description(gone, branch.name));
  process.stderr.write(`${shown}\n`);
  await requireTyped({
    place: reader,
    expected: reader,
    what: 'the path of the reader',
    given: flags.confirm,
    question: `Plans may then destroy what it reads. Type ${reader} to continue: `,
  });
  print(flags, gone, 'forgotten', await forgetReader(gone, { commit: branch.commit, ...timeout }));
}

/** In the sandbox, where nothing is protected, a clone without a remote goes by its own commit. */
function ownHead(context: TreeContext): string | undefined {
  return isSandbox(process.env) && openRepository(context.repository())?.remoteBranch() === undefined ? 'HEAD' : undefined;
}

function unitPath(text: string, place: string): string {
  const path = selectorPath(text);
  if (/^[^/*]+(?:\/[^/*]+){4}$/.test(path)) return path;
  throw malformedValue(place, text, '<system>/<environment>/<region>/<layer>/<unit>', 'give the whole path, as E6050 names it');
}

function environmentsOf({ systems }: Model): ReadonlySet<string> {
  return new Set(systems.flatMap(({ name, environments }) => environments.map((one) => `${name}/${one.name}`)));
}

/** What is about to be forgotten, for whoever is asked. */
function description({ reader, record, reads, authors, resources }: GoneReader, branch: string): string {
  const from = record.commit === null ? 'an unknown commit' : record.commit.slice(0, 12);
  const by = authors.length === 0 ? '' : ` by ${authors.join(', ')}`;
  const left =
    resources === null
      ? 'Its state cannot be read, so nobody knows what of it still exists.'
      : resources === 0
        ? 'Its state holds no resources.'
        : `WARNING: its state still holds ${quantity(resources, 'resource')}. They exist, and what they use may be destroyed under them.`;
  return [
    `${reader}, whose environment is gone from ${branch}, was last applied at ${record.at}, from ${from}${by}.`,
    ...reads.map(({ target, outputs }) => `  It reads ${outputs.join(', ')} of ${target.path}.`),
    left,
  ].join('\n');
}

function print(
  { json }: ForgetReaderFlags,
  { reader, resources }: GoneReader,
  outcome: 'forgotten' | 'already',
  forgotten: readonly ForgottenReader[],
): void {
  const lines = forgotten.map(({ unit, outputs, by, at }) =>
    outcome === 'already'
      ? `${reader} was already forgotten as a reader of ${unit} (${outputs.join(', ')}) by ${by} at ${at}`
      : `${unit}: ${reader} is forgotten; its next plan says so, and needs one more approver than usual`,
  );
  process.stdout.write(
    json === true
      ? `${JSON.stringify({ version: 1, reader, outcome, resources, forgotten }, null, 2)}\n`
      : `${visible(lines.join('\n'))}\n`,
  );
}
