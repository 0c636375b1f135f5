import { noticedBy, type Mutation } from './mutation';

const delivery = 'terrace/delivery';

/** Checks of what is hidden (G9, G18). */
export const masking: readonly Mutation[] = [
  ...noticedBy('test/delivery/masking/flow.test.ts', [
    [
      'G18 what nonsensitive() opens',
      `${delivery}/masking/flow.ts`,
      "if (flow === 'marked' && calling.has('nonsensitive')) return 'lost';",
      '',
      'what nonsensitive() makes of a sensitive variable',
    ],
    [
      'G18 outputs of other states',
      `${delivery}/masking/flow.ts`,
      "return isRoot && sources.outputs.has(reference) ? 'lost' : 'none';",
      "return 'none';",
      'an output that another state calls sensitive',
    ],
    [
      'G18 through modules',
      `${delivery}/masking/flow.ts`,
      'const scope = scopeAt(root, module_address);',
      'const scope = module_address === undefined ? root : undefined;',
      'a secret that lost its mark is followed into a module',
    ],
  ]),
  ...noticedBy('test/delivery/masking/flow.test.ts', [
    [
      'G18 what a provider gives back',
      `${delivery}/masking/flow.ts`,
      "if (flow === 'marked' && isEcho) return 'echoed';",
      '',
      'what a provider gives back of a secret',
    ],
    [
      'G18 a mark that a change took away',
      `${delivery}/masking/flow.ts`,
      "(isDeclaredPlain(scope, second) ? 'lost' : 'marked')",
      "'marked'",
      'a secret variable that is declared without its mark',
    ],
    [
      'G18 functions that change what is given back',
      `${delivery}/masking/flow.ts`,
      "return calls.every(isRecognised) ? 'echoed' : 'lost';",
      "return 'echoed';",
      'of what a provider gives back, functions that keep it whole',
    ],
  ]),
  ...noticedBy('test/delivery/masking/forms.test.ts', [
    [
      'G18 Go’s escapes',
      `${delivery}/masking/forms.ts`,
      '...[jsonEscaped, goEscaped].flatMap((escape) => {',
      '...[jsonEscaped].flatMap((escape) => {',
      'of a line that holds a secret',
    ],
    [
      'G18 addresses',
      `${delivery}/masking/forms.ts`,
      '[encodeURIComponent(one), queryEscaped(one), encodeURI(one)]',
      '[]',
      'a secret is hidden in every form',
    ],
    ['G18 HTML', `${delivery}/masking/forms.ts`, '    htmlEscaped(text),\n', '', 'of a line that holds a secret'],
    [
      'G18 capitals',
      `${delivery}/masking/forms.ts`,
      'for (const text of [secret.toUpperCase(), secret.toLowerCase()]) found.add(text);',
      '',
      'a secret is hidden in every form',
    ],
    [
      'G18 base64',
      `${delivery}/masking/secrets.ts`,
      'for (const core of base64Cores(text)) cores.add(core);',
      '',
      'of a line that holds a secret',
    ],
    [
      'G18 what decodes to a secret',
      `${delivery}/masking/secrets.ts`,
      'return isReadable(shown) ? withoutReadable(shown, isReadable, replacement) : shown;',
      'return shown;',
      'a secret of several lines is hidden',
    ],
    [
      'G18 what unpacks to more than is looked at',
      `${delivery}/masking/readings.ts`,
      'if (error instanceof TooMuch) return true;',
      'if (error instanceof TooMuch) return false;',
      'what unpacks to more than is looked at is hidden',
    ],
    [
      'G18 broken and indented lines',
      `${delivery}/masking/secrets.ts`,
      "(mark === ' ' ? String.raw`(?: |\\r?\\n[ \\t]*)` : String.raw`\\r?\\n[ \\t]*`)",
      'mark',
      'a secret of several lines is hidden',
    ],
    [
      'G18 halves',
      `${delivery}/masking/secrets.ts`,
      '|| (text.length >= shortestPiece && [...whole].some((secret) => isPieceOf(text, secret)))',
      '',
      'a value that is a good half of a secret word',
    ],
    [
      'G18 numbers',
      `${delivery}/masking/mask-plan.ts`,
      'String(value).length >= 5 && write.secrets.has(String(value)) ? marker(value, write) : value',
      'value',
      'numbers and the own default of a sensitive variable',
    ],
    [
      'G18 not too much',
      `${delivery}/masking/secrets.ts`,
      'text.length * 2 >= secret.length && ',
      '',
      'what holds no secret is left as it is',
    ],
  ]),
  ...noticedBy('test/delivery/masking/mask-plan.test.ts', [
    [
      'G9 marks at every depth',
      `${delivery}/masking/mask-plan.ts`,
      'if (mask === true) return value === null ? null : marker(value, write);',
      'if (mask === true) return hide(value, write);',
      'short and everyday texts are replaced where they are marked only',
    ],
    [
      'G9 copies without a mark',
      `${delivery}/masking/secrets.ts`,
      'const rest = pattern === undefined ? text : text.replace(pattern, () => replacement);',
      'const rest = text;',
      'G9: a copy of a marked value is replaced',
    ],
    [
      'G9 sensitive variables',
      `${delivery}/masking/secrets.ts`,
      'if (variable.sensitive === true) collect(plan.variables?.[name]?.value, true, found);',
      '',
      'G9: sensitive variables, outputs, prior outputs',
    ],
    [
      'G9 defaults',
      `${delivery}/masking/mask-plan.ts`,
      '...(hide(withoutDefaults(rest), write)',
      '...(hide(rest, write)',
      'G9: the default of a sensitive variable',
    ],
  ]),
];
