import { plain, type Paint } from '../../base/paint';
import { instant, type NeededApprovals } from '../model/next-step';
import type { ReviewedPlace } from '../model/places';
import type { Review } from '../model/review';

import { cut, visible } from './value-text';

/** What a protected environment is called, in red wherever there is colour. */
export const protectedWord = 'PRODUCTION';

/** `olechka/production  eu-central-1, eu-west-1  account 025066254478`. */
export function placeText({ system, environment, regions, account }: ReviewedPlace): string {
  return [`${system}/${environment}`, regions.join(', '), ...(account === undefined ? [] : [`account ${account}`])].map(visible).join('  ');
}

/** Who wrote the commit: of the commit itself, else of what the bundle says. */
export function authorText({ commit, bundle }: Review): string | undefined {
  const text = commit?.author ?? bundle.authors?.join(', ') ?? '';
  return text === '' ? undefined : visible(text);
}

/** `1 of 2 approvals, by alice@example.org; bob@example.org or carol@example.org may approve`. */
export function approvalText({ needed, given, approvers }: NeededApprovals): string {
  const by = given.length === 0 ? '' : `, by ${given.join(' and ')}`;
  const left = approvers.filter((one) => !given.includes(one));
  if (given.length >= needed) return `${given.length} of ${needed} approvals${by}`;
  return `${given.length} of ${needed} approvals${by}; ${left.length === 0 ? 'nobody else may approve' : `${orList(left)} may approve`}`;
}

function orList(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`;
}

/** Where a change happens, and whose it is: what stands first wherever a bundle is shown. */
export function whereLines(review: Review, paint: Paint = plain): readonly string[] {
  const { bundle, commit, places } = review;
  const author = authorText(review);
  return [
    ...places.map((place) => `${place.protected ? `${paint('critical', ` ${protectedWord} `)} ` : ''}${paint('strong', placeText(place))}`),
    [
      `commit ${bundle.commit?.slice(0, 12) ?? 'none'}`,
      ...(commit === undefined ? [] : [`"${cut(visible(commit.subject), 120)}"`]),
      ...(author === undefined ? [] : [`by ${author}`]),
    ].join(' '),
    ...(commit?.link === undefined ? [] : [visible(commit.link)]),
  ];
}

/** What still stands between a bundle and its apply: approvals, freezes, hash and expiry. */
export function approvalLines({ next, bundle }: Review, paint: Paint = plain): readonly string[] {
  return [
    ...next.approvals.map((one) => visible(`${one.environment}: ${approvalText(one)}`)),
    ...next.approvals.flatMap(({ environment, freeze }) =>
      freeze === undefined ? [] : [paint('bad', visible(`${environment} is frozen: ${freeze}`))],
    ),
    `bundle ${bundle.hash}, expires ${instant(bundle.expiresAt)}`,
  ];
}

/** What is to be done with it: the last lines wherever a bundle is shown, with the command as the last one. */
export function nextLines(review: Review, paint: Paint = plain): readonly string[] {
  const { next } = review;
  return [...approvalLines(review, paint), `next: ${visible(next.because)}`, `  ${paint('strong', visible(next.command))}`];
}
