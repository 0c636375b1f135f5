import { depths, overlayNames, type Depth, type OverlayName, type PageData } from './page-data';

/** Where somebody looks from: pixels of the picture at the window's corner, and how many pixels of the window one of them takes. */
export interface Camera {
  readonly x: number;
  readonly y: number;
  readonly scale: number;
}

/** Everything that decides what is seen; the address holds it whole. */
export interface ViewState {
  /** Boxes of this depth are shown, those above are open. */
  readonly depth: Depth;
  /** Boxes that are open or closed against `depth`. */
  readonly turned: ReadonlySet<string>;
  readonly selected?: string;
  readonly text: string;
  readonly provider: string;
  readonly kind: string;
  readonly environment: string;
  readonly tag: string;
  readonly needs: boolean;
  readonly traffic: boolean;
  /** Arrows that a way over others already says. */
  readonly implied: boolean;
  /** Every region by itself, also those that are alike. */
  readonly each: boolean;
  readonly overlay?: OverlayName;
  /** Ids of two environments. */
  readonly compare?: readonly [string, string];
  /** Absent: the whole picture fits the window. */
  readonly camera?: Camera;
}

export function firstState({ start, overlays }: PageData): ViewState {
  const overlay = overlayNames.find((name) => overlays[name] !== undefined);
  return {
    depth: start.depth,
    turned: new Set(),
    text: '',
    provider: '',
    kind: '',
    environment: '',
    tag: '',
    needs: start.edges === 'needs',
    traffic: start.edges === 'traffic',
    implied: false,
    each: false,
    ...(overlay === undefined ? {} : { overlay }),
  };
}

export type Change =
  | { readonly kind: 'turn' | 'select'; readonly id: string }
  | { readonly kind: 'depth'; readonly depth: Depth }
  | { readonly kind: 'filter'; readonly name: 'text' | 'provider' | 'kind' | 'environment' | 'tag'; readonly value: string }
  | { readonly kind: 'switch'; readonly name: 'needs' | 'traffic' | 'implied' | 'each' }
  | { readonly kind: 'overlay'; readonly name: OverlayName | undefined }
  | { readonly kind: 'compare'; readonly pair: readonly [string, string] | undefined }
  | { readonly kind: 'camera'; readonly camera: Camera | undefined }
  | { readonly kind: 'deselect' | 'clear' };

/** The state after a change. What changes the picture's size makes it fit again only where the reader did not move it. */
export function changed(state: ViewState, change: Change): ViewState {
  switch (change.kind) {
    case 'turn': {
      const turned = new Set(state.turned);
      if (!turned.delete(change.id)) turned.add(change.id);
      return { ...state, turned };
    }
    case 'select':
      return { ...state, selected: change.id };
    case 'deselect': {
      const { selected: _, ...rest } = state;
      return rest;
    }
    case 'depth': {
      const { camera: _, ...rest } = state;
      return { ...rest, depth: change.depth, turned: new Set() };
    }
    case 'filter': {
      const { camera: _, ...rest } = state;
      return { ...rest, [change.name]: change.value };
    }
    case 'switch': {
      const { camera: _, ...rest } = state;
      return { ...(change.name === 'each' ? rest : state), [change.name]: !state[change.name] };
    }
    case 'overlay': {
      const { overlay: _, ...rest } = state;
      return change.name === undefined ? rest : { ...rest, overlay: change.name };
    }
    case 'compare': {
      const { compare: _, camera: _camera, ...rest } = state;
      return change.pair === undefined ? rest : { ...rest, compare: change.pair, environment: '' };
    }
    case 'camera': {
      const { camera: _, ...rest } = state;
      return change.camera === undefined ? rest : { ...rest, camera: change.camera };
    }
    case 'clear': {
      const { camera: _, compare: _compare, ...rest } = state;
      return { ...rest, text: '', provider: '', kind: '', environment: '', tag: '' };
    }
  }
}

/** True where what lies in a box is shown. */
export function isOpen(state: Pick<ViewState, 'depth' | 'turned'>, node: { readonly id: string; readonly depth: Depth }): boolean {
  return depths.indexOf(node.depth) < depths.indexOf(state.depth) !== state.turned.has(node.id);
}
