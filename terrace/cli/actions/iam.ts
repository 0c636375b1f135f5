import { roleNeeds } from '../../iam/needs';
import { applyStatements, planStatements, rolePolicies } from '../../iam/role-policies';
import type { CommandContext } from '../command-context';
import { withEnvironment } from '../one-environment';

/** `terrace iam`: one policy document for people, or the policies as AWS takes them. Raises E0401 for anything but `<system>/<environment>`. */
export async function runIam(context: CommandContext, path: string, role: 'plan' | 'apply', json: boolean): Promise<void> {
  const { system, name, needs } = await withEnvironment(context, path, 'roles', (one) => ({
    system: one.system,
    name: one.name,
    needs: roleNeeds(one.environment),
  }));
  const document = json
    ? { version: 1, environment: `${system}/${name}`, role, policies: rolePolicies(role, needs) }
    : { Version: '2012-10-17', Statement: role === 'plan' ? planStatements(needs) : applyStatements(needs) };
  process.stdout.write(`${JSON.stringify(document, null, 2)}\n`);
}
