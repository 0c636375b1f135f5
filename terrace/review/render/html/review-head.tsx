import { severities } from '../../findings/finding';
import { instant } from '../../model/next-step';
import type { ReviewedPlace } from '../../model/places';
import type { Review } from '../../model/review';
import { approvalText, authorText, protectedWord } from '../head-lines';
import { cut, visible } from '../value-text';
import { countsText, plural } from '../words';

/** Places beyond this many are folded. */
const shownPlaces = 3;

function Place({ place: { system, environment, regions, account, protected: isProtected } }: { readonly place: ReviewedPlace }) {
  return (
    <li>
      {isProtected && <span class="prod">{protectedWord}</span>}
      <b>
        {visible(system)}/{visible(environment)}
      </b>
      <span>{visible(regions.join(', '))}</span>
      {account !== undefined && <span>account {visible(account)}</span>}
    </li>
  );
}

/** Where it happens and whose change it is. */
function Where({ review }: { readonly review: Review }) {
  const { bundle, commit, places } = review;
  const author = authorText(review);
  const id = bundle.commit?.slice(0, 12) ?? 'none';
  return (
    <>
      <ul class="where">
        {places.slice(0, shownPlaces).map((place) => (
          <Place place={place} />
        ))}
      </ul>
      {places.length > shownPlaces && (
        <details class="more">
          <summary>{plural(places.length - shownPlaces, 'more environment')}</summary>
          <ul class="where">
            {places.slice(shownPlaces).map((place) => (
              <Place place={place} />
            ))}
          </ul>
        </details>
      )}
      <p class="by">
        commit {commit?.link === undefined ? <code>{id}</code> : <a href={commit.link}>{id}</a>}
        {commit !== undefined && <span class="msg"> {cut(visible(commit.subject), 160)}</span>}
        {author !== undefined && <> by {author}</>}
      </p>
    </>
  );
}

/** The worst thing that was found, in one line. */
function Worst({ review }: { readonly review: Review }) {
  const refused = review.policies?.find(({ severity }) => severity === 'deny');
  const [finding] = review.findings;
  if (refused !== undefined)
    return (
      <p class="worst">
        <a class="sv s-critical" href="#policies">
          refused
        </a>{' '}
        <b>{visible(refused.policy)}</b> {cut(visible(refused.message), 140)}
      </p>
    );
  if (finding === undefined) return <p class="worst">No findings.</p>;
  const link = finding.change === undefined ? '#findings' : `#c-${finding.change}`;
  return (
    <p class="worst">
      <a class={`sv s-${finding.severity}`} href={link}>
        {finding.severity}
      </a>{' '}
      <b>{finding.title}:</b> {cut(visible(finding.reason), 140)}
    </p>
  );
}

function Counts({ review }: { readonly review: Review }) {
  const found = severities
    .map((severity) => [severity, review.findings.filter((one) => one.severity === severity).length] as const)
    .filter(([, count]) => count > 0);
  if (review.findings.length < 2) return null;
  return (
    <p class="sev">
      {found.map(([severity, count]) => (
        <a class={`sv s-${severity}`} href="#findings">
          {count} {severity}
        </a>
      ))}
    </p>
  );
}

/** What a reviewer at night must see before anything else: where, how much, the worst of it, and what comes next. */
export function ReviewHead({ review }: { readonly review: Review }) {
  const touched = review.units.filter(({ status }) => status === 'changes').length;
  const waiting = review.units.filter(({ status }) => status === 'deferred').length;
  const failed = review.units.filter(({ status }) => status === 'failed').length;
  const mocks = review.units.some((unit) => unit.mocks.length > 0);
  const isProtected = review.places.some((place) => place.protected);
  return (
    <section class={`vd${isProtected ? ' pr' : ''}`} aria-label="Summary">
      <Where review={review} />
      <p class="big">
        {countsText(review.counts)} <span class="in">in {plural(touched, 'unit')}</span>
      </p>
      <Worst review={review} />
      <p class="nx">
        <span>next </span>
        <code id="next-command">{visible(review.next.command)}</code>
      </p>
      <Counts review={review} />
      {mocks && <p class="ban">Planned with mocks: this bundle can be read, and never be applied.</p>}
      {failed > 0 && <p class="ban">{plural(failed, 'unit')} could not be planned: what is below is not the whole change.</p>}
      {waiting > 0 && (
        <p class="nt">
          {plural(waiting, 'unit')} {waiting === 1 ? 'waits for a later round and is' : 'wait for a later round and are'} planned and
          approved then.
        </p>
      )}
      {review.bundle.dirty && <p class="nt">Planned from a work tree with uncommitted changes.</p>}
    </section>
  );
}

/** The end of the page: the command once more, who may approve, how many are needed and given, what freezes it, when it expires. */
export function WhatNext({ review }: { readonly review: Review }) {
  const { next, bundle } = review;
  return (
    <section id="next" class="vd">
      <h2>What next</h2>
      <p>
        <strong>{next.step}</strong>: {visible(next.because)}
      </p>
      <p class="nx">
        <code>{visible(next.command)}</code>
      </p>
      {next.approvals.length > 0 && (
        <ul class="apr">
          {next.approvals.map((one) => (
            <li>
              <b>{visible(one.environment)}</b>: {visible(approvalText(one))}
              {one.freeze !== undefined && <span class="ban">frozen now: {visible(one.freeze)}</span>}
            </li>
          ))}
        </ul>
      )}
      <p class="nt">
        {next.rules !== undefined && <>Approval rules of {next.rules === 'sandbox' ? 'the sandbox' : visible(next.rules)}. </>}
        {next.approvals.length > 0 && next.approvals.every(({ freeze }) => freeze === undefined) && 'No freeze now. '}
        Expires <time dateTime={bundle.expiresAt}>{instant(bundle.expiresAt)}</time>.
      </p>
      <p class="nt">
        Approve exactly this bundle: <code>{bundle.hash}</code>
      </p>
    </section>
  );
}
