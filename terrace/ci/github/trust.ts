import { TerraceError, type Problem } from '../../base/errors';
import type { SourceRepository } from '../../tree/ci-values';

/** The workflow whose jobs may take a role: generated, and called at the protected branch. */
export const roundWorkflow = '.github/workflows/_round.yml';

/** What a role asks of a job's token. */
export interface JobTrust {
  readonly subjects: readonly string[];
  /** Other claims, by name: which workflow at which branch, and which repository by its number. */
  readonly claims: Readonly<Record<string, string>>;
}

/** Form of the subjects that roles of a repository trust. */
export function subjectForm({ id, ownerId, subjects }: SourceRepository): NonNullable<SourceRepository['subjects']> {
  return subjects ?? (id !== undefined && ownerId !== undefined ? 'immutable' : 'names');
}

/**
 * What a role has to ask so that only jobs of one deployment environment may take it, from the generated workflow at the protected branch.
 * With ids the subject has the form of repositories made or renamed since 2026-07-15, which a recycled name cannot have; while `migrating`,
 * both forms. Raises E2211 for a name that is no `<owner>/<name>`, and for ids that are missing or no numbers.
 */
export function jobTrust(repository: SourceRepository, environment: string, branch = 'main'): JobTrust {
  const { name, id, ownerId } = repository;
  const subjects = subjectForm(repository);
  const problems: Problem[] = [];
  if (!/^[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\/[A-Za-z0-9._-]+$/.test(name))
    problems.push(malformed(`'${name}'`, '<owner>/<name> of one repository', 'correct it'));
  if ([id, ownerId].some((one) => one !== undefined && !(Number.isSafeInteger(one) && one > 0)))
    problems.push(malformed(`ids ${ownerId} and ${id}`, 'the numbers of owner and repository', 'read them from the API of GitHub'));
  if (subjects !== 'names' && (id === undefined || ownerId === undefined))
    problems.push(malformed(`subjects '${subjects}' without both ids`, 'id and ownerId', 'give both, or subjects: names'));
  if (problems.length > 0) throw new TerraceError(problems);
  const [owner = '', short = ''] = name.split('/');
  const byName = `repo:${name}:environment:${environment}`;
  const byId = `repo:${owner}@${ownerId}/${short}@${id}:environment:${environment}`;
  return {
    subjects: subjects === 'names' ? [byName] : subjects === 'immutable' ? [byId] : [byId, byName],
    claims: {
      job_workflow_ref: `${name}/${roundWorkflow}@refs/heads/${branch}`,
      ...(id === undefined ? {} : { repository_id: String(id) }),
    },
  };
}

function malformed(found: string, expected: string, todo: string): Problem {
  return { code: 'E2211', title: 'malformed repository', place: 'ci.repository', found, expected, todo };
}
