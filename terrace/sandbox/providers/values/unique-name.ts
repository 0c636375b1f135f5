import { randomInt } from 'node:crypto';

let counter = 0;

/**
 * What terraform's providers put behind a prefix: the time in tenths of milliseconds (18 digits) and a counter (8 hex digits), 26 characters
 * that come once in the world (hashicorp/terraform-plugin-sdk, helper/id).
 */
export function uniqueSuffix(now = new Date()): string {
  counter = (counter + 1) % 0x1_0000_0000;
  const time = now.toISOString().replaceAll(/\D/g, '');
  return `${time}${randomInt(10)}${counter.toString(16).padStart(8, '0')}`;
}

/** Letters of generated Kubernetes names: no vowels and nothing that reads alike (k8s.io/apimachinery, util/rand). */
const kubernetesLetters = 'bcdfghjklmnpqrstvwxz2456789';

/** The five characters that a Kubernetes API server puts behind `generateName`. */
export function kubernetesSuffix(): string {
  return Array.from({ length: 5 }, () => kubernetesLetters[randomInt(kubernetesLetters.length)] ?? '').join('');
}

/** Google's providers shorten the suffix to nine characters where the prefix leaves no room for more (37 of 63 characters). */
export function googleSuffix(prefix: string): string {
  return prefix.length <= 37
    ? uniqueSuffix()
    : uniqueSuffix()
        .slice(4, 18)
        .replace(/^(\d{5}).*(\d{4})$/, '$1$2');
}

const lowerAndDigits = 'abcdefghijklmnopqrstuvwxyz0123456789';

/** The eight characters that Azure puts behind the prefix of a cluster's domain name. */
export function azureSuffix(): string {
  return Array.from({ length: 8 }, () => lowerAndDigits[randomInt(lowerAndDigits.length)] ?? '').join('');
}
