import { categoryOf, type Category, type Kind } from '../describe/kinds';

/** What a provider is called, and the colour of its edge of a box; it stands out from both themes with a contrast of at least 3 : 1 to white. */
interface ProviderColours {
  readonly name: string;
  readonly colour: string;
}

const colours: Readonly<Record<string, ProviderColours>> = {
  aws: { name: 'AWS', colour: '#b7701a' },
  azurerm: { name: 'Azure', colour: '#1668c7' },
  google: { name: 'Google Cloud', colour: '#23824a' },
  hcloud: { name: 'Hetzner Cloud', colour: '#c4253f' },
  cloudflare: { name: 'Cloudflare', colour: '#dd5b0f' },
  kubernetes: { name: 'Kubernetes', colour: '#4657d0' },
  helm: { name: 'Helm', colour: '#2f4a86' },
  supabase: { name: 'Supabase', colour: '#17855a' },
  upstash: { name: 'Upstash', colour: '#0d8a82' },
  sentry: { name: 'Sentry', colour: '#6b4bb5' },
  betteruptime: { name: 'Better Uptime', colour: '#27788f' },
  pagerduty: { name: 'PagerDuty', colour: '#3f8424' },
  github: { name: 'GitHub', colour: '#4b5563' },
  ansible: { name: 'Ansible', colour: '#b3322c' },
};

/** Anything else: helpers such as random or tls, process steps, the outside. */
const neutral = '#5b6b82';

/** Tiles of kinds, by what they are there for; each carries a white glyph with a contrast of at least 3 : 1. */
const categoryColours: Readonly<Record<Category, string>> = {
  compute: '#bd5a0b',
  database: '#2f62cf',
  storage: '#3f7d20',
  network: '#7a45cf',
  security: '#c02a41',
  monitoring: '#0c7c86',
  messages: '#b0267d',
  other: neutral,
};

export function categoryColour(kind: Kind): string {
  return categoryColours[categoryOf(kind)];
}

export function providerName(provider: string): string {
  return colours[provider]?.name ?? provider;
}

export function providerColour(provider: string | undefined): string {
  return (provider === undefined ? undefined : colours[provider]?.colour) ?? neutral;
}

/** Colours of one theme; names say where they are used. */
export interface Theme {
  readonly page: string;
  readonly text: string;
  readonly muted: string;
  readonly card: string;
  readonly cardBorder: string;
  readonly rule: string;
  /** Borders and grounds of clusters; grounds of nested ones alternate. */
  readonly clusterBorder: string;
  readonly clusterStrong: string;
  readonly ground: string;
  readonly groundInner: string;
  readonly network: string;
  readonly networkBorder: string;
  readonly subnet: string;
  readonly reference: string;
  readonly state: string;
  readonly order: string;
  readonly flow: string;
}

export const light: Theme = {
  page: '#ffffff',
  text: '#14202e',
  muted: '#56657a',
  card: '#ffffff',
  cardBorder: '#cdd6e1',
  rule: '#e4e9f0',
  clusterBorder: '#d3dbe6',
  clusterStrong: '#93a3b8',
  ground: '#f5f7fa',
  groundInner: '#ecf0f5',
  network: '#e9f5f3',
  networkBorder: '#8fc1b8',
  subnet: '#f6fbfa',
  reference: '#7a8798',
  state: '#2563b8',
  order: '#98a3b3',
  flow: '#4d5f78',
};

export const dark: Theme = {
  page: '#0e141c',
  text: '#e8eef6',
  muted: '#9caabd',
  card: '#1b2531',
  cardBorder: '#364556',
  rule: '#2b3847',
  clusterBorder: '#2d3a4a',
  clusterStrong: '#5d7089',
  ground: '#131b25',
  groundInner: '#182230',
  network: '#11262a',
  networkBorder: '#2f6a66',
  subnet: '#142d30',
  reference: '#8393a8',
  state: '#6ea8f2',
  order: '#6c7b90',
  flow: '#a3b3c8',
};
