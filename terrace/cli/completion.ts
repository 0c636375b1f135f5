import type { Command } from 'commander';

/** Arguments that name a part of the tree. */
const pathArguments = new Set(['selectors', 'unit', 'environment', 'systems', 'from', 'to']);

/** What a shell may complete beside the commands. */
export interface Completable {
  readonly program: Command;
  /** Paths of units, of which segments are offered one by one. */
  readonly units: readonly string[];
}

/**
 * What the last word of a command line may become, sorted: commands, options, the values of an option that has choices, and paths of the tree up to
 * their next slash. `words` come after the program's name; the last one is unfinished, and empty where nothing of it was typed. Pure.
 */
export function completions({ program, units }: Completable, words: readonly string[]): readonly string[] {
  const typed = words.at(-1) ?? '';
  let command = program;
  let operands = 0;
  let before: string | undefined;
  for (const word of words.slice(0, -1)) {
    const sub = operands === 0 ? command.commands.find((one) => one.name() === word) : undefined;
    if (sub !== undefined) command = sub;
    else if (!word.startsWith('-') && !takesValue(command, before)) operands += 1;
    before = word;
  }
  const valued = optionNamed(command, before);
  if (valued !== undefined && takesValue(command, before))
    return begun(valued.argChoices ?? (/selector|<unit>/.test(valued.flags) ? pathsFrom(units, typed) : []), typed);
  if (typed.startsWith('-'))
    return begun(
      command.options.filter(({ hidden }) => !hidden).flatMap(({ long }) => long ?? []),
      typed,
    );
  if (command.commands.length > 0 && operands === 0)
    return begun(
      command
        .createHelp()
        .visibleCommands(command)
        .map((one) => one.name()),
      typed,
    );
  const known = command.registeredArguments;
  const argument = known[operands] ?? (known.at(-1)?.variadic === true ? known.at(-1) : undefined);
  if (argument === undefined) return [];
  if (argument.argChoices !== undefined) return begun(argument.argChoices, typed);
  return pathArguments.has(argument.name()) ? pathsFrom(units, typed) : [];
}

/** Paths that go on from what was typed, each up to its next slash; one that ends in a slash goes further. */
function pathsFrom(units: readonly string[], typed: string): readonly string[] {
  const dots = typed.startsWith('...') ? '...' : '';
  const start = typed.slice(dots.length);
  return [
    ...new Set(
      units
        .filter((unit) => unit.startsWith(start))
        .map((unit) => {
          const end = unit.indexOf('/', start.length);
          return dots + (end < 0 ? unit : unit.slice(0, end + 1));
        }),
    ),
  ].toSorted();
}

function begun(words: readonly string[], typed: string): readonly string[] {
  return [...new Set(words.filter((word) => word.startsWith(typed)))].toSorted();
}

function optionNamed(command: Command, word: string | undefined) {
  return word === undefined ? undefined : command.options.find(({ long, short }) => word === long || word === short);
}

function takesValue(command: Command, word: string | undefined): boolean {
  const option = optionNamed(command, word);
  return option !== undefined && (option.required || option.optional);
}

export const shells = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof shells)[number];

/** The script that a shell reads once; it asks `terrace complete` for each word. Works for the installed program and for `npx`. */
export function completionScript(shell: Shell): string {
  return scripts[shell];
}

/** How the program is found: installed, else in the project's packages. */
const found = `_terrace_run() {
  if [ -n "$(type -P terrace 2>/dev/null || whence -p terrace 2>/dev/null)" ]; then command terrace "$@"; else npx --no terrace "$@"; fi
}`;

const scripts: Readonly<Record<Shell, string>> = {
  bash: `# eval "$(npx --no terrace completion bash)"
${found}
_terrace() {
  local line
  COMPREPLY=()
  while IFS= read -r line; do COMPREPLY+=("$line"); done < <(_terrace_run complete -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
  if [ "\${#COMPREPLY[@]}" -eq 1 ] && [ "\${COMPREPLY[0]%/}" != "\${COMPREPLY[0]}" ]; then compopt -o nospace 2>/dev/null; fi
}
complete -F _terrace terrace
`,
  zsh: `# eval "$(npx --no terrace completion zsh)"
${found}
_terrace() {
  local -a open closed
  local word
  for word in \${(f)"$(_terrace_run complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)"}; do
    if [[ $word == */ ]]; then open+=("$word"); else closed+=("$word"); fi
  done
  compadd -S '' -- $open
  compadd -- $closed
}
compdef _terrace terrace
`,
  fish: `# npx --no terrace completion fish | source
function _terrace_complete
    set -l words (commandline -opc)[2..] (commandline -ct)
    if command -q terrace
        command terrace complete -- $words 2>/dev/null
    else
        npx --no terrace complete -- $words 2>/dev/null
    end
end
complete -c terrace -f -a '(_terrace_complete)'
`,
};
