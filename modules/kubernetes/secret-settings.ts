import { TerraceError } from 'terrace';

/** Names of settings that hold a secret. */
const secretName = /(?:^|_)(?:PASSWORD|PASSWD|SECRET|TOKEN|PRIVATE_KEY|API_KEY|SECRET_KEY|CREDENTIALS?)(?:$|_)/i;

/** A user and a password inside an address. */
const credentials = /^[a-z][a-z0-9+.-]*:\/\/[^/\s:@]*:[^/\s@]+@/i;

/** Raises E2701 for a setting that is named like a secret, or whose value is an address with a password. */
export function refuseSecretSettings(place: string, settings: Readonly<Record<string, string>>): void {
  const wrong = Object.entries(settings).filter(([name, value]) => secretName.test(name) || credentials.test(value));
  if (wrong.length === 0) return;
  throw new TerraceError(
    wrong.map(([name]) => ({
      code: 'E2701',
      title: 'secret in the source',
      place,
      found: `the setting ${name} holds a secret`,
      expected: 'a key of a secret made of sensitive variables',
      todo: 'give it with `secrets` instead of `settings`',
    })),
  );
}
