import { exitCodes, TerraceError } from '../base/errors';
import { ask, isInteractive } from './ask';

/** What has to be typed before something that cannot be taken back. */
export interface TypedConfirmation {
  /** The text that is to be typed. */
  readonly expected: string;
  /** What it is, with its article: `the bucket's name`. */
  readonly what: string;
  /** What `--confirm` gave. @default it is asked for, where there is a terminal */
  readonly given?: string | undefined;
  /** Says what will happen; the request to type follows it. */
  readonly question: string;
  /** What it is about, for the error. */
  readonly place: string;
}

/** Raises E4213 (exit 3) unless exactly the expected text was given or is typed. */
export async function requireTyped({ expected, what, given, question, place }: TypedConfirmation): Promise<void> {
  const typed = given ?? (isInteractive() ? await ask(question) : '');
  if (typed === expected) return;
  throw new TerraceError(
    {
      code: 'E4213',
      title: 'names do not match',
      place,
      found: `'${typed}'`,
      expected,
      todo: `type ${what}, or pass it with --confirm`,
    },
    exitCodes.refused,
  );
}
