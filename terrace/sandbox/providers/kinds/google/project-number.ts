import { RandomStream } from '../../values/random-stream';

/** The number of a project: the same whenever it is asked for. */
export function projectNumber(project: string): string {
  return new RandomStream(`number of project ${project}`).digits(12);
}
