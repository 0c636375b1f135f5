import { readFileSync } from 'node:fs';

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import { pageHtml } from '../../../terrace/diagram/explore/page-html';
import { dataOf, guardedShop } from '../../diagram/explore/_page';
import { InChromium, picture, until } from '../review/in-chromium';

const region = 'shop/dev/eu-central-1';
const cluster = `${region}/storage/aurora#aws_rds_cluster.main`;
let chromium: InChromium;
let page: string;
beforeAll(async () => {
  chromium = await InChromium.launch();
  const production = guardedShop('production', (text) => text.replace('10.0.0.0/16', '10.9.0.0/16'));
  page = await pageHtml(
    dataOf([...guardedShop(), ...production], {
      bundle: {
        title: 'bundle 1234, round 1',
        elsewhere: ['destroy: aws_sns_topic.old of shop/dev/eu-central-1/compute/api'],
        marks: {
          [cluster]: {
            tone: 'replace',
            word: 'replace',
            notes: ['replaced for engine'],
            findings: [{ severity: 'critical', title: 'database replaced', reason: '<img src=x onerror=alert(1)>' }],
          },
        },
      },
    }),
  );
}, 600_000);
afterAll(async () => {
  await chromium.close();
});

/** Runs in the page: titles of closed boxes. */
const shown = `[...document.querySelectorAll('.box')].map((box) => box.querySelector('title').textContent.replace('${region}/', '')).sort()`;
const hash = `location.hash`;
const environment = '#!environment=shop/dev';

test('a closed box opens in place, and the address of what is seen opens the same', async () => {
  let address = '';
  await chromium.open(page, { hash: environment }, async ({ page: open, requests, complaints }) => {
    expect(await open.evaluate(shown)).toEqual([
      'compute/api',
      'network/alb',
      'network/groups',
      'network/vpc',
      'security/kms',
      'storage/aurora',
    ]);
    await open.dblclick('.box:has(title:text-is("' + region + '/security/kms"))');
    await open.waitForSelector('.open.d-unit');
    expect(await open.evaluate(shown)).toContain('security/kms#aws_kms_key.main');
    await until(open, `${hash}.includes('turn=')`);
    address = String(await open.evaluate(hash));
    expect(complaints).toEqual([]);
    expect(requests).toHaveLength(1);
  });
  await chromium.open(page, { hash: address }, async ({ page: open }) => {
    if (address === '') return;
    expect(await open.evaluate(shown)).toContain('security/kms#aws_kms_key.main');
    expect(await open.locator('#panel h2').innerText()).toBe('kms');
  });
});

test('a pointer lights what is up- and downstream; the panel shows what the overlay says, as text', async () => {
  await chromium.open(
    page,
    { hash: `${environment}&turn=${region}/storage/aurora`, viewport: { width: 1600, height: 900 } },
    async ({ page: open, complaints }) => {
      await open.hover(`.box:has(title:text-is("${region}/network/alb"))`);
      await open.waitForSelector('.lights');
      const lit = (way: string) =>
        `[...document.querySelectorAll('.box.${way} title')].map((one) => one.textContent.replace('${region}/', '')).sort()`;
      expect(await open.evaluate(lit('up'))).toEqual(['network/groups', 'network/vpc']);
      expect(await open.evaluate(lit('down'))).toEqual(['compute/api']);
      await open.click(`.box:has(title:text-is("${cluster}"))`);
      const panel = await open.locator('#panel').innerText();
      for (const words of [
        'stacks/shop/units/aurora.ts:12',
        'aurora-postgresql',
        'replaced for engine',
        'database replaced',
        '<img src=x onerror=alert(1)>',
      ])
        expect(panel).toContain(words);
      expect(complaints).toEqual([]);
    },
  );
});

test('it can be used without a mouse: search, switches, moving, opening', async () => {
  await chromium.open(page, { hash: environment }, async ({ page: open }) => {
    await open.keyboard.press('/');
    await open.keyboard.type('aurora');
    await until(open, `document.querySelectorAll('.box').length === 1`);
    await open.keyboard.press('Escape');
    await until(open, `document.querySelectorAll('.box').length === 6`);
    await open.keyboard.press('t');
    await open.waitForSelector('.a-traffic');
    await open.keyboard.press('4');
    await until(open, `document.querySelectorAll('.box.d-layer').length === 5`);
    await open.keyboard.press('ArrowRight');
    await open.keyboard.press('Enter');
    await open.waitForSelector('.box.d-unit');
    expect(await open.locator('#panel h2').count()).toBe(1);
  });
});

test('two environments are compared, and the SVG of the view stands alone', async () => {
  await chromium.open(page, { hash: '#!compare=shop/dev&compare=shop/production' }, async ({ page: open }) => {
    expect(await open.locator('#count').innerText()).toMatch(/^\d+ the same, 1 differ, 0 only dev, 0 only production$/);
    const [file] = await Promise.all([open.waitForEvent('download'), open.click('#svg')]);
    expect(file.suggestedFilename()).toBe('shop.svg');
    const text = readFileSync(await file.path(), 'utf8');
    expect(text).toMatch(/^<svg [^>]*viewBox="[-\d ]+"/);
    expect(text).toContain('aurora');
    expect(text).not.toMatch(/<script|\bon\w+=|href=/);
  });
});

test('its policy stops a script and a style that somebody adds to the file', async () => {
  const added = page.replace('</body>', '<script>window.added = 1</script><style>body{display:none}</style></body>');
  await chromium.open(added, {}, async ({ page: open, complaints }) => {
    expect(await open.evaluate('window.added')).toBeUndefined();
    expect(await open.evaluate(`getComputedStyle(document.body).display`)).not.toBe('none');
    expect(complaints.filter((text) => text.includes('Content Security Policy')).length).toBeGreaterThanOrEqual(2);
  });
});

describe.each(['light', 'dark'] as const)('in the %s theme', (colorScheme) => {
  test.each([390, 1024, 1600])('it is as wide as a window of %i pixels, and axe finds nothing serious', async (width) => {
    const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
    await chromium.open(
      page,
      { colorScheme, viewport: { width, height: 900 }, bypassCSP: true, hash: `#!at=${cluster}&traffic=on` },
      async ({ page: open, complaints }) => {
        await picture(open, `diagram-${colorScheme}-${width}`);
        expect(Number(await open.evaluate('document.documentElement.scrollWidth'))).toBeLessThanOrEqual(width);
        await open.evaluate(axe);
        const found = await open.evaluate<readonly { readonly id: string; readonly impact: string }[]>(
          `axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) => violations.map(({ id, impact }) => ({ id, impact })))`,
        );
        expect(found.filter(({ impact }) => impact === 'serious' || impact === 'critical')).toEqual([]);
        expect(complaints).toEqual([]);
      },
    );
  });
});
