import { TerraceError } from 'terrace';

/**
 * The GitHub repository whose jobs may assume the roles, `<owner>/<name>`: `GITHUB_REPOSITORY` where it is set (GitHub sets it in
 * every job). Raises E2211 for anything else, above all for a pattern that would match other repositories.
 */
export function repository(): string {
  const name = process.env['GITHUB_REPOSITORY'] ?? 'catherinevee/terragrunt-olechka';
  if (!/^[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\/[A-Za-z0-9._-]+$/.test(name))
    throw new TerraceError({
      code: 'E2211',
      title: 'malformed repository',
      place: 'GITHUB_REPOSITORY',
      found: `'${name}'`,
      expected: '<owner>/<name> of one repository',
      todo: 'correct the variable, or unset it for the default',
    });
  return name;
}
