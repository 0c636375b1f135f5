import { h, render, type VNode } from 'preact';

import { addressOf, stateOf } from '../address';
import { anchored, fitting, panned, zoomed } from '../camera';
import { detailsOf } from '../details';
import { choicesOf } from '../matches';
import { nearest, type Way } from '../nearest';
import { depths, type PageData } from '../page-data';
import { pageGraph, reached } from '../page-graph';
import { sceneOf, type Scene } from '../scene';
import { changed, firstState, type Camera, type Change, type ViewState } from '../state';
import { App } from './app';
import { pictureFile } from './picture-file';
import { SceneView, type Lit } from './scene-view';

/** What every part of the picture depends on; the camera changes nothing of the scene, and a selection only where it shows a folded region. */
function sceneKey(state: ViewState, data: PageData): string {
  const { camera: _, selected, ...rest } = state;
  const unfolds = data.alike.some(([, ...others]) => others.some((id) => selected?.startsWith(`${id}/`) === true || selected === id));
  return JSON.stringify({ ...rest, turned: [...rest.turned], selected: unfolds ? selected : undefined });
}

/** Runs the page: the one place that holds what changes, and that touches the document. */
function start(root: HTMLElement, data: PageData): void {
  const graph = pageGraph(data);
  const choices = choicesOf(graph);
  const first = firstState(data);
  const isWide = window.innerWidth >= 900;
  let state = stateOf(location.hash.slice(1), first);
  let hover: number | undefined;
  let key = '';
  let scene: Scene | undefined;
  let drawn: { readonly of: string; readonly node: VNode } | undefined;
  let isWaiting = false;
  let theme = 'auto';

  const sceneNow = (): Scene => {
    const next = sceneKey(state, data);
    if (scene === undefined || next !== key) {
      scene = sceneOf(graph, state);
      key = next;
    }
    return scene;
  };
  const view = (): DOMRect => (document.getElementById('stage') ?? root).getBoundingClientRect();
  const cameraNow = (): Camera => state.camera ?? fitting(sceneNow(), view());
  const litNow = (shown: Scene): Lit | undefined => {
    const at = hover ?? (state.selected === undefined ? undefined : graph.byId.get(state.selected));
    if (at === undefined || !shown.boxes.some(({ index, open }) => index === at && !open)) return undefined;
    return { at, up: reached(shown.arrows, at, 'up'), down: reached(shown.arrows, at, 'down') };
  };

  const draw = (): void => {
    const shown = sceneNow();
    const of = `${key} ${state.selected ?? ''} ${hover ?? ''}`;
    if (drawn?.of !== of) drawn = { of, node: h(SceneView, { scene: shown, selected: state.selected, lit: litNow(shown) }) };
    const app = h(App, {
      data,
      choices,
      state,
      scene: shown,
      camera: cameraNow(),
      details: detailsOf(graph, shown, state),
      drawn: drawn.node,
      wide: isWide,
      theme,
      dispatch,
      download,
      turnTheme,
      zoom: (factor) => zoomBy(factor, { x: view().width / 2, y: view().height / 2 }),
    });
    render(app, root);
  };
  const later = (): void => {
    if (isWaiting) return;
    isWaiting = true;
    requestAnimationFrame(() => {
      isWaiting = false;
      draw();
    });
  };
  const remember = (): void => {
    try {
      const address = addressOf(state, first);
      history.replaceState(null, '', address === '' ? location.pathname + location.search : `#${address}`);
    } catch {
      // Some viewers of files refuse it; the page works without.
    }
  };
  let remembering = 0;
  function dispatch(change: Change): void {
    const before = change.kind === 'turn' ? sceneNow().boxes.find(({ node }) => node.id === change.id) : undefined;
    const camera = cameraNow();
    state = changed(state, change);
    const after = before === undefined ? undefined : sceneNow().boxes.find(({ node }) => node.id === before.node.id);
    if (before !== undefined && after !== undefined) state = changed(state, { kind: 'camera', camera: anchored(camera, before, after) });
    hover = change.kind === 'camera' ? hover : undefined;
    clearTimeout(remembering);
    remembering = window.setTimeout(remember, 120);
    later();
  }
  function zoomBy(factor: number, at: { readonly x: number; readonly y: number }): void {
    dispatch({ kind: 'camera', camera: zoomed(cameraNow(), factor, at) });
  }
  function turnTheme(): void {
    theme = theme === 'auto' ? 'light' : theme === 'light' ? 'dark' : 'auto';
    if (theme === 'auto') delete document.documentElement.dataset['theme'];
    else document.documentElement.dataset['theme'] = theme;
    later();
  }
  function download(): void {
    const picture = document.getElementById('picture');
    if (picture === null) return;
    const { width, height } = view();
    const { x, y, scale } = cameraNow();
    const shown = sceneNow();
    const area =
      state.camera === undefined
        ? { x: -20, y: -20, width: shown.width + 40, height: shown.height + 40 }
        : { x, y, width: width / scale, height: height / scale };
    const text = pictureFile(picture, area, data.title, document.querySelector('style')?.textContent ?? '');
    const link = document.createElement('a');
    link.href = URL.createObjectURL(new Blob([text], { type: 'image/svg+xml' }));
    link.download = `${data.title.replaceAll(/[^\w-]+/g, '-')}.svg`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  }

  const indexUnder = (target: EventTarget | null): number | undefined => {
    const box = target instanceof Element ? target.closest('[data-i]') : null;
    const index = box?.getAttribute('data-i');
    return index === null || index === undefined ? undefined : Number(index);
  };
  const focusOn = (index: number | undefined): void => {
    const node = index === undefined ? undefined : graph.nodes[index];
    const box = sceneNow().boxes.find((one) => one.index === index);
    if (node === undefined || box === undefined) return;
    const { width, height } = view();
    const camera = cameraNow();
    const [left, top] = [(box.x - camera.x) * camera.scale, (box.y - camera.y) * camera.scale];
    const isSeen = left >= 0 && top >= 0 && left + box.width * camera.scale <= width && top + box.height * camera.scale <= height;
    if (!isSeen)
      state = changed(state, {
        kind: 'camera',
        camera: { ...camera, x: box.x + box.width / 2 - width / 2 / camera.scale, y: box.y + box.height / 2 - height / 2 / camera.scale },
      });
    dispatch({ kind: 'select', id: node.id });
  };

  draw();
  const stage = document.getElementById('stage') ?? root;
  listenToPointers(stage, {
    over: (target) => {
      const index = indexUnder(target);
      if (index === hover) return;
      hover = index;
      later();
    },
    pan: (by) => dispatch({ kind: 'camera', camera: panned(cameraNow(), by) }),
    zoom: (factor, at) => zoomBy(factor, { x: at.x - view().x, y: at.y - view().y }),
    click: (target, isDouble) => {
      const index = indexUnder(target);
      const node = index === undefined ? undefined : graph.nodes[index];
      if (node === undefined) {
        if (target instanceof Element && target.id === 'picture') dispatch({ kind: 'deselect' });
        return;
      }
      const isTurn = isDouble || (target instanceof Element && target.closest('.open') !== null);
      dispatch({ kind: isTurn && (graph.children[index ?? -1] ?? []).length > 0 ? 'turn' : 'select', id: node.id });
    },
  });
  new ResizeObserver(later).observe(stage);
  window.addEventListener('hashchange', () => {
    state = stateOf(location.hash.slice(1), first);
    later();
  });
  document.addEventListener('keydown', (event) => {
    const target = event.target instanceof Element ? event.target : document.body;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === 'Escape') {
      if (target instanceof HTMLElement) target.blur();
      dispatch(state.text === '' ? { kind: 'deselect' } : { kind: 'filter', name: 'text', value: '' });
      return;
    }
    if (['INPUT', 'SELECT', 'TEXTAREA', 'BUTTON', 'SUMMARY'].includes(target.tagName)) return;
    const selected = state.selected === undefined ? undefined : graph.byId.get(state.selected);
    const depth = depths[Number(event.key) - 1];
    const isArrow = (text: string): text is Way => text.startsWith('Arrow');
    if (event.key === '/') document.getElementById('q')?.focus();
    else if (isArrow(event.key)) focusOn(nearest(sceneNow().boxes, selected, event.key));
    else if (event.key === 'Enter' && state.selected !== undefined && (graph.children[selected ?? -1] ?? []).length > 0)
      dispatch({ kind: 'turn', id: state.selected });
    else if (event.key === ' ') focusOn(selected ?? sceneNow().boxes.find(({ open }) => !open)?.index);
    else if (depth !== undefined) dispatch({ kind: 'depth', depth });
    else if (event.key === 'n') dispatch({ kind: 'switch', name: 'needs' });
    else if (event.key === 't') dispatch({ kind: 'switch', name: 'traffic' });
    else if (event.key === 'i') dispatch({ kind: 'switch', name: 'implied' });
    else if (event.key === '+' || event.key === '=') zoomBy(1.3, { x: view().width / 2, y: view().height / 2 });
    else if (event.key === '-') zoomBy(1 / 1.3, { x: view().width / 2, y: view().height / 2 });
    else if (event.key === '0') dispatch({ kind: 'camera', camera: undefined });
    else if (event.key === 's') download();
    else return;
    event.preventDefault();
  });
}

