import { settings, type Setting } from '../topology/settings';

/** Where somebody finds the value of a setting in the cloud. */
const places = {
  supabase: 'from the Supabase project',
  upstash: 'from the Upstash database',
  variable: 'from the password store',
} as const;

/**
 * The `.env.example` of an environment: every variable of the application with what it is for. Values that are no secrets are filled in where
 * they are known; secrets are empty everywhere.
 */
export function environmentExample(environment: 'development' | 'preview' | 'staging' | 'production', hostname: string): string {
  const lines = settings.map((setting) => {
    const place =
      environment !== 'development' && setting.origin.from in places ? ` (${places[setting.origin.from as keyof typeof places]})` : '';
    return `# ${setting.about}${place}\n${setting.name}=${valueOf(setting, environment, hostname)}`;
  });
  return `# Variables of astraler, ${environment}. Every environment has the same ones. Copy to .env and fill in; never commit it.\n\n${lines.join('\n\n')}\n`;
}

function valueOf({ origin, local, secret }: Setting, environment: string, hostname: string): string {
  if (secret) return '';
  if (environment === 'development') return local ?? '';
  switch (origin.from) {
    case 'constant':
      return origin.value;
    case 'environment':
      return origin.value === 'name' ? environment : `https://${hostname}`;
    default:
      return '';
  }
}
