/** What one environment asks for before the bundle is applied. */
export interface NeededApprovals {
  /** `<system>/<environment>`. */
  readonly environment: string;
  /** Number of different people. */
  readonly needed: number;
  /** Who approved so far. */
  readonly given: readonly string[];
  /** Who may approve: never who made the change, where the rules ask for that. */
  readonly approvers: readonly string[];
  /** The window in which nothing is applied now. */
  readonly freeze?: string;
}

/** What is known of a bundle's approvals. */
export interface Standing {
  /** Where the rules stand: `sandbox`, a commit, the work tree; undefined where none were found. */
  readonly rules?: string;
  readonly approvals: readonly NeededApprovals[];
  readonly now: Date;
  /** True where the sandbox's own key approves, so that none is named. */
  readonly sandbox: boolean;
}

/** What counts of a bundle here. */
export interface SealedBundle {
  /** Where it lies. @default `bundle` */
  readonly place?: string;
  readonly hash: string;
  /** ISO 8601. */
  readonly expiresAt: string;
}

/** What counts of one of its units. */
export interface PlannedUnit {
  readonly system: string;
  readonly environment: string;
  /** Outputs that were stand-ins. */
  readonly mocks: readonly unknown[];
  readonly status: string;
}

/** What is to be done with a bundle. */
export interface NextStep {
  readonly step: 'plan again' | 'approve' | 'apply' | 'wait';
  /** The command, whole; of `wait` the one that can be given after it. */
  readonly command: string;
  /** One sentence: why this. */
  readonly because: string;
  /** By environment; empty where no rules are known. */
  readonly approvals: readonly NeededApprovals[];
  readonly rules?: string;
}

/**
 * The command that comes next, and why: plan again what can never be applied, approve what lacks approvals, wait out a freeze, else apply. `refusing` names
 * the policies that refuse the bundle, where they were asked.
 */
export function nextStep(
  bundle: SealedBundle,
  units: readonly PlannedUnit[],
  standing?: Standing,
  refusing: readonly string[] = [],
): NextStep {
  const { place = 'bundle', hash } = bundle;
  const approvals = standing?.approvals ?? [];
  const known = { approvals, ...(standing?.rules === undefined ? {} : { rules: standing.rules }) };
  const environments = [...new Set(units.map(({ system, environment }) => `${system}/${environment}`))].toSorted();
  const again = `terrace plan ${environments.join(' ')} --out ${word(place)}`;
  const mocked = units.filter(({ mocks }) => mocks.length > 0);
  if (mocked.length > 0)
    return {
      step: 'plan again',
      command: again,
      because: 'planned with mocks, so it can never be applied: apply what it waits for, then plan again',
      ...known,
    };
  if (standing !== undefined && standing.now.getTime() >= Date.parse(bundle.expiresAt))
    return { step: 'plan again', command: again, because: `it expired at ${instant(bundle.expiresAt)}`, ...known };
  if (!units.some(({ status }) => status === 'changes' || status === 'unchanged'))
    return { step: 'plan again', command: again, because: 'it holds no plan', ...known };
  if (refusing.length > 0) {
    const names = [...new Set(refusing)];
    return {
      step: 'plan again',
      command: again,
      because: `${names.length === 1 ? 'the policy' : 'the policies'} ${names.join(', ')} ${names.length === 1 ? 'refuses' : 'refuse'} it: correct the source first`,
      ...known,
    };
  }
  const apply = `terrace apply ${word(place)}`;
  const lacking = approvals.filter(({ needed, given }) => given.length < needed);
  const frozen = approvals.filter(({ freeze }) => freeze !== undefined);
  if (standing?.rules !== undefined && approvals.length > 0 && lacking.length === 0)
    return frozen.length > 0
      ? { step: 'wait', command: apply, because: `approved, but frozen now: ${frozen.map(({ freeze }) => freeze).join('; ')}`, ...known }
      : { step: 'apply', command: apply, because: 'it is approved', ...known };
  const key = standing?.sandbox === true ? '' : ' --key <your key>';
  return {
    step: 'approve',
    command: `terrace approve ${word(place)} --hash ${hash.slice(0, 12)}${key}`,
    because: standing?.rules === undefined ? 'no approval rules were found here: apply needs them' : lackingText(lacking),
    ...known,
  };
}

function lackingText(lacking: readonly NeededApprovals[]): string {
  return lacking.map(({ environment, needed, given }) => `${environment} has ${given.length} of ${needed} approvals`).join(', ');
}

/** One word of a shell's command line. */
function word(text: string): string {
  return /^[\w./@%+=:,-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

/** `2026-11-30 07:00 UTC`. */
export function instant(text: string): string {
  return text.replace('T', ' ').replace(/(:\d\d)(?::\d\d)?(?:\.\d+)?Z$/, '$1 UTC');
}
