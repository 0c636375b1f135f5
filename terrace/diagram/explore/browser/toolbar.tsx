import type { ComponentChildren } from 'preact';

import { providerName } from '../../render/palette';
import { kindNames, kinds } from '../../describe/kinds';
import type { Choices } from '../matches';
import { depths, overlayNames, type PageData } from '../page-data';
import type { Scene } from '../scene';
import type { Change, ViewState } from '../state';

interface ToolbarProps {
  readonly data: PageData;
  readonly choices: Choices;
  readonly state: ViewState;
  readonly scene: Scene;
  readonly wide: boolean;
  readonly dispatch: (change: Change) => void;
  readonly download: () => void;
  readonly theme: string;
  readonly turnTheme: () => void;
  readonly zoom: (factor: number) => void;
}

const names: Readonly<Record<(typeof depths)[number], string>> = {
  system: 'systems',
  environment: 'environments',
  region: 'regions',
  layer: 'layers',
  unit: 'units',
  resource: 'resources',
};

/** Search, filters, switches and everything else that changes the view. */
export function Toolbar(props: ToolbarProps) {
  const { data, choices, state, scene, dispatch } = props;
  const filter = (name: 'provider' | 'kind' | 'environment' | 'tag') => (value: string) => dispatch({ kind: 'filter', name, value });
  return (
    <header id="bar">
      <h1>{data.title}</h1>
      <label class="search">
        <span class="sr">Search</span>
        <input
          id="q"
          type="search"
          placeholder="Search  /"
          value={state.text}
          onInput={(event) => dispatch({ kind: 'filter', name: 'text', value: event.currentTarget.value })}
        />
      </label>
      <output id="count" aria-live="polite">
        {countText(scene, state)}
      </output>
      <details id="more" open={props.wide}>
        <summary>View</summary>
        <div class="controls">
          <Select
            id="depth"
            label="show"
            value={state.depth}
            change={(value) => dispatch({ kind: 'depth', depth: depths.find((one) => one === value) ?? 'unit' })}
          >
            {depths.map((depth) => (
              <option key={depth} value={depth}>
                {names[depth]}
              </option>
            ))}
          </Select>
          <Switch name="needs" label="needs" state={state} dispatch={dispatch} />
          <Switch name="traffic" label="traffic" state={state} dispatch={dispatch} />
          <Switch name="implied" label="implied" state={state} dispatch={dispatch} />
          {data.alike.length > 0 && <Switch name="each" label="each region" state={state} dispatch={dispatch} />}
          <Select id="provider" label="provider" value={state.provider} change={filter('provider')}>
            <Choice value="" text="every provider" />
            {choices.providers.map((one) => (
              <Choice key={one} value={one} text={providerName(one)} />
            ))}
          </Select>
          <Select id="kind" label="kind" value={state.kind} change={filter('kind')}>
            <Choice value="" text="every kind" />
            {kinds
              .filter((kind) => choices.kinds.includes(kind))
              .map((kind) => (
                <Choice key={kind} value={kind} text={kindNames[kind]} />
              ))}
          </Select>
          <Select id="environment" label="environment" value={state.environment} change={filter('environment')}>
            <Choice value="" text="every environment" />
            {choices.environments.map((one) => (
              <Choice key={one} value={one} text={one} />
            ))}
          </Select>
          {choices.tags.length > 0 && (
            <Select id="tag" label="tag" value={state.tag} change={filter('tag')}>
              <Choice value="" text="every tag" />
              {choices.tags.map((one) => (
                <Choice key={one} value={one} text={one} />
              ))}
            </Select>
          )}
          {Object.keys(data.overlays).length > 0 && (
            <Select
              id="overlay"
              label="overlay"
              value={state.overlay ?? ''}
              change={(value) => dispatch({ kind: 'overlay', name: overlayNames.find((one) => one === value) })}
            >
              <Choice value="" text="no overlay" />
              {overlayNames
                .filter((name) => data.overlays[name] !== undefined)
                .map((name) => (
                  <Choice key={name} value={name} text={data.overlays[name]?.title ?? name} />
                ))}
            </Select>
          )}
          {choices.environments.length > 1 && <Compare choices={choices} state={state} dispatch={dispatch} />}
          <button type="button" id="clear" onClick={() => dispatch({ kind: 'clear' })}>
            clear
          </button>
          <div class="zoom">
            <button type="button" aria-label="Zoom out" onClick={() => props.zoom(1 / 1.3)}>
              −
            </button>
            <button type="button" aria-label="Zoom in" onClick={() => props.zoom(1.3)}>
              +
            </button>
            <button type="button" id="fit" onClick={() => dispatch({ kind: 'camera', camera: undefined })}>
              fit
            </button>
          </div>
          <button type="button" id="svg" onClick={props.download} title="SVG of what is seen (s)">
            SVG
          </button>
          <button type="button" id="theme" title="Theme" onClick={props.turnTheme}>
            {props.theme}
          </button>
        </div>
      </details>
    </header>
  );
}

/** What the search, the filters or the comparison found, as one line. */
export function countText({ matches, comparison }: Scene, { compare }: ViewState): string {
  if (comparison === undefined || compare === undefined) return `${matches.count.toLocaleString('en')} boxes`;
  const [left, right] = compare.map((id) => id.slice(id.lastIndexOf('/') + 1));
  const { counts } = comparison;
  return `${counts.same} the same, ${counts.differ} differ, ${counts.left} only ${left ?? ''}, ${counts.right} only ${right ?? ''}`;
}

function Compare({ choices, state, dispatch }: Pick<ToolbarProps, 'choices' | 'state' | 'dispatch'>) {
  const [left = '', right = ''] = state.compare ?? [];
  const choose = (one: string, other: string): void => {
    const second = other === '' || other === one ? (choices.environments.find((each) => each !== one) ?? '') : other;
    dispatch({ kind: 'compare', pair: one === '' ? undefined : [one, second] });
  };
  const options = choices.environments.map((one) => <Choice key={one} value={one} text={one} />);
  return (
    <>
      <Select id="left" label="compare" value={left} change={(value) => choose(value, right)}>
        <Choice value="" text="compare …" />
        {options}
      </Select>
      {state.compare !== undefined && (
        <Select id="right" label="with" value={right} change={(value) => choose(left, value)}>
          {options}
        </Select>
      )}
    </>
  );
}

interface SelectProps {
  readonly id: string;
  readonly label: string;
  readonly value: string;
  readonly change: (value: string) => void;
  readonly children: ComponentChildren;
}

function Select({ id, label, value, change, children }: SelectProps) {
  return (
    <label class="choice">
      <span class="sr">{label}</span>
      <select id={id} value={value} onChange={(event) => change(event.currentTarget.value)}>
        {children}
      </select>
    </label>
  );
}

function Choice({ value, text }: { readonly value: string; readonly text: string }) {
  return <option value={value}>{text}</option>;
}

interface SwitchProps {
  readonly name: 'needs' | 'traffic' | 'implied' | 'each';
  readonly label: string;
  readonly state: ViewState;
  readonly dispatch: (change: Change) => void;
}

function Switch({ name, label, state, dispatch }: SwitchProps) {
  return (
    <label class="switch">
      <input type="checkbox" id={name} checked={state[name]} onChange={() => dispatch({ kind: 'switch', name })} />
      <span class={`a-${name}`}>{label}</span>
    </label>
  );
}
