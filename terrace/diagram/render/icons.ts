import type { Kind } from '../describe/kinds';

/** Glyphs on a 24 × 24 grid, drawn as strokes; one path each, made for Terrace. */
const glyphs: Readonly<Record<Kind, string>> = {
  server: 'M5 4h14v6H5zM5 14h14v6H5zM8 7h2M8 17h2',
  container: 'M12 3l8 4.5v9L12 21l-8-4.5v-9zM4 7.5l8 4.5 8-4.5M12 12v9',
  function: 'M13 3L6 13.500h5L10 21l8-11h-5.500z',
  cluster: 'M12 4.500a2 2 0 1 0 .01 0M6 15.500a2 2 0 1 0 .01 0M18 15.500a2 2 0 1 0 .01 0M11 8.200L7 15.500M13 8.200l4 7.300M8 17.500h8',
  database: 'M5 6c0-1.7 3.1-3 7-3s7 1.3 7 3-3.1 3-7 3-7-1.3-7-3zM5 6v12c0 1.7 3.1 3 7 3s7-1.3 7-3V6M5 12c0 1.7 3.1 3 7 3s7-1.3 7-3',
  cache: 'M4 8l8-4 8 4-8 4zM4 12l8 4 8-4M4 16l8 4 8-4',
  bucket: 'M4 6c0-1.4 3.6-2.5 8-2.500S20 4.6 20 6s-3.6 2.5-8 2.500S4 7.4 4 6zM4 6l2 13c.3 1.2 2.7 2 6 2s5.7-.8 6-2l2-13',
  volume: 'M4 5h16v14H4zM12 8.500a3.5 3.5 0 1 0 .01 0M12 12h.01M7 16.500h1',
  network: 'M9 3h6v5H9zM3 16h6v5H3zM15 16h6v5h-6zM12 8v4M6 16v-4h12v4',
  subnet: 'M4 4h16v16H4zM4 12h16M12 4v16',
  gateway: 'M4 8h13M13 4l4 4-4 4M20 16H7M11 12l-4 4 4 4',
  balancer: 'M12 3a2 2 0 1 0 .01 0M12 7v4M5 17v-6h14v6M12 11v6M5 17a2 2 0 1 0 .01 0M12 17a2 2 0 1 0 .01 0M19 17a2 2 0 1 0 .01 0',
  firewall: 'M12 3l8 3v6c0 4.5-3.2 7.6-8 9-4.8-1.4-8-4.5-8-9V6zM12 3v18M4 11h16',
  key: 'M8 11a4.5 4.5 0 1 0 .01 0M11.3 12.300L20 4M17 7l2.5 2.500M14.5 9.300l2 2',
  secret: 'M5 11h14v9H5zM8 11V8a4 4 0 0 1 8 0v3M12 14.500v2',
  certificate: 'M4 4h16v11H4zM8 8h8M8 11h4M16 13a2.5 2.5 0 1 0 .01 0M14.5 17.500V21l1.5-1 1.5 1v-3.5',
  dns: 'M12 3a9 9 0 1 0 .01 0M3.5 9.500h17M3.5 14.500h17M12 3c-5 5.5-5 12.5 0 18M12 3c5 5.5 5 12.5 0 18',
  cdn: 'M7 18a4 4 0 0 1-.5-8 5.5 5.5 0 0 1 10.6-1.200A4.6 4.6 0 0 1 17 18zM12 17v-5M9.8 14l2.2-2.2 2.2 2.2',
  identity: 'M4 5h16v14H4zM9 9a2 2 0 1 0 .01 0M6 16.500c.4-2 1.5-3 3-3s2.6 1 3 3M14.5 10h3M14.5 13.500h3',
  monitor: 'M4 4v16h16M7.5 15l3.5-5 3 3 5-7',
  alarm: 'M6 17h12c-1.5-1.5-2-3-2-6.500a4 4 0 0 0-8 0c0 3.5-.5 5-2 6.500zM12 4v2M10.5 20h3',
  log: 'M6 3h9l4 4v14H6zM9 9h6M9 13h7M9 17h5',
  message: 'M4 5h16v11h-9l-4 4v-4H4zM8 9h8M8 12h5',
  registry: 'M4 8h16v12H4zM4 8l2-4h12l2 4M9.5 12h5',
  backup: 'M4 5h16v4H4zM5.5 9v11h13V9M12 12v5M9.8 15l2.2 2.2 2.2-2.2',
  address: 'M12 21c-4.5-4.5-6.5-8-6.5-11a6.5 6.5 0 0 1 13 0c0 3-2 6.5-6.5 11zM12 8a2.2 2.2 0 1 0 .01 0',
  release: 'M12 3a9 9 0 1 0 .01 0M12 8a4 4 0 1 0 .01 0M12 3v5M12 16v5M3 12h5M16 12h5',
  state: 'M5 4h12l3 3v13H5zM8 4v5h7V4M8 20v-6h8v6',
  layer: 'M12 4l8.5 4.500L12 13 3.5 8.500zM3.5 12.500L12 17l8.5-4.500M3.5 16.500L12 21l8.5-4.5',
  unit: 'M4 4h7v7H4zM13 4h7v7h-7zM4 13h7v7H4zM13 13h7v7h-7z',
  person: 'M12 4a4 4 0 1 0 .01 0M4.5 20.500c.8-4.5 3.5-6.5 7.5-6.500s6.7 2 7.5 6.5',
  git: 'M7 4a2 2 0 1 0 .01 0M7 16a2 2 0 1 0 .01 0M17 7a2 2 0 1 0 .01 0M7 8v8M17 11c0 3.5-4 3.5-8.5 6',
  step: 'M4 6h11l5 6-5 6H4l4-6z',
  check: 'M12 3a9 9 0 1 0 .01 0M8 12.300l3 3 5.5-6',
  approval: 'M8.5 4a3.5 3.5 0 1 0 .01 0M3 20c.5-4 2.5-6 5.5-6 1.8 0 3.2.7 4.2 2M14 18.500l2.5 2.5 5-5.5',
  clock: 'M12 3a9 9 0 1 0 .01 0M12 7.500V12l3.5 2.5',
  file: 'M6 3h8l5 5v13H6zM14 3v5h5',
  role: 'M4 7h6l2 2.500h8V20H4zM12 12v5M9.5 14.500h5',
  laptop: 'M5.5 5h13v10h-13zM3 19h18',
  outside: 'M13 5H5v14h14v-8M15 4h5v5M20 4l-9 9',
  resource: 'M5 5h14v14H5zM9 9h6v6H9z',
};

/** The path of a kind's glyph on a 24 × 24 grid. */
export function glyphOf(kind: Kind): string {
  return glyphs[kind];
}
