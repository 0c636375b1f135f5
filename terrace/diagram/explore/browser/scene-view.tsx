import { categoryColour, providerColour } from '../../render/palette';
import { glyphOf } from '../../render/icons';
import type { Tone } from '../page-data';
import { routeOf } from '../routes';
import type { Scene, SceneBox } from '../scene';
import type { ShownArrow } from '../visible-arrows';

/** Boxes up- and downstream of the one that a pointer or the focus is on. */
export interface Lit {
  readonly at: number;
  readonly up: ReadonlySet<number>;
  readonly down: ReadonlySet<number>;
}

interface SceneProps {
  readonly scene: Scene;
  readonly selected: string | undefined;
  readonly lit: Lit | undefined;
}

/** Boxes and arrows as SVG. Every box carries its position in `data-i`; whoever listens stands around. */
export function SceneView({ scene, selected, lit }: SceneProps) {
  const places = new Map(scene.boxes.map((box) => [box.index, box]));
  const open = scene.boxes.filter((box) => box.open);
  const closed = scene.boxes.filter((box) => !box.open);
  return (
    <g class={lit === undefined ? 'scene' : 'scene lights'}>
      {open.map((box) => (
        <OpenBox key={box.index} box={box} selected={selected} lit={lit} />
      ))}
      {scene.arrows.map((arrow) => {
        const [from, to] = [places.get(arrow.from), places.get(arrow.to)];
        return from === undefined || to === undefined ? null : (
          <Arrow key={`${arrow.from} ${arrow.to} ${arrow.kind}`} arrow={arrow} from={from} to={to} lit={lit} />
        );
      })}
      {closed.map((box) => (
        <ClosedBox key={box.index} box={box} selected={selected} lit={lit} />
      ))}
    </g>
  );
}

function classOf(base: string, box: SceneBox, selected: string | undefined, lit: Lit | undefined): string {
  const light =
    lit === undefined ? '' : lit.at === box.index ? ' at' : lit.up.has(box.index) ? ' up' : lit.down.has(box.index) ? ' down' : '';
  return [
    base,
    `d-${box.node.depth}`,
    box.level % 2 === 1 ? 'odd' : '',
    box.node.planned === true ? 'planned' : '',
    box.node.id === selected ? 'selected' : '',
    box.named ? 'named' : '',
    box.mark === undefined ? '' : `t-${box.mark.tone}`,
  ]
    .filter((one) => one !== '')
    .join(' ')
    .concat(light);
}

function labelOf({ node, mark, opens, open }: SceneBox): string {
  const words = [node.depth, node.title, node.subtitle, mark?.word ?? '', opens ? (open ? 'open' : 'closed') : ''];
  return words.filter((word) => word !== '').join(', ');
}

interface BoxProps {
  readonly box: SceneBox;
  readonly selected: string | undefined;
  readonly lit: Lit | undefined;
}

function OpenBox({ box, selected, lit }: BoxProps) {
  const { x, y, width, height, index, node } = box;
  return (
    <g class={classOf('open', box, selected, lit)} data-i={index} role="group" aria-label={labelOf(box)}>
      <rect class="frame" x={x} y={y} width={width} height={height} rx="10" />
      <path class="turn" d={`M${x + 12} ${y + 14}l5 6l5 -6`} />
      <text class="title" x={x + 28} y={y + 21}>
        {box.title}
        <tspan class="sub" dx="8">
          {box.alike ?? (node.depth === 'unit' || node.depth === 'environment' ? box.subtitle : node.depth)}
        </tspan>
      </text>
      <Signs box={box} x={x + width - 10} y={y + 8} />
    </g>
  );
}

function ClosedBox({ box, selected, lit }: BoxProps) {
  const { x, y, width, height, index, node } = box;
  const tile = height - 20;
  return (
    <g class={classOf('box', box, selected, lit)} data-i={index} role="group" aria-label={labelOf(box)}>
      <title>{node.id}</title>
      {box.opens && <rect class="card behind" x={x + 4} y={y + 4} width={width} height={height} rx="8" />}
      <rect class="card" x={x} y={y} width={width} height={height} rx="8" />
      {node.provider !== undefined && (
        <rect class="provider" x={x} y={y + 8} width="4" height={height - 16} fill={providerColour(node.provider)} />
      )}
      <rect x={x + 10} y={y + 10} width={tile} height={tile} rx="6" fill={categoryColour(node.kind)} />
      <path class="glyph" transform={`translate(${x + 13} ${y + 13}) scale(${((tile - 6) / 24).toFixed(3)})`} d={glyphOf(node.kind)} />
      <text class="title" x={x + tile + 18} y={y + height / 2 - 2}>
        {box.title}
      </text>
      <text class="sub" x={x + tile + 18} y={y + height / 2 + 13}>
        {box.alike ?? box.subtitle}
      </text>
      <Signs box={box} x={x + width - 6} y={y - 7} />
    </g>
  );
}

const letters: Readonly<Record<Tone, string>> = {
  add: '+',
  change: '~',
  replace: '±',
  destroy: '−',
  drift: '≠',
  behind: '⋯',
  failed: '!',
  same: '=',
  note: 'i',
};

/** What an overlay says, at a box's upper right: its own word, numbers of what it holds, and findings. */
function Signs({ box, x, y }: { readonly box: SceneBox; readonly x: number; readonly y: number }) {
  const own = box.mark === undefined || box.mark.word === '' ? [] : [{ tone: box.mark.tone, text: box.mark.word }];
  const held = box.held.map(([tone, number]) => ({ tone, text: `${letters[tone]}${number}` }));
  const all = [...own, ...held, ...(box.findings === 0 ? [] : [{ tone: 'failed' as const, text: `⚠ ${box.findings}` }])];
  const widths = all.map(({ text }) => text.length * 6.4 + 12);
  return (
    <>
      {all.map(({ tone, text }, index) => {
        const right = x - widths.slice(0, index).reduce((sum, one) => sum + one + 4, 0);
        const width = widths[index] ?? 0;
        return (
          <g key={text} class={`sign t-${tone}`}>
            <rect x={right - width} y={y} width={width} height="16" rx="8" />
            <text x={right - width / 2} y={y + 12}>
              {text}
            </text>
          </g>
        );
      })}
    </>
  );
}

interface ArrowProps {
  readonly arrow: ShownArrow;
  readonly from: SceneBox;
  readonly to: SceneBox;
  readonly lit: Lit | undefined;
}

function Arrow({ arrow, from, to, lit }: ArrowProps) {
  const { line, head } = routeOf(from, to);
  const isUp = lit !== undefined && (arrow.to === lit.at || lit.up.has(arrow.to)) && lit.up.has(arrow.from);
  const isDown = lit !== undefined && (arrow.from === lit.at || lit.down.has(arrow.from)) && lit.down.has(arrow.to);
  return (
    <g class={`arrow a-${arrow.kind}${isUp ? ' up' : isDown ? ' down' : ''}`}>
      <title>{arrow.texts.join('\n')}</title>
      <path class="reach" d={line} />
      <path class="line" d={line} />
      <path class="head" d={head} />
    </g>
  );
}
