/** Files whose change alone may change every unit: what runs, and with what. Paths are relative to the repository, with `/`. */
const toolchain: readonly RegExp[] = [
  /^package(-lock)?\.json$/,
  /^npm-shrinkwrap\.json$/,
  /^tsconfig\.json$/,
  /^cdktf\.json$/,
  /^\.(node-version|nvmrc|terraform-version|opentofu-version|tool-versions)$/,
  /^schemas\//,
  /^scripts\//,
  /^terrace\/(bin\/|package\.json$)/,
  /(^|\/)\.terraform\.lock\.hcl$/,
];

/** Files that units are made of. */
const infrastructure: readonly RegExp[] = [
  /^main\.ts$/,
  /^(stacks|envcommon|modules|backend)\//,
  /^terrace\/(base|model|state|tree|synth)\//,
  /^live\//,
];

/** Where the source of units lies, as git takes it. */
export const infrastructureFolders = ['main.ts', 'stacks', 'envcommon', 'modules', 'backend'] as const;

/** Files that judge a change (G13): a change of them is itself a finding. */
const rules: readonly RegExp[] = [
  /^terrace\.(approvals|environments)\.json$/,
  /^policies\//,
  /^\.github\/(workflows|actions)\//,
  /^\.github\/CODEOWNERS$|^CODEOWNERS$/,
  /^package-lock\.json$/,
  /(^|\/)\.terraform\.lock\.hcl$/,
];

export function toolchainFiles(changed: readonly string[]): readonly string[] {
  return matching(changed, toolchain);
}

export function infrastructureFiles(changed: readonly string[]): readonly string[] {
  return matching(changed, [...toolchain, ...infrastructure]);
}

export function ruleFiles(changed: readonly string[]): readonly string[] {
  return matching(changed, rules);
}

/** Systems whose committed provider lock file is among the files; undefined where another toolchain file is, which concerns all. */
export function systemsOfLockFiles(files: readonly string[]): readonly string[] | undefined {
  const systems = files.map((file) => /^stacks\/([^/]+)\/\.terraform\.lock\.hcl$/.exec(file)?.[1]);
  return systems.every((system) => system !== undefined) ? [...new Set(systems)] : undefined;
}

function matching(files: readonly string[], patterns: readonly RegExp[]): readonly string[] {
  return files.filter((file) => patterns.some((pattern) => pattern.test(file))).toSorted();
}
