import { stringify } from 'yaml';

/** One container, in the words of the Compose specification. */
export interface ComposeService {
  readonly image: string;
  readonly [option: string]: unknown;
}

/** A project without a name of its own: it is called after its folder, by COMPOSE_PROJECT_NAME, or after the stack that is deployed. */
export interface ComposeFile {
  readonly services: Readonly<Record<string, ComposeService>>;
  readonly networks?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly volumes?: Readonly<Record<string, Record<string, never>>>;
  readonly secrets?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly configs?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** The text of a Compose file or a Swarm stack; byte-identical for the same input. */
export function renderCompose(file: ComposeFile): string {
  return stringify(file, { lineWidth: 0, aliasDuplicateObjects: false, version: '1.1' });
}

/** A text in which Compose replaces nothing: it takes every `$` for the beginning of a variable. */
export function literal(text: string): string {
  return text.replaceAll('$', '$$$$');
}
