import type { Details, Neighbour } from '../details';
import type { Mark, Overlay } from '../page-data';

interface PanelProps {
  readonly details: Details;
  readonly select: (id: string) => void;
  readonly close: () => void;
}

/** What is known of the selected box. */
export function Panel({ details, select, close }: PanelProps) {
  const { node, around, marks, differences } = details;
  return (
    <aside id="panel" aria-label={`About ${node.title}`}>
      <header>
        <p class="crumbs">
          {around.map((outer) => (
            <Link key={outer.id} id={outer.id} title={outer.title} select={select} />
          ))}
        </p>
        <h2>{node.title}</h2>
        <p class="soft">{node.depth === 'resource' ? node.subtitle : `${node.depth} · ${node.subtitle}`}</p>
        <button type="button" class="close" aria-label="Close the panel" onClick={close}>
          ×
        </button>
      </header>
      <dl>
        {node.place !== undefined && <Fact name="source" value={node.place} />}
        {node.wave !== undefined && <Fact name="wave" value={String(node.wave)} />}
        {node.round !== undefined && <Fact name="round" value={`${node.round} of a first deploy`} />}
        {node.provider !== undefined && <Fact name="provider" value={node.provider} />}
        {node.depth === 'unit' || node.depth === 'resource' ? null : <Fact name="resources" value={String(details.inside)} />}
        {node.planned === true && <Fact name="planned" value="not built yet" />}
      </dl>
      {marks.map(([name, mark]) => (
        <Marked key={name} name={name} mark={mark} />
      ))}
      {details.found.length > 0 && (
        <section class="marked">
          <h3>Findings inside</h3>
          {details.found.map(([box, findings]) => (
            <div key={box.id}>
              <Link id={box.id} title={box.title} select={select} />
              <Findings list={findings} />
            </div>
          ))}
        </section>
      )}
      {differences.length > 0 && (
        <section>
          <h3>Differs</h3>
          {differences.map(({ name, values }) => (
            <div key={name} class="differs">
              <b>{name}</b>
              <code class="left">{values[0] ?? 'absent'}</code>
              <code class="right">{values[1] ?? 'absent'}</code>
            </div>
          ))}
        </section>
      )}
      <Neighbours title="Called by" list={details.calledBy} select={select} />
      <Neighbours title="Calls" list={details.calls} select={select} />
      <Neighbours title="Uses" list={details.uses} select={select} />
      <Neighbours title="Used by" list={details.usedBy} select={select} />
      <Pairs title="Outputs" list={node.outputs ?? []} />
      <Pairs title="Attributes" list={node.facts ?? []} />
      {(node.tags ?? []).length > 0 && (
        <section>
          <h3>Tags</h3>
          <p class="tags">
            {node.tags?.map((tag) => (
              <code key={tag}>{tag}</code>
            ))}
          </p>
        </section>
      )}
    </aside>
  );
}

function Fact({ name, value }: { readonly name: string; readonly value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}

function Marked({ name, mark }: { readonly name: string; readonly mark: Mark }) {
  return (
    <section class={`marked t-${mark.tone}`}>
      <h3>
        {name} <b>{mark.word}</b>
      </h3>
      {mark.notes.map((note) => (
        <p key={note}>{note}</p>
      ))}
      <Findings list={mark.findings ?? []} />
    </section>
  );
}

function Findings({ list }: { readonly list: NonNullable<Mark['findings']> }) {
  return (
    <>
      {list.map(({ severity, title, reason }) => (
        <p key={title + reason} class="finding">
          <b class={`s-${severity}`}>{severity}</b> {title}
          <span class="soft">{reason}</span>
        </p>
      ))}
    </>
  );
}

interface NeighboursProps {
  readonly title: string;
  readonly list: readonly Neighbour[];
  readonly select: (id: string) => void;
}

function Neighbours({ title, list, select }: NeighboursProps) {
  if (list.length === 0) return null;
  return (
    <section>
      <h3>
        {title} <span class="soft">{list.length}</span>
      </h3>
      <ul>
        {list.map(({ id, title: words, text }) => (
          <li key={id}>
            <Link id={id} title={words} select={select} />
            <span class="soft">{text}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Pairs({ title, list }: { readonly title: string; readonly list: readonly (readonly [string, string])[] }) {
  if (list.length === 0) return null;
  return (
    <section>
      <h3>{title}</h3>
      <dl class="pairs">
        {list.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>
              <code>{value}</code>
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function Link({ id, title, select }: { readonly id: string; readonly title: string; readonly select: (id: string) => void }) {
  return (
    <button type="button" class="link" title={id} onClick={() => select(id)}>
      {title}
    </button>
  );
}

/** What an overlay says of things that the source no longer has. */
export function Elsewhere({ overlay }: { readonly overlay: Overlay }) {
  return (
    <details id="elsewhere">
      <summary>{overlay.elsewhere.length} not in the source</summary>
      <ul>
        {overlay.elsewhere.map((text) => (
          <li key={text}>{text}</li>
        ))}
      </ul>
    </details>
  );
}
