import { createServer, type AddressInfo, type Server as SocketServer, type Socket } from 'node:net';
import path from 'node:path';

import { Server, ServerCredentials, type sendUnaryData, type ServerUnaryCall, type UntypedHandleCall } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';

import type { Caller } from '../engine/context';
import type { SimulatedProvider } from '../engine/simulated-provider';
import { callerOf } from './caller';
import { diagnosticsOf, serviceOf, type Connection, type Request } from './service';

/** A provider that listens; terraform reattaches to `address` or was told it by the handshake. */
export interface PluginServer {
  readonly address: { readonly network: 'tcp' | 'unix'; readonly name: string };
  stop(): Promise<void>;
}

export interface ListenAt {
  /** Loopback port, 0 for any; or the path of a unix socket. */
  readonly port?: number;
  readonly socket?: string;
  /** Called when terraform asks the program to end. */
  readonly onShutdown?: () => void;
}

/** Serves one provider. Every connection keeps the configuration it was given, and loses it when it closes. */
export async function servePlugin(
  provider: SimulatedProvider,
  schemas: (caller: () => Caller) => Promise<Buffer>,
  projectRoot: string,
  at: ListenAt,
): Promise<PluginServer> {
  const grpc = new Server({ 'grpc.max_receive_message_length': -1, 'grpc.max_send_message_length': -1 });
  const connections = new Map<string, Connection>();
  const definition = loadSync(path.join(projectRoot, 'terrace/sandbox/providers/protocol/tfplugin6.proto'), {
    keepCase: true,
    longs: Number,
    enums: String,
    defaults: true,
    bytes: Buffer,
  });
  const service = definition['tfplugin6.Provider'];
  if (service === undefined || typeof service !== 'object' || 'format' in service)
    throw new Error('tfplugin6.proto defines no service Provider');
  const calls = serviceOf(provider);
  const handlers: Record<string, UntypedHandleCall> = {};
  for (const name of Object.keys(service))
    handlers[name] = unary(async (request, peer) => (await calls[name]?.(request, connectionOf(connections, peer))) ?? {});
  handlers['GetProviderSchema'] = unary(async (_, peer) => schemas(connectionOf(connections, peer).caller));
  const raw = { ...service, GetProviderSchema: { ...service['GetProviderSchema'], responseSerialize: (bytes: Buffer) => bytes } };
  grpc.addService(raw as typeof service, handlers);
  addController(grpc, at.onShutdown);
  const injector = grpc.createConnectionInjector(ServerCredentials.createInsecure());
  const sockets = new Set<Socket>();
  const listener = createServer((socket) => {
    const peer = peerOf(socket);
    connections.set(peer, { settings: undefined, caller: once(() => (at.socket === undefined ? callerOf(socket) : ownProcess())) });
    sockets.add(socket);
    socket.setNoDelay(true);
    socket.once('close', () => {
      sockets.delete(socket);
      if (at.socket === undefined) connections.delete(peer);
    });
    injector.injectConnection(socket);
  });
  await listen(listener, at);
  const address = listener.address();
  return {
    address:
      typeof address === 'string'
        ? { network: 'unix', name: address }
        : { network: 'tcp', name: `127.0.0.1:${(address as AddressInfo).port}` },
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
function addController(grpc: Server, onShutdown: (() => void) | undefined): void {
  const empty = {
    requestSerialize: () => Buffer.alloc(0),
    requestDeserialize: () => ({}),
    responseSerialize: () => Buffer.alloc(0),
    responseDeserialize: () => ({}),
  };
  grpc.addService(
    { Shutdown: { path: '/plugin.GRPCController/Shutdown', requestStream: false, responseStream: false, ...empty } },
    {
      Shutdown: unary(async () => {
        if (onShutdown !== undefined) setImmediate(onShutdown);
        return {};
      }),
    },
  );
}

function connectionOf(connections: Map<string, Connection>, peer: string): Connection {
  return connections.get(peer) ?? { settings: undefined, caller: ownProcess };
}

/** A program that terraform launched has its environment and its directory. */
function ownProcess(): Caller {
  return { environment: process.env, directory: process.cwd(), known: true };
}

function once<T extends object>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}

function peerOf(socket: Socket): string {
  return socket.remoteAddress === undefined ? 'unknown' : `${socket.remoteAddress}:${socket.remotePort ?? 0}`;
}

function listen(server: SocketServer, at: ListenAt): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(at.socket === undefined ? { host: '127.0.0.1', port: at.port ?? 0 } : { path: at.socket }, () => resolve());
  });
}
