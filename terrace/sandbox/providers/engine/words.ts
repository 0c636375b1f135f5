/** The words that a plural may be the plural of, the likeliest first: `addresses` of `address`, `policies` of `policy`, `databases` of `database`. */
export function singularsOf(word: string): string[] {
  if (word === 'indices') return ['index'];
  if (word === 'children') return ['child'];
  if (!word.endsWith('s') || word.endsWith('ss')) return [];
  const found: string[] = [];
  if (word.endsWith('ies')) found.push(`${word.slice(0, -3)}y`);
  if (/(s|x|z|ch|sh)es$/.test(word)) found.push(word.slice(0, -2));
  return [...found, word.slice(0, -1)];
}

/** A snake-case name whose last word stands in the singular, in each way that it may be read. */
export function singularNames(name: string): string[] {
  const words = name.split('_');
  const last = words.pop() ?? '';
  return singularsOf(last).map((one) => [...words, one].join('_'));
}
