import type { ProviderKind } from '../engine/context';
import { awsKind } from '../aws/kind';
import { plainKind } from './plain';

/** How each provider differs from a plain one; a provider that is not listed has nothing of its own. */
export function kindOf(provider: string): ProviderKind {
  return kinds[provider] ?? plainKind();
}

const kinds: Readonly<Record<string, ProviderKind>> = { aws: awsKind };
