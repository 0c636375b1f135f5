/** Environment variables over others; an empty value removes, as `sandbox env` means it. */
export function withVariables(base: NodeJS.ProcessEnv, over: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries({ ...base, ...over }).filter(([name, value]) => value !== undefined && over[name] !== ''));
}
