import { existsSync, readdirSync, realpathSync } from 'node:fs';
import path from 'node:path';

/** Where people keep what they sign in with, below their home: files and folders of clouds, clusters, registries, keys and histories. */
const ofHome = [
  '.age',
  '.aliyun',
  '.aws',
  '.azure',
  '.bash_history',
  '.boto',
  '.cargo/credentials',
  '.cargo/credentials.toml',
  '.cloudflared',
  '.config',
  '.databrickscfg',
  '.docker',
  '.fly',
  '.git-credentials',
  '.gitconfig',
  '.gnupg',
  '.gradle/gradle.properties',
  '.hcloud',
  '.kube',
  '.local/share/keyrings',
  '.local/share/kwalletd',
  '.m2',
  '.mozilla',
  '.my.cnf',
  '.netrc',
  '.npmrc',
  '.oci',
  '.op',
  '.password-store',
  '.pgpass',
  '.pypirc',
  '.s3cfg',
  '.sops',
  '.ssh',
  '.supabase',
  '.terraform.d',
  '.terraformrc',
  '.vault-token',
  '.wrangler',
  '.yarnrc',
  '.yarnrc.yml',
  '.zsh_history',
];

/** The same of a whole machine: what an orchestrator hands a container, and sockets by which one becomes root. */
const ofMachine = ['/run/secrets', '/var/run/secrets', '/run/docker.sock', '/run/podman', '/run/containerd/containerd.sock'];

/** Variables of a shell that say where such a file or folder is; `KUBECONFIG` names several. */
const placing = [
  'ARM_CLIENT_CERTIFICATE_PATH',
  'ARM_OIDC_TOKEN_FILE_PATH',
  'AWS_CONFIG_FILE',
  'AWS_SHARED_CREDENTIALS_FILE',
  'AWS_WEB_IDENTITY_TOKEN_FILE',
  'AZURE_CONFIG_DIR',
  'AZURE_FEDERATED_TOKEN_FILE',
  'CLOUDSDK_CONFIG',
  'DOCKER_CONFIG',
  'GH_CONFIG_DIR',
  'GITHUB_ENV',
  'GITHUB_OUTPUT',
  'GITHUB_PATH',
  'GITHUB_STATE',
  'GNUPGHOME',
  'GOOGLE_APPLICATION_CREDENTIALS',
  'KUBECONFIG',
  'KUBE_CONFIG_PATH',
  'KUBE_CONFIG_PATHS',
  'NETRC',
  'NPM_CONFIG_USERCONFIG',
  'SOPS_AGE_KEY_FILE',
  'SSH_AUTH_SOCK',
  'TF_CLI_CONFIG_FILE',
  'XDG_CONFIG_HOME',
  'XDG_RUNTIME_DIR',
  'npm_config_userconfig',
];

/** Options of the program itself that name a key. */
const keyOptions = ['--identity', '--key'];

export interface Reach {
  /** Homes of whoever runs the program, by the shell and by the machine. */
  readonly homes: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  /** Words of the command line. */
  readonly words: readonly string[];
  /** Files and folders that a synthesis works with: what holds one of them is not hidden as a whole. */
  readonly needed: readonly string[];
}

/**
 * Files and folders of this computer that a source must not reach while it is synthesized, by their real paths, sorted: what people
 * sign in with, wherever the shell or the command line says that it is, and what links in such a folder lead to. Of a folder that holds
 * something that is needed everything else is hidden.
 */
export function outOfReach({ homes, env, words, needed }: Reach): readonly string[] {
  const kept = needed.flatMap((one) => real(one));
  const places = [
    ...homes.flatMap((home) => ofHome.map((name) => path.join(home, name))),
    ...ofMachine,
    ...placing.flatMap((name) => (env[name] ?? '').split(path.delimiter)),
    ...words.flatMap((word, index) =>
      keyOptions.flatMap((option) =>
        word === option ? [words[index + 1] ?? ''] : word.startsWith(`${option}=`) ? [word.slice(option.length + 1)] : [],
      ),
    ),
  ];
  const found = new Set(
    places.filter((place) => place !== '').flatMap((place) => real(path.resolve(place)).flatMap((one) => hidden(one, kept))),
  );
  return [...found].filter((one) => !isBelowAny(one, found)).toSorted();
}

/** A place, what links right in it lead to, and of one that holds something needed its parts. */
function hidden(place: string, kept: readonly string[]): readonly string[] {
  if (kept.includes(place)) return [];
  const names = namesIn(place);
  if (kept.some((one) => one.startsWith(`${place}/`)))
    return names.flatMap((name) => real(path.join(place, name)).flatMap((one) => hidden(one, kept)));
  const linked = names
    .flatMap((name) => real(path.join(place, name)))
    .filter(
      (one) =>
        !one.startsWith(`${place}/`) && !kept.some((other) => other === one || other.startsWith(`${one}/`) || one.startsWith(`${other}/`)),
    );
  return [place, ...linked];
}

function isBelowAny(place: string, others: ReadonlySet<string>): boolean {
  for (let above = path.dirname(place); above !== path.dirname(above); above = path.dirname(above)) if (others.has(above)) return true;
  return false;
}

function namesIn(place: string): readonly string[] {
  try {
    return readdirSync(place);
  } catch {
    return [];
  }
}

/** The path without links; nothing for what is not there. */
function real(place: string): readonly string[] {
  try {
    return existsSync(place) ? [realpathSync(place)] : [];
  } catch {
    return [];
  }
}
