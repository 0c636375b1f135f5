import { depths, overlayNames } from './page-data';
import type { ViewState } from './state';

const filters = ['text', 'provider', 'kind', 'environment', 'tag'] as const;
const switches = ['needs', 'traffic', 'implied', 'each'] as const;

/** What of a state differs from the first one, as the part of an address behind `#`; empty where nothing does. */
export function addressOf(state: ViewState, first: ViewState): string {
  const query = new URLSearchParams();
  if (state.depth !== first.depth) query.set('depth', state.depth);
  for (const id of [...state.turned].sort()) query.append('turn', id);
  if (state.selected !== undefined) query.set('at', state.selected);
  for (const name of filters) if (state[name] !== '') query.set(name, state[name]);
  for (const name of switches) if (state[name] !== first[name]) query.set(name, state[name] ? 'on' : 'off');
  if (state.overlay !== first.overlay) query.set('overlay', state.overlay ?? 'none');
  for (const id of state.compare ?? []) query.append('compare', id);
  if (state.camera !== undefined) {
    const { x, y, scale } = state.camera;
    query.set('camera', [x.toFixed(0), y.toFixed(0), scale.toFixed(3)].join(','));
  }
  const text = query.toString().replaceAll('%2F', '/').replaceAll('%2C', ',');
  return text === '' ? '' : `!${text}`;
}

/** The state that an address means. What it does not say is as at first, and so is what nobody could have written there. */
export function stateOf(address: string, first: ViewState): ViewState {
  if (!address.startsWith('!')) return first;
  const query = new URLSearchParams(address.slice(1));
  const depth = depths.find((one) => one === query.get('depth'));
  const selected = query.get('at');
  const overlay = query.get('overlay');
  const known = overlayNames.find((one) => one === overlay);
  const [left, right] = query.getAll('compare');
  const camera = /^(-?\d+),(-?\d+),(\d+(?:\.\d+)?)$/.exec(query.get('camera') ?? '');
  const { overlay: firstOverlay, ...rest } = first;
  return {
    ...rest,
    ...(depth === undefined ? {} : { depth }),
    turned: new Set(query.getAll('turn')),
    ...(selected === null ? {} : { selected }),
    ...Object.fromEntries(filters.map((name) => [name, query.get(name) ?? ''])),
    ...Object.fromEntries(switches.map((name) => [name, query.has(name) ? query.get(name) === 'on' : first[name]])),
    ...(overlay === null ? (firstOverlay === undefined ? {} : { overlay: firstOverlay }) : known === undefined ? {} : { overlay: known }),
    ...(left === undefined || right === undefined ? {} : { compare: [left, right] as const }),
    ...(camera === null || Number(camera[3]) === 0
      ? {}
      : { camera: { x: Number(camera[1]), y: Number(camera[2]), scale: Number(camera[3]) } }),
  };
}
