import { entry, secret, setting, text, type Job, type Pipeline } from 'terrace/ci';

import { settings } from '../topology/settings';
import { enabled, enabledBy } from './application';

/** Environments that last: these are backed up. */
const lasting = ['production', 'staging'] as const;

interface Backup {
  readonly file: string;
  readonly title: string;
  readonly about: string;
  readonly cron: string;
  /** Below `stacks/astraler/backup`. */
  readonly script: string;
  readonly job: Pick<Job, 'title' | 'minutes' | 'steps'>;
}

/** The script without a secret, then the secrets without anything but the script. */
function backupPipeline({ file, title, about, cron, script, job }: Backup): Pipeline {
  const handed = { name: ['astraler-backup-script'] };
  return {
    file,
    title,
    about: [about, `Does nothing unless the repository variable ${enabledBy} is \`true\`.`],
    triggers: [
      { on: 'time', cron },
      { on: 'person', inputs: [] },
    ],
    jobs: [
      {
        id: 'script',
        title: 'take the script',
        when: enabled,
        rights: ['source'],
        minutes: 5,
        steps: [
          { do: 'source', history: false },
          { do: 'give', artefact: handed, files: [`stacks/astraler/backup/${script}`], days: 1 },
        ],
      },
      {
        id: 'backup',
        ...job,
        needs: ['script'],
        place: ['astraler-', entry('environment'), '-backup'],
        queue: [`${file}-`, entry('environment')],
        each: { list: text(JSON.stringify(lasting)), most: lasting.length, shards: 1 },
        steps: [{ do: 'take', artefact: handed, into: 'scripts' }, ...job.steps],
      },
    ],
  };
}

/** What reaches the bucket of a kind of backup. */
const bucket = (kind: 'DUMP' | 'VAULT') => ({
  ENVIRONMENT: entry('environment'),
  [`${kind}_BUCKET`]: setting(`${kind}_BUCKET`),
  R2_ENDPOINT: setting('R2_ENDPOINT'),
  AGE_RECIPIENT: setting('AGE_RECIPIENT'),
  AWS_ACCESS_KEY_ID: secret(`${kind}_ACCESS_KEY_ID`),
  AWS_SECRET_ACCESS_KEY: secret(`${kind}_SECRET_ACCESS_KEY`),
});

/** The application's secrets that are variables of the environment. */
const vaultSecrets = settings.flatMap(({ name, secret: isSecret, origin }) => (isSecret && origin.from === 'variable' ? [name] : []));

/** Dumps every day, secrets every week; docs/astraler/recovery.md says how to read them. */
export const backupPipelines: readonly Pipeline[] = [
  backupPipeline({
    file: 'astraler-backup-database',
    title: 'astraler daily database backup',
    about: 'Every day: a dump of each environment’s database into its bucket, encrypted, read back and restored into a scratch database.',
    cron: '17 2 * * *',
    script: 'backup-database.sh',
    job: {
      title: 'pg_dump to R2',
      minutes: 60,
      steps: [
        {
          do: 'run',
          title: 'Install',
          script: ['sudo apt-get update -qq && sudo apt-get install -qq --yes age zstd postgresql'],
        },
        {
          do: 'run',
          title: 'Start a scratch database',
          script: ['sudo systemctl start postgresql', `sudo -u postgres psql --quiet --command "alter role postgres password 'scratch'"`],
        },
        {
          do: 'run',
          title: 'Dump, encrypt, store, restore',
          values: {
            ...bucket('DUMP'),
            DATABASE_URL: secret('DATABASE_URL'),
            SCRATCH_URL: text('postgresql://postgres:scratch@localhost:5432/postgres'),
          },
          script: ['bash scripts/backup-database.sh'],
        },
      ],
    },
  }),
  backupPipeline({
    file: 'astraler-backup-secrets',
    title: 'astraler weekly secrets backup',
    about: 'Every week: the secrets of each environment into its vault, encrypted and read back.',
    cron: '41 3 * * 0',
    script: 'backup-vault.sh',
    job: {
      title: 'encrypted secrets to the vault',
      minutes: 15,
      steps: [
        { do: 'run', title: 'Install', script: ['sudo apt-get update -qq && sudo apt-get install -qq --yes age jq'] },
        {
          do: 'run',
          title: 'Encrypt, store, read back',
          values: { ...bucket('VAULT'), ...Object.fromEntries(vaultSecrets.map((name) => [name, secret(name)])) },
          script: [`bash scripts/backup-vault.sh ${vaultSecrets.join(' ')}`],
        },
      ],
    },
  }),
];
