import type { Problem } from '../base/errors';

/** A block of terraform JSON, by the path in it: `['resource', 'aws_lb', 'main', 'name']`. */
export type JsonPath = readonly string[];

/** Parts of the JSON whose texts terraform evaluates as templates. */
const evaluated = new Set(['resource', 'data', 'provider', 'module', 'locals', 'output']);

/**
 * Calls `visit` with each value and each key of an object, and its path, which is the visit's alone as long as it runs: the next one changes
 * it. Objects that `enters` refuses are left out.
 */
export function visitValues(
  value: unknown,
  visit: (leaf: unknown, path: JsonPath, isKey: boolean) => void,
  enters: (value: object) => boolean = () => true,
): void {
  const path: string[] = [];
  const below = (key: string, one: unknown): void => {
    path.push(key);
    enter(one);
    path.pop();
  };
  const enter = (one: unknown): void => {
    if (typeof one !== 'object' || one === null) visit(one, path, false);
    else if (Array.isArray(one)) one.forEach((member: unknown, index) => below(String(index), member));
    else if (enters(one))
      for (const [key, member] of Object.entries(one)) {
        if (key === '//') continue;
        visit(key, path, true);
        below(key, member);
      }
  };
  enter(value);
}

/** True where terraform reads a text of this place as a template. */
export function isEvaluated([block = '', name = '', attribute = '']: JsonPath): boolean {
  return evaluated.has(block) && (block !== 'output' || attribute === 'value' || name === '');
}

/** `aws_lb.main: access_logs.0.bucket`, `output.zone_id: value`. */
export function placeIn([block = '', ...rest]: JsonPath): string {
  const names = block === 'resource' ? 2 : block === 'data' ? 3 : block === 'terraform' ? 1 : 2;
  const path = block === 'resource' ? rest : [block === 'locals' ? 'local' : block, ...rest];
  const attribute = path.slice(names).join('.');
  return `${path.slice(0, names).join('.')}${attribute === '' ? '' : `: ${attribute}`}`;
}

/** Where a text has its first mark of a template outside of cdktf's own markers; -1 where it has none. */
export function firstTemplateMark(text: string): number {
  return text.search(/\$\{(?!TfToken\[[a-zA-Z0-9:._-]+\]\})|%\{/);
}

/** A text without cdktf's markers. */
export function withoutTokens(text: string): string {
  return text.replace(/\$\{TfToken\[[a-zA-Z0-9:._-]+\]\}/g, '');
}

const core = 'TfToken';
const broken = new RegExp(
  [
    core,
    core.split('').reverse().join(''),
    Buffer.from(core).toString('hex'),
    // What is left of a marker that was cut.
    String.raw`\[TOKEN\.`,
    String.raw`TOKEN\.\d+\]\}`,
    // The range of cdktf's numbers, within a text.
    String.raw`\d(?:\.\d+)?e\+2[5-9]\d`,
  ].join('|'),
  'i',
);
/** The marker in base64, at each place of three bytes, without the letters that its neighbours decide. */
const brokenBase64 = new RegExp(
  [0, 1, 2]
    .map((before) =>
      Buffer.from(' '.repeat(before) + core)
        .toString('base64')
        .slice(before === 0 ? 0 : before + 1, 9),
    )
    .join('|'),
);

/** Values of a unit's JSON that cannot be what its author meant: remains of tokens, and numbers that JSON does not hold. */
export function valueProblems(unit: string, json: object): readonly Problem[] {
  const problems: Problem[] = [];
  visitValues(json, (leaf, path) => {
    const found = valueProblem(leaf);
    if (found !== undefined) problems.push({ place: `${unit}   ${placeIn(path)}`, ...found });
  });
  return problems;
}

/** What is left in a text of a token that JavaScript changed; undefined for whole text. Reads text whose tokens are resolved, or cut out. */
export function brokenToken(value: string): Problem | undefined {
  if (broken.test(value) || brokenBase64.test(value))
    return {
      code: 'E3102',
      title: 'broken token',
      found: `'${value.length > 80 ? `${value.slice(0, 80)}…` : value}' was made in JavaScript from a value that only terraform will know`,
      expected: 'the token as it is, or through a terraform function',
      todo: 'use Fn from cdktf instead: Fn.substr, Fn.upper, Fn.base64encode, Fn.urlencode, Fn.sort, Fn.split, Op.add …',
    };
  return undefined;
}

function valueProblem(value: unknown): Problem | undefined {
  if (typeof value === 'string') return brokenToken(value);
  if (typeof value === 'bigint' || (typeof value === 'number' && !isJsonNumber(value)))
    return {
      code: 'E3105',
      title: 'number that JSON cannot hold',
      found: String(value),
      expected: 'a finite number, whole numbers up to 2^53',
      todo: `correct it${Number.isNaN(value) ? '' : ", or give it as text: terraform reads '12345678901234567890' as a number"}`,
    };
  return undefined;
}

function isJsonNumber(value: number): boolean {
  return Number.isFinite(value) && (!Number.isInteger(value) || Number.isSafeInteger(value));
}

/** Sensitive variables, and sensitive values of other units, in outputs that are not marked. */
export function sensitiveOutputs(json: object): readonly string[] {
  const { output = {}, variable = {} }: { output?: object; variable?: object } = json;
  const secret = Object.entries(variable).flatMap(([name, block]: [string, unknown]) => (flag(block) ? [name] : []));
  const reads = (text: string): boolean =>
    !text.includes('nonsensitive(') &&
    (/\bsensitive\(/.test(text) || secretAttributes.test(text) || secret.some((name) => new RegExp(`\\bvar\\.${name}\\b`).test(text)));
  return Object.entries(output).flatMap(([name, block]: [string, unknown]) => {
    if (flag(block)) return [];
    let found = false;
    visitValues(block, (leaf) => {
      if (typeof leaf === 'string' && leaf.includes('${') && reads(leaf)) found = true;
    });
    return found ? [name] : [];
  });
}

/** Attributes that their providers mark as sensitive and that units are made of most; terraform finds the others when it plans. */
const secretAttributes =
  /\b(?:random_password\.\w+\.(?:result|bcrypt_hash)|tls_private_key\.\w+\.private_key_\w+|aws_iam_access_key\.\w+\.(?:secret|ses_smtp_password_v4)|aws_secretsmanager_secret_version\.\w+\.secret_(?:string|binary)|aws_ssm_parameter\.\w+\.value)\b/;

function flag(block: unknown): boolean {
  return typeof block === 'object' && block !== null && 'sensitive' in block && block.sensitive === true;
}
