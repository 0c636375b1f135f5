interface Statement {
  readonly Effect: 'Allow' | 'Deny';
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

/** What a request says about itself: `kms:ViaService`, `dynamodb:LeadingKeys`, … */
export type Context = Readonly<Record<string, string | readonly string[]>>;

/**
 * Whether policies let a request through, as IAM decides: denied where a denial fits, else allowed where a statement fits.
 * Knows the condition operators that the tests meet, and fails for others.
 */
export function isAllowed(policies: readonly string[], action: string, resource: string, context: Context = {}): boolean {
  const fitting = policies
    .flatMap((policy): readonly Statement[] => JSON.parse(policy).Statement)
    .filter(
      (statement) =>
        listOf(statement.Action).some((one) => like(one, action)) &&
        listOf(statement.Resource).some((one) => like(one, resource)) &&
        holds(statement, context),
    );
  return fitting.some(({ Effect }) => Effect === 'Allow') && !fitting.some(({ Effect }) => Effect === 'Deny');
}

function holds(statement: Statement, context: Context): boolean {
  return Object.entries(statement.Condition ?? {}).every(([operator, keys]) =>
    Object.entries(keys).every(([key, wanted]) => {
      const given = context[key] === undefined ? undefined : listOf(context[key]);
      const fits = (match: (pattern: string, value: string) => boolean) => (value: string) =>
        listOf(wanted).some((pattern) => match(pattern, value));
      switch (operator) {
        case 'StringEquals':
        case 'Bool':
        case 'ForAnyValue:StringEquals':
          return given?.some(fits((pattern, value) => pattern === value)) ?? false;
        case 'StringLike':
          return given?.some(fits(like)) ?? false;
        case 'ForAllValues:StringLike':
          return (given ?? []).every(fits(like));
        case 'Null':
          return listOf(wanted).includes(String(given === undefined));
        default:
          throw new Error(`operator ${operator} is not known here`);
      }
    }),
  );
}

function listOf(value: string | readonly string[]): readonly string[] {
  return typeof value === 'string' ? [value] : value;
}

function like(pattern: string, value: string): boolean {
  return new RegExp(
    `^${pattern
      .replaceAll(/[.+^${}()|[\]\\]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('?', '.')}$`,
  ).test(value);
}
