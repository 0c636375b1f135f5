/** What a colour means: what happens to a resource, how bad a finding is, and what stands back or out. */
export type Tone = 'add' | 'change' | 'replace' | 'destroy' | 'critical' | 'high' | 'medium' | 'low' | 'good' | 'bad' | 'soft' | 'strong';

/** Puts a text in the colour of its meaning, or leaves it as it is. */
export type Paint = (tone: Tone, text: string) => string;

/** Of the 16 colours that every terminal has: SGR codes to begin and to end with. */
const codes: Readonly<Record<Tone, readonly [begin: string, end: string]>> = {
  add: ['32', '39'],
  change: ['33', '39'],
  replace: ['35', '39'],
  destroy: ['31', '39'],
  critical: ['1;37;41', '22;39;49'],
  high: ['1;31', '22;39'],
  medium: ['33', '39'],
  low: ['36', '39'],
  good: ['32', '39'],
  bad: ['1;31', '22;39'],
  soft: ['2', '22'],
  strong: ['1', '22'],
};

/** No colour at all. */
export const plain: Paint = (_tone, text) => text;

/** Colours for a stream: only on a terminal that has them, never with NO_COLOR; FORCE_COLOR asks for them anywhere. */
export function painter(stream: { readonly isTTY?: boolean }, env: Readonly<NodeJS.ProcessEnv>): Paint {
  if ((env['NO_COLOR'] ?? '') !== '') return plain;
  const force = env['FORCE_COLOR'];
  const forced = force !== undefined && force !== '0' && force !== 'false';
  if (!forced && (force !== undefined || stream.isTTY !== true || env['TERM'] === 'dumb')) return plain;
  return (tone, text) => {
    const [begin, end] = codes[tone];
    return text === '' ? '' : `\u001B[${begin}m${text}\u001B[${end}m`;
  };
}
