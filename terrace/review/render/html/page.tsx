import { unitsKey } from '../../model/group';
import type { ChangeGroup, Review } from '../../model/review';
import { plural } from '../words';

import { ChangeCard } from './change-card';
import { Filters } from './filters';
import { FindingsList } from './findings-list';
import { ReviewHead, WhatNext } from './review-head';
import { CostsSection, DriftSection, OutputsSection, PoliciesSection, ReverseSection } from './more-sections';
import { UnitTable } from './unit-table';
import { WaveGraph } from './wave-graph';

interface Section {
  readonly id: string;
  readonly units: readonly string[];
  readonly groups: readonly ChangeGroup[];
}

/** Groups with the same units under one heading, in order of apply. */
function sectionsOf(groups: readonly ChangeGroup[]): readonly Section[] {
  const sections = new Map<string, ChangeGroup[]>();
  for (const group of groups) {
    const key = unitsKey(group);
    const section = sections.get(key);
    if (section === undefined) sections.set(key, [group]);
    else section.push(group);
  }
  return [...sections.values()].map((list, index) => ({
    id: `s-${index + 1}`,
    units: list[0]?.members.map(({ unit }) => unit) ?? [],
    groups: list,
  }));
}

function Facts({ review }: { readonly review: Review }) {
  const { bundle } = review;
  return (
    <dl class="facts">
      <div>
        <dt>round</dt>
        <dd>{bundle.round}</dd>
      </div>
      <div>
        <dt>planned</dt>
        <dd>
          <time dateTime={bundle.createdAt}>{bundle.createdAt.replace('T', ' ').replace(/(?:\.\d+)?Z$/, ' UTC')}</time>
        </dd>
      </div>
      <div>
        <dt>expires</dt>
        <dd>
          <time dateTime={bundle.expiresAt}>{bundle.expiresAt.replace('T', ' ').replace(/(?:\.\d+)?Z$/, ' UTC')}</time>
        </dd>
      </div>
      <div>
        <dt>with</dt>
        <dd>{bundle.terraform}</dd>
      </div>
      <div class="hs">
        <dt>bundle</dt>
        <dd>
          <code id="hash">{bundle.hash}</code>
        </dd>
      </div>
    </dl>
  );
}

/** `network/vpc in 3 units`, with the places below; one unit's whole path. */
function SectionHead({ section }: { readonly section: Section }) {
  const places = section.units.map((unit) => unit.split('/').slice(0, 3).join('/'));
  const one = section.units.length === 1;
  return (
    <>
      <h3>
        {one ? section.units[0] : section.units[0]?.split('/').slice(3).join('/')}
        {!one && <span class="same"> in {plural(section.units.length, 'unit')}</span>}
        <span class="n">{plural(section.groups.length, 'change')}</span>
      </h3>
      {!one && (
        <p class="pls">
          {places.map((place) => (
            <span>{place}</span>
          ))}
        </p>
      )}
    </>
  );
}

/** The body of the page. */
export function Page({ review }: { readonly review: Review }) {
  const sections = sectionsOf(review.groups);
  const unitIndex = new Map(review.units.map((unit, index) => [unit.path, index]));
  const links = new Map(
    review.units.flatMap((unit) => {
      const section = sections.find(({ units }) => units.includes(unit.path));
      return section === undefined ? [] : [[unit.path, section.id] as const];
    }),
  );
  const drifted = review.units.reduce((sum, unit) => sum + unit.drift.length, 0);
  const outputs = review.units.reduce((sum, unit) => sum + unit.outputs.length, 0);
  const { destroyed, replaced, emptied } = review.reverse;
  const back = destroyed.length + replaced.length + emptied.length;
  const parts = [
    ['findings', 'Findings', review.findings.length],
    ...(review.policies === undefined ? [] : [['policies', 'Policies', review.policies.length] as const]),
    ['units', 'Units', review.units.length],
    ['changes', 'Changes', review.groups.length],
    ...(outputs > 0 ? [['outputs', 'Outputs', outputs] as const] : []),
    ...(drifted > 0 ? [['drift', 'Drift', drifted] as const] : []),
    ...(review.costs === undefined ? [] : [['costs', 'Costs', review.costs.units.length] as const]),
    ...(back > 0 ? [['back', 'Rolling back', back] as const] : []),
    ['next', 'What next', undefined],
  ] as const;
  return (
    <>
      <a class="skip" href="#changes">
        to the changes
      </a>
      <header class="top">
        <h1>
          Terrace <span>review</span>
        </h1>
        <button type="button" id="theme" hidden>
          theme: auto
        </button>
      </header>
      <ReviewHead review={review} />
      <nav class="toc" aria-label="Parts of the page">
        <ul>
          {parts.map(([id, title, count]) => (
            <li>
              <a href={`#${id}`}>
                {title} {count !== undefined && <span class="n">{count.toLocaleString('en')}</span>}
              </a>
            </li>
          ))}
        </ul>
        <p class="keys" hidden id="keys">
          <kbd>/</kbd> filter <kbd>j</kbd> <kbd>k</kbd> next, previous change <kbd>n</kbd> next finding <kbd>Enter</kbd> open
        </p>
      </nav>
      <main>
        <Facts review={review} />
        <section id="findings">
          <h2>Findings</h2>
          <FindingsList findings={review.findings} groups={review.groups} />
        </section>
        {review.policies !== undefined && (
          <section id="policies">
            <h2>Policies</h2>
            <PoliciesSection policies={review.policies} />
          </section>
        )}
        <section id="units">
          <h2>Units</h2>
          <UnitTable units={review.units} findings={review.findings} links={links} />
          <WaveGraph units={review.units.filter(({ status }) => status !== 'unchanged')} links={links} />
        </section>
        <section id="changes">
          <h2>Changes</h2>
          {review.groups.length === 0 && <p class="none">No resource changes.</p>}
          {review.groups.length > 0 && <Filters groups={review.groups} findings={review.findings} units={review.units} />}
          <p class="none" id="nothing" hidden>
            Nothing matches the filter.
          </p>
          {sections.map((section) => (
            <section class="us" id={section.id}>
              <SectionHead section={section} />
              {section.groups.map((group) => (
                <ChangeCard group={group} unitIndex={unitIndex} />
              ))}
            </section>
          ))}
        </section>
        {outputs > 0 && (
          <section id="outputs">
            <h2>Outputs that change</h2>
            <OutputsSection units={review.units} />
          </section>
        )}
        {drifted > 0 && (
          <section id="drift">
            <h2>Changed outside terraform</h2>
            <DriftSection units={review.units} />
          </section>
        )}
        {review.costs !== undefined && (
          <section id="costs">
            <h2>Costs</h2>
            <CostsSection costs={review.costs} />
          </section>
        )}
        {back > 0 && (
          <section id="back">
            <h2>Rolling back</h2>
            <ReverseSection reverse={review.reverse} />
          </section>
        )}
        <WhatNext review={review} />
      </main>
    </>
  );
}