interface Pointing {
  readonly over: (target: EventTarget | null) => void;
  readonly pan: (by: { readonly x: number; readonly y: number }) => void;
  readonly zoom: (factor: number, at: { readonly x: number; readonly y: number }) => void;
  readonly click: (target: EventTarget | null, isDouble: boolean) => void;
}

/** Mouse, pen and fingers: one draws the picture along, two spread it, the wheel zooms. */
function listenToPointers(stage: HTMLElement, { over, pan, zoom, click }: Pointing): void {
  const down = new Map<number, { readonly x: number; readonly y: number }>();
  let moved = 0;
  stage.addEventListener('pointerdown', (event) => {
    if (event.button !== 0) return;
    down.set(event.pointerId, { x: event.clientX, y: event.clientY });
    moved = 0;
  });
  stage.addEventListener('pointermove', (event) => {
    const before = down.get(event.pointerId);
    if (before === undefined) {
      if (event.pointerType === 'mouse') over(event.target);
      return;
    }
    const by = { x: event.clientX - before.x, y: event.clientY - before.y };
    const [other] = [...down].filter(([id]) => id !== event.pointerId).map(([, point]) => point);
    down.set(event.pointerId, { x: event.clientX, y: event.clientY });
    moved += Math.abs(by.x) + Math.abs(by.y);
    if (other !== undefined) {
      const length = (point: { readonly x: number; readonly y: number }): number => Math.hypot(point.x - other.x, point.y - other.y);
      zoom(length({ x: event.clientX, y: event.clientY }) / Math.max(1, length(before)), {
        x: (event.clientX + other.x) / 2,
        y: (event.clientY + other.y) / 2,
      });
    } else if (moved > 4) pan(by);
  });
  const up = (event: PointerEvent): void => {
    down.delete(event.pointerId);
  };
  stage.addEventListener('pointerup', up);
  stage.addEventListener('pointercancel', up);
  stage.addEventListener('pointerleave', (event) => {
    up(event);
    over(null);
  });
  stage.addEventListener('click', (event) => {
    if (moved <= 4) click(event.target, event.detail > 1);
  });
  stage.addEventListener(
    'wheel',
    (event) => {
      event.preventDefault();
      const step = event.deltaMode === 0 ? event.deltaY : event.deltaY * 20;
      zoom(Math.exp(-Math.max(-120, Math.min(120, step)) / 400), { x: event.clientX, y: event.clientY });
    },
    { passive: false },
  );
}

const root = document.getElementById('app');
const data = document.getElementById('data')?.textContent;
// Written by this package into the same file.
if (root !== null && data !== null && data !== undefined) start(root, JSON.parse(data));
