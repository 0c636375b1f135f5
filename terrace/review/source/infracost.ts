import { isObject } from '../../base/json';
import { TerraceError } from '../../base/errors';

/** Infracost's figures for the change, as it states them. */
export interface CostEstimate {
  readonly currency: string;
  /** Per month; null where Infracost gives none. */
  readonly before: number | null;
  readonly after: number | null;
  readonly difference: number | null;
  readonly units: readonly { readonly name: string; readonly difference: number | null }[];
}

/** Infracost writes amounts as texts. */
function amount(value: unknown): number | null {
  const number = typeof value === 'string' && value !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : null;
}

/** Reads `infracost diff --format json` (or `breakdown`). Raises E7002 for anything else. */
export function parseInfracost(text: string, place: string): CostEstimate {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    value = undefined;
  }
  if (!isObject(value) || !Array.isArray(value['projects'])) {
    throw new TerraceError({
      code: 'E7002',
      title: 'unreadable cost estimate',
      place,
      found: 'this is not JSON of Infracost',
      expected: 'an object with `projects`, as `infracost diff --format json` prints',
      todo: 'run infracost again with --format json',
    });
  }
  return {
    currency: typeof value['currency'] === 'string' ? value['currency'] : 'USD',
    before: amount(value['pastTotalMonthlyCost']),
    after: amount(value['totalMonthlyCost']),
    difference: amount(value['diffTotalMonthlyCost']),
    units: value['projects'].filter(isObject).map((project) => ({
      name: typeof project['name'] === 'string' ? project['name'] : '',
      difference: isObject(project['diff']) ? amount(project['diff']['totalMonthlyCost']) : null,
    })),
  };
}
