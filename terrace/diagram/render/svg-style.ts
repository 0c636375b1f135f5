import { fonts, type FontName } from '../measure/card';
import { dark, light, type Theme } from './palette';
import { fontFamily, type Font } from '../measure/text';

/** `auto` follows what the reader's machine prefers. */
export type ThemeName = 'auto' | 'light' | 'dark';

/**
 * The style sheet of a picture. Plain properties on classes, no custom properties, so that converters which know little CSS still draw the
 * light theme; they ignore the media query.
 */
export function styleSheet(theme: ThemeName): string {
  const base = theme === 'dark' ? dark : light;
  const rules = [
    `text{font-family:${fontFamily}}`,
    ...Object.entries(fonts).map(([name, font]) => fontRule(name, font)),
    ...shapeRules(),
    ...colourRules(base),
  ];
  const query = theme === 'auto' ? `\n@media (prefers-color-scheme:dark){\n${colourRules(dark).join('\n')}\n}` : '';
  return `${rules.join('\n')}${query}`;
}

export function fontClass(name: FontName): string {
  return `td-f-${name}`;
}

function fontRule(name: string, font: Font): string {
  const weight = font.weight === 'bold' ? 600 : 400;
  const spacing = font.spacing === undefined ? '' : `;letter-spacing:${font.spacing}px`;
  return `.td-f-${name}{font-size:${font.size}px;font-weight:${weight}${spacing}}`;
}

function shapeRules(): string[] {
  return [
    '.td-card{stroke-width:1}',
    '.td-rule{stroke-width:1}',
    '.td-cluster{stroke-width:1}',
    '.td-cluster-environment,.td-cluster-system{stroke-width:1.5}',
    '.td-planned{stroke-dasharray:6 4}',
    '.td-external{stroke-dasharray:2 3}',
    '.td-edge{fill:none;stroke-width:1.4;stroke-linejoin:round}',
    '.td-edge-order{stroke-dasharray:5 4}',
    '.td-glyph{fill:none;stroke:#fff;stroke-width:1.6;stroke-linecap:round;stroke-linejoin:round}',
  ];
}

function colourRules(theme: Theme): string[] {
  const edges = (['reference', 'state', 'order', 'flow'] as const).flatMap((kind) => [
    `.td-edge-${kind}{stroke:${theme[kind]}}`,
    `.td-head-${kind}{fill:${theme[kind]}}`,
  ]);
  return [
    `.td-page{fill:${theme.page}}`,
    `.td-text{fill:${theme.text}}`,
    `.td-muted{fill:${theme.muted}}`,
    `.td-card{fill:${theme.card};stroke:${theme.cardBorder}}`,
    `.td-rule{stroke:${theme.rule}}`,
    `.td-cluster{fill:${theme.ground};stroke:${theme.clusterBorder}}`,
    `.td-cluster-inner{fill:${theme.groundInner}}`,
    `.td-cluster-environment,.td-cluster-system{stroke:${theme.clusterStrong}}`,
    `.td-cluster-network,.td-cluster-namespace{fill:${theme.network};stroke:${theme.networkBorder}}`,
    `.td-cluster-zone{fill:${theme.subnet};stroke:${theme.networkBorder}}`,
    `.td-cluster-subnet{fill:${theme.subnet};stroke:${theme.networkBorder}}`,
    `.td-label-ground{fill:${theme.page}}`,
    ...edges,
  ];
}
