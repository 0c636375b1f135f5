import { createServer, type AddressInfo, type Server as SocketServer, type Socket } from 'node:net';

import { Server, ServerCredentials, type sendUnaryData, type ServerUnaryCall, type UntypedHandleCall } from '@grpc/grpc-js';

import { TerraceError } from '../../../base/errors';
import { closeQuickly } from '../../gateway/quick-close';
import type { Caller } from '../engine/context';
import type { SimulatedProvider } from '../engine/simulated-provider';
import { callerOf } from './caller';
import { pluginService } from './definition';
import { diagnosticsOf, serviceOf, type Connection, type ProviderCalls, type Request } from './service';

/** What is served to a terraform process, which may differ from one to the next. */
export interface Offer {
  /** The encoded answer to `GetProviderSchema`. */
  answer(caller: () => Caller): Buffer;
  /** The provider whose schemas are those of that answer. */
  provider(caller: () => Caller): SimulatedProvider;
}

/** A connection with what was offered when it was opened; a reset puts another offer in its place. */
interface ServedConnection extends Connection {
  readonly offer: Offer;
}

/** A provider that listens on a loopback port; terraform reattaches to it. */
export interface PluginServer {
  readonly port: number;
  /** Answers connections that come from now on by another offer, and refuses those that are open. */
  renew(offer: Offer): void;
  stop(): Promise<void>;
}

/**
 * Serves one provider on a port of its own, the wanted one unless that is 0 or taken.
 * Every connection keeps the configuration it was given, and loses it when it closes.
 */
export async function servePlugin(first: Offer, wantedPort: number): Promise<PluginServer> {
  const grpc = new Server({ 'grpc.max_receive_message_length': -1, 'grpc.max_send_message_length': -1, 'grpc.enable_channelz': 0 });
  const connections = new Map<string, ServedConnection>();
  const connectionOf = (peer: string): ServedConnection => connections.get(peer) ?? { settings: undefined, offer, caller: unknownCaller };
  const service = pluginService();
  let offer = first;
  const calls = new WeakMap<SimulatedProvider, ProviderCalls>();
  const callsOf = (provider: SimulatedProvider): ProviderCalls => {
    const made = calls.get(provider) ?? serviceOf(provider);
    calls.set(provider, made);
    return made;
  };
  const handlers: Record<string, UntypedHandleCall> = {};
  for (const name of Object.keys(service))
    handlers[name] = unary(async (request, peer) => {
      const connection = connectionOf(peer);
      const isStale = (): boolean => connection.offer !== offer;
      if (isStale() && name !== 'StopProvider') throw wasReset();
      try {
        return (await callsOf(connection.offer.provider(connection.caller))[name]?.(request, connection)) ?? {};
      } catch (error) {
        throw isStale() ? wasReset() : error;
      }
    });
  handlers['GetProviderSchema'] = unary(async (_, peer) => {
    const connection = connectionOf(peer);
    return connection.offer.answer(connection.caller);
  });
  const raw = { ...service, GetProviderSchema: { ...service['GetProviderSchema'], responseSerialize: (bytes: Buffer) => bytes } };
  grpc.addService(raw as typeof service, handlers);
  addController(grpc);
  const injector = grpc.createConnectionInjector(ServerCredentials.createInsecure());
  const sockets = new Set<Socket>();
  const listener = createServer((socket) => {
    const peer = peerOf(socket);
    connections.set(peer, { settings: undefined, offer, caller: once(() => callerOf(socket)) });
    sockets.add(socket);
    socket.setNoDelay(true);
    closeQuickly(socket);
    socket.once('close', () => {
      sockets.delete(socket);
      connections.delete(peer);
    });
    injector.injectConnection(socket);
  });
  const port = await listen(listener, wantedPort);
  return {
    port,
    renew: (next) => {
      offer = next;
    },
    stop: async () => {
      const closed = new Promise<void>((resolve) => listener.close(() => resolve()));
      for (const socket of sockets) socket.destroy();
      injector.destroy();
      grpc.forceShutdown();
      await closed;
    },
  };
}

function unary(answer: (request: Request, peer: string) => Promise<object>): UntypedHandleCall {
  return (call: ServerUnaryCall<Request, object>, done: sendUnaryData<object>) => {
    answer(call.request, call.getPeer()).then(
      (response) => done(null, response),
      (error: unknown) => done(null, { diagnostics: diagnosticsOf(error) }),
    );
  };
}

/** What go-plugin asks of a program at its end; without an answer terraform waits for two seconds. */
function addController(grpc: Server): void {
  const empty = {
    requestSerialize: () => Buffer.alloc(0),
    requestDeserialize: () => ({}),
    responseSerialize: () => Buffer.alloc(0),
    responseDeserialize: () => ({}),
  };
  grpc.addService(
    { Shutdown: { path: '/plugin.GRPCController/Shutdown', requestStream: false, responseStream: false, ...empty } },
    { Shutdown: unary(() => Promise.resolve({})) },
  );
}

function unknownCaller(): Caller {
  return { environment: {}, known: false };
}

function wasReset(): TerraceError {
  return new TerraceError({
    code: 'E5313',
    title: 'sandbox was reset',
    found: 'everything simulated was removed while this terraform ran',
    todo: 'run the command again; what it had made before is gone',
  });
}

function once<T extends object>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}

function peerOf(socket: Socket): string {
  return `${socket.remoteAddress ?? ''}:${socket.remotePort ?? 0}`;
}

/** Listens and gives the port; another program may have taken the wanted one. */
function listen(server: SocketServer, wantedPort: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const attempt = (port: number): void => {
      const failed = (error: NodeJS.ErrnoException): void => (error.code === 'EADDRINUSE' && port !== 0 ? attempt(0) : reject(error));
      server.once('error', failed);
      server.listen({ host: '127.0.0.1', port }, () => {
        server.removeListener('error', failed);
        resolve((server.address() as AddressInfo).port);
      });
    };
    attempt(wantedPort);
  });
}
