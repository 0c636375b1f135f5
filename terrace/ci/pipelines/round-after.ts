import { input, output, run, secret, type Condition, type Job } from '../../tree/ci-pipeline';
import { askAddress, assume, installAnsible, reachServers, reviewedArtifacts, unpack } from '../scripts';

import { bundle, judge, tree } from './round-plan';
import { applyIdentity, artefact, changed, operation, place, slackSecret } from './shared';

const applied: readonly Condition[] = ['protected', changed];
/** What follows a deployment: nothing of it makes sense where an environment was destroyed. */
const deployed: readonly Condition[] = [operation('apply'), ...applied];
const ansible = artefact('ansible', place('name'), input('round'));
const servers: Condition = { is: place('servers'), equal: 'yes' };

/** Installs Ansible, every package with its hash, where there is no credential that its install could read. */
export function ansibleJob(): Job {
  return {
    id: 'ansible',
    title: 'Install Ansible',
    needs: ['place', 'plan', 'apply'],
    when: { all: ['though-skipped', ...deployed, servers, { is: output('apply', 'applied'), equal: 'true' }] },
    rights: ['source'],
    minutes: 15,
    outputs: { digest: 'install' },
    steps: [
      { do: 'source', history: false },
      {
        do: 'run',
        title: 'Install it and verify every package',
        id: 'install',
        script: installAnsible,
      },
      { do: 'give', artefact: ansible, files: ['ansible.tar'], days: 2 },
    ],
  };
}

/** Runs the playbook of the artifacts whose digest stands in the bundle that was reviewed, with the inventory of the states. */
export function configureJob(): Job {
  return {
    id: 'configure',
    title: 'Configure servers',
    needs: ['place', 'plan', 'again', 'apply', 'ansible'],
    when: { all: ['though-skipped', ...deployed, { is: output('ansible', 'digest'), equal: '', not: true }] },
    rights: ['identity'],
    place: place('apply'),
    queue: ['apply-', place('name')],
    minutes: 60,
    steps: [
      { do: 'runtime' },
      { do: 'take', artefact: judge, into: '.' },
      { do: 'take', artefact: tree, into: '.' },
      { do: 'take', artefact: ansible, into: '.' },
      { do: 'take', artefact: { ...bundle, upload: output('plan', 'upload') }, into: '.' },
      {
        do: 'run',
        title: 'Run the playbook',
        values: {
          ...applyIdentity,
          JUDGE: output('plan', 'judge'),
          TREE: input('tree'),
          TARGET: input('target'),
          HASH: output('plan', 'hash'),
          AGAIN: output('again', 'digest'),
          ANSIBLE: output('ansible', 'digest'),
          FOLDER: place('ansible'),
          INVENTORY: place('inventory'),
          INVENTORY_UNIT: place('inventory_unit'),
          PLAYBOOK: place('playbook'),
          SSH_IDENTITY: secret('ANSIBLE_SSH_IDENTITY'),
          VAULT: secret('ANSIBLE_VAULT'),
          VAULT_PASSWORD: secret('ANSIBLE_VAULT_PASSWORD'),
          SSH_KNOWN_HOSTS: { from: 'setting', name: 'SSH_KNOWN_HOSTS' },
          VERSION: { from: 'setting', name: 'ANSIBLE_VERSION' },
        },
        script: configure,
      },
    ],
  };
}

const configure: readonly string[] = [
  'if [ "$AGAIN" != "$TREE" ]; then echo "refused: these are not the playbooks of the commit" >&2; exit 3; fi',
  'umask 077',
  ...unpack('judge.tar', 'JUDGE', 'judge', 'this is not the program that was built'),
  ...unpack('tree.tar', 'TREE', 'tree', 'the tree is not the one that was reviewed'),
  ...reviewedArtifacts,
  ...unpack('ansible.tar', 'ANSIBLE', 'ansible', 'Ansible is not what was installed'),
  'export PATH="$PWD/judge:$PATH"',
  ...reachServers,
  'mkdir -p "tree/$FOLDER/inventory/group_vars/all"',
  'printf "%s\n" "$VAULT_PASSWORD" > "$CI_TEMP/keys/vault"',
  'printf "%s\n" "$VAULT" > "tree/$FOLDER/inventory/group_vars/all/vault.yml"',
  'unset VAULT VAULT_PASSWORD',
  ...assume,
  'assume "$ROLE" "$REGION"',
  'terraform -chdir="tree/$INVENTORY_UNIT" init -input=false',
  'cd "tree/$FOLDER"',
  'python3 -m ansible playbook --inventory "$INVENTORY" --vault-password-file "$CI_TEMP/keys/vault" --extra-vars "version=${VERSION:-latest}" "$PLAYBOOK"',
];

/** Asks the public address after an apply, until it answers. */
export function answerJob(): Job {
  return {
    id: 'answer',
    title: 'Answers',
    needs: ['place', 'plan', 'apply'],
    when: { all: [...deployed, { is: place('address'), equal: '', not: true }] },
    minutes: 10,
    steps: [
      {
        do: 'run',
        title: 'Request the public address',
        values: { ADDRESS: place('address') },
        script: askAddress,
      },
    ],
  };
}

/** Tells Slack how a round ended, where a webhook is set; whether that succeeds changes nothing. */
export function notifyJob(): Job {
  return {
    id: 'notify',
    title: 'Notify',
    needs: ['place', 'plan', 'apply'],
    when: { all: ['always', ...applied] },
    place: place('plan'),
    minutes: 5,
    steps: [
      {
        do: 'run',
        title: 'Notify Slack',
        mayFail: true,
        values: {
          WEBHOOK: secret(slackSecret),
          TARGET: input('target'),
          ROUND: input('round'),
          RESULT: output('apply', '@result'),
          ADDRESS: run('address'),
        },
        script: [
          'if [ -z "$WEBHOOK" ]; then exit 0; fi',
          'jq --null-input --arg text "$TARGET, round $ROUND: $RESULT $ADDRESS" \'{text: $text}\' > "$CI_TEMP/message.json"',
          'curl --silent --show-error --max-time 20 --header "Content-Type: application/json" --data "@$CI_TEMP/message.json" \\',
          '  --config <(printf "url = \\"%s\\"\\n" "$WEBHOOK") > /dev/null',
        ],
      },
    ],
  };
}
