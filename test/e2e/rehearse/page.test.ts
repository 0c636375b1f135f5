import { readFileSync } from 'node:fs';

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import { rehearsalPage } from '../../../terrace/rehearse/report/render';
import { rehearsal } from '../../rehearse/report/_rehearsal';
import { InChromium, picture } from '../review/in-chromium';

let chromium: InChromium;
beforeAll(async () => {
  chromium = await InChromium.launch();
}, 600_000);
afterAll(async () => {
  await chromium.close();
});

describe.each(['light', 'dark'] as const)('in the %s theme', (colorScheme) => {
  test.each([390, 1024, 1600])(
    'the report is no wider than a window of %i pixels, lists are lists, and axe finds nothing serious',
    async (width) => {
      const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
      await chromium.open(
        rehearsalPage(rehearsal),
        { colorScheme, viewport: { width, height: 900 }, bypassCSP: true },
        async ({ page, complaints }) => {
          await picture(page, `rehearsal-${colorScheme}-${width}`);
          const wider = `[...document.querySelectorAll('h1,h2,li,.wide')].filter((one) => one.getBoundingClientRect().right > ${width}).map((one) => one.textContent)`;
          expect(await page.evaluate(wider)).toEqual([]);
          expect(await page.evaluate(`getComputedStyle(document.querySelector('li.more')).listStyleType`)).toBe('circle');
          await page.evaluate(axe);
          const found = await page.evaluate<readonly { readonly id: string; readonly impact: string }[]>(
            `axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) => violations.map(({ id, impact }) => ({ id, impact })))`,
          );
          expect(found.filter(({ impact }) => impact === 'serious' || impact === 'critical')).toEqual([]);
          expect(complaints).toEqual([]);
        },
      );
    },
  );
});
