import { expect, test } from '@jest/globals';
import { Resvg } from '@resvg/resvg-js';
import * as fc from 'fast-check';

import { packagedFonts } from '../../_helpers/fonts';
import { fontFamily, widthOf, wrap, type Font } from '../../../terrace/diagram/measure/text';

const regular: Font = { size: 11, weight: 'regular' };
const printable = fc.string({
  unit: fc.constantFrom(...Array.from('abcdefghijklmnopqrstuvwxyzABCDEFGMW0123456789 -_/.,:äéß×·')),
  maxLength: 80,
});

test('wider letters are wider, bold is wider than regular, size scales', () => {
  expect(widthOf('MMM', regular)).toBeGreaterThan(widthOf('iii', regular));
  expect(widthOf('network', { size: 11, weight: 'bold' })).toBeGreaterThan(widthOf('network', regular));
  expect(widthOf('network', { size: 22, weight: 'regular' })).toBeGreaterThanOrEqual(2 * widthOf('network', regular) - 1);
  expect(widthOf('', regular)).toBe(0);
});

test('characters outside the tables count as a whole square', () => {
  expect(widthOf('網', { size: 10, weight: 'regular' })).toBe(11);
});

test('lines are no wider than asked and keep every character', () => {
  fc.assert(
    fc.property(printable, fc.integer({ min: 20, max: 200 }), (text, width) => {
      const lines = wrap(text, width, regular);
      for (const line of lines) expect(widthOf(line, regular)).toBeLessThanOrEqual(width);
      expect(lines.join('').replaceAll(' ', '')).toBe(text.replaceAll(' ', ''));
    }),
  );
});

test('a word is broken behind a hyphen or a slash rather than anywhere', () => {
  expect(wrap('security-groups', widthOf('security-', regular), regular)).toEqual(['security-', 'groups']);
  expect(wrap('network/vpc', widthOf('network/', regular), regular)).toEqual(['network/', 'vpc']);
});

test.each(['hcloud_load_balancer_service.https', 'Web Application Firewall', 'WWWWMMMM@@@@', '10.0.101.0/24 · cx33'])(
  'the renderer draws %s no wider than measured',
  (text) => {
    for (const weight of ['regular', 'bold'] as const) {
      const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="900" height="60"><text x="0" y="40" style="font-family:${fontFamily};font-size:20px;font-weight:${weight === 'bold' ? 600 : 400}">${text}</text></svg>`;
      const drawn = new Resvg(svg, { font: packagedFonts }).getBBox()?.width ?? 0;
      expect(drawn).toBeLessThanOrEqual(widthOf(text, { size: 20, weight }));
    }
  },
);
