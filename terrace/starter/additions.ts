import { className, valueName } from './names';
import { regionValue } from './system';
import { unitSource } from './unit';
import type { Insertion, NewFiles } from './write';

/** What a command adds to a project: new files, and lines in a file that a person owns. */
export interface Addition {
  readonly files: NewFiles;
  readonly into: string;
  readonly insertions: readonly Insertion[];
}

/** A system in `main.ts`. */
export function systemAddition(system: string, files: NewFiles): Addition {
  const key = system.includes('-') ? `'${system}'` : system;
  return {
    files,
    into: 'main.ts',
    insertions: [
      {
        at: /systems: \{\n(?:.*\n)*?(?= {2}\},\n\};)/,
        text: `    ${key}: async () => (await import('./stacks/${system}/system')).${valueName(system)},\n`,
      },
    ],
  };
}

/** An environment, with its first region, in its system. */
export function environmentAddition(system: string, environment: string, region: string, files: NewFiles): Addition {
  const values = regionValue(environment, region);
  return {
    files,
    into: `stacks/${system}/system.ts`,
    insertions: [
      {
        at: /import \{ root \} from '\.\/root';\n/,
        before: true,
        text: `import { env as ${valueName(environment)} } from './${environment}/env';\n${regionImport(environment, region)}`,
      },
      {
        at: /const environments = \[\n(?:.*\n)*?(?=\];\n)/,
        text: `  { env: ${valueName(environment)}, regions: [${values}] },\n`,
      },
    ],
  };
}

/** A region of an environment in its system. */
export function regionAddition(system: string, environment: string, region: string, files: NewFiles): Addition {
  return {
    files,
    into: `stacks/${system}/system.ts`,
    insertions: [
      { at: /import \{ root \} from '\.\/root';\n/, before: true, text: regionImport(environment, region) },
      { at: new RegExp(`\\{ env: ${valueName(environment)}, regions: \\[[^\\]]*(?=\\])`), text: `, ${regionValue(environment, region)}` },
    ],
  };
}

/** A unit of every region of a system. */
export function unitAddition(system: string, layer: string, name: string): Addition {
  const unit = `${className(name)}Unit`;
  return {
    files: new Map([[`stacks/${system}/units/${layer}/${name}.ts`, unitSource(system, name)]]),
    into: `stacks/${system}/system.ts`,
    insertions: [
      {
        at: /\n\n\/\*\* The units of every region/,
        before: true,
        text: `\nimport { ${unit} } from './units/${layer}/${name}';`,
      },
      { at: /const regionUnits: UnitTable = \{\n(?:.*\n)*?(?=\};\n)/, text: `  '${layer}/${name}': ${unit},\n` },
    ],
  };
}

function regionImport(environment: string, region: string): string {
  return `import { region as ${regionValue(environment, region)} } from './${environment}/${region}/region';\n`;
}
