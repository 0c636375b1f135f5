import { readFileSync } from 'node:fs';
import path from 'node:path';

import type { AstralerEnvironment } from './astraler-unit';
import { environmentExample } from './rendering/environment-example';

/** What an environment hands to the application: the variables it finds, and the table of its audit log. Preview has development's beside it. */
export function addArtifacts(environment: AstralerEnvironment): void {
  const { environment: name, hostname } = environment.values;
  environment.artifact('.env.example', environmentExample(name, hostname));
  if (name === 'preview') environment.artifact('development/.env.example', environmentExample('development', 'localhost:3000'));
  environment.artifact('database/audit.sql', () => readFileSync(path.join(__dirname, 'database', 'audit.sql'), 'utf8'));
}
