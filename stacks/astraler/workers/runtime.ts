/** What the Workers use of Cloudflare's runtime. */

export interface StoredObject {
  readonly body: unknown;
  readonly httpMetadata?: object;
  readonly customMetadata?: Readonly<Record<string, string>>;
}

export interface Bucket {
  get(key: string): Promise<StoredObject | null>;
  put(key: string, body: unknown, options: { readonly httpMetadata?: object; readonly customMetadata?: object }): Promise<unknown>;
}

export interface Message<T> {
  readonly body: T;
  ack(): void;
  retry(): void;
}

export interface MessageBatch<T> {
  readonly messages: readonly Message<T>[];
}

export interface KeyValueStore {
  get(key: string): Promise<string | null>;
  put(key: string, value: string): Promise<void>;
}
