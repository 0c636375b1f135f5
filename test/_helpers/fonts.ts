import path from 'node:path';

import type { ResvgRenderOptions } from '@resvg/resvg-js';

const fontFile = (name: string): string => path.join(path.dirname(require.resolve('dejavu-fonts-ttf/package.json')), 'ttf', `${name}.ttf`);

/** What the renderer of pictures draws with in tests: the widest face of the pictures' own list, from a package, whatever the machine has. */
export const packagedFonts: NonNullable<ResvgRenderOptions['font']> = {
  loadSystemFonts: false,
  fontFiles: [fontFile('DejaVuSans'), fontFile('DejaVuSans-Bold')],
  defaultFontFamily: 'DejaVu Sans',
  sansSerifFamily: 'DejaVu Sans',
};
