import { TerraformVariable } from 'cdktf';

import { releaseTag } from '../../modules/kubernetes/image';
import type { AstraUnit } from './astra-unit';

/** What a registry takes as a tag. */
const anyTag = '^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$';

/**
 * The image of a service: its repository is the source's, its tag is a variable that the pipeline sets. Where the environment takes
 * releases, terraform refuses every other tag, `latest` among them.
 */
export function serviceImage(unit: AstraUnit, service: 'frontend' | 'backend'): string {
  const { images, tags } = unit.environment;
  const { repository, tag } = images[service];
  const name = `${service}_image_tag`;
  const pattern = (tags === 'release' ? releaseTag : anyTag).replaceAll('\\.', '[.]');
  const variable = new TerraformVariable(unit, name, {
    type: 'string',
    description: `Tag of the ${repository} image to deploy`,
    nullable: false,
    ...(tag === undefined ? {} : { default: tag }),
    validation: [
      {
        condition: `\${can(regex("${pattern}", var.${name}))}`,
        errorMessage:
          tags === 'release'
            ? 'E2703 floating image tag: this environment takes releases only, such as 1.4.0 or v2.0.1-rc.1.'
            : 'E2703 floating image tag: give the tag of an image, such as the id of its commit.',
      },
    ],
  });
  variable.overrideLogicalId(name);
  return `${repository}:${variable.stringValue}`;
}
