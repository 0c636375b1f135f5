/** Variable that lists the names which `sandbox env` has set or blanked in a shell. */
const namesVariable = 'TERRACE_SANDBOX_NAMES';

/** Stands for the shell's own process id in a value, see {@link enterLines}. */
export const shellPid = 909_090_909;

/**
 * POSIX shell code that enters a sandbox: keeps what the shell has now in variables that are not exported, so that no program sees it,
 * then exports the values and unsets the blanked names. `listed` names what an earlier `sandbox env` of this shell has kept already.
 */
export function enterLines(values: Readonly<Record<string, string>>, listed: readonly string[]): readonly string[] {
  const names = Object.keys(values).filter((name) => /^[A-Za-z_]\w*$/.test(name));
  const all = [...new Set([...listed, ...names])].sort();
  return [
    // Under `set -a` the kept values would be exported after all.
    'case $- in *a*) set +a; _terrace_allexport=1 ;; esac',
    ...names.filter((name) => !listed.includes(name)).map((name) => `${kept(name)}="\${${name}-}"; ${kept(name)}_set="\${${name}+x}"`),
    // Set by an earlier sandbox env, not by this one: a variable that the tree no longer has.
    ...listed.filter((name) => !names.includes(name)).map((name) => `unset ${name}`),
    ...names.map((name) => (values[name] === '' ? `unset ${name}` : `export ${name}=${quoted(values[name] ?? '')}`)),
    `export ${namesVariable}=${quoted(all.join(' '))}`,
    'if [ -n "${_terrace_allexport-}" ]; then set -a; unset _terrace_allexport; fi',
  ];
}

/** POSIX shell code that puts back what the shell had before {@link enterLines}. */
export function leaveLines(listed: readonly string[]): readonly string[] {
  return [
    ...listed.map(
      (name) =>
        `if [ -n "\${${kept(name)}_set-}" ]; then export ${name}="$${kept(name)}"; else unset ${name}; fi; unset ${kept(name)} ${kept(name)}_set`,
    ),
    `unset ${namesVariable}`,
  ];
}

/** Names of an earlier `sandbox env`, as the shell's environment lists them. */
export function listedNames(environment: Readonly<NodeJS.ProcessEnv>): readonly string[] {
  return (environment[namesVariable] ?? '').split(' ').filter((name) => /^[A-Za-z_]\w*$/.test(name));
}

function kept(name: string): string {
  return `_terrace_before_${name}`;
}

function quoted(value: string): string {
  return `'${value.replaceAll("'", `'\\''`)}'`.replaceAll(String(shellPid), () => `'"$$"'`);
}
