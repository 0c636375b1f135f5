import type { VNode } from 'preact';

import type { Details } from '../details';
import type { Choices } from '../matches';
import type { PageData } from '../page-data';
import type { Scene } from '../scene';
import type { Camera, Change, ViewState } from '../state';
import { Elsewhere, Panel } from './panel';
import { Toolbar } from './toolbar';

export interface AppProps {
  readonly data: PageData;
  readonly choices: Choices;
  readonly state: ViewState;
  readonly scene: Scene;
  readonly camera: Camera;
  readonly details: Details | undefined;
  /** The scene as it is drawn; the same one as long as nothing of it changed. */
  readonly drawn: VNode;
  readonly wide: boolean;
  readonly theme: string;
  readonly dispatch: (change: Change) => void;
  readonly download: () => void;
  readonly turnTheme: () => void;
  readonly zoom: (factor: number) => void;
}

/** The whole page. */
export function App(props: AppProps) {
  const { state, scene, camera, details, dispatch } = props;
  const overlay = state.overlay === undefined || state.compare !== undefined ? undefined : props.data.overlays[state.overlay];
  return (
    <>
      <Toolbar {...props} />
      <main id="stage">
        <svg id="picture" role="group" aria-label={`Diagram of ${props.data.title}`} tabIndex={0}>
          <g id="camera" transform={`scale(${camera.scale}) translate(${-camera.x} ${-camera.y})`}>
            {props.drawn}
          </g>
        </svg>
        {scene.boxes.length === 0 && <p id="nothing">Nothing fits the search and the filters.</p>}
        {overlay !== undefined && overlay.elsewhere.length > 0 && <Elsewhere overlay={overlay} />}
        <div id="legend">
          <span class="l-needs">needs: what is used → what uses it</span>
          <span class="l-traffic">traffic: caller → called</span>
          <span class="l-up">upstream</span>
          <span class="l-down">downstream</span>
          <details>
            <summary>keys</summary>
            <kbd>/</kbd> search <kbd>←↑↓→</kbd> move <kbd>Enter</kbd> open <kbd>Space</kbd> details <kbd>1–6</kbd> depth <kbd>n</kbd>{' '}
            <kbd>t</kbd> <kbd>i</kbd> arrows <kbd>+</kbd> <kbd>−</kbd> <kbd>0</kbd> zoom <kbd>s</kbd> SVG
          </details>
        </div>
      </main>
      {details !== undefined && (
        <Panel details={details} select={(id) => dispatch({ kind: 'select', id })} close={() => dispatch({ kind: 'deselect' })} />
      )}
    </>
  );
}
