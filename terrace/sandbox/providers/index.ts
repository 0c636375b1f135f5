export { serveProviders } from './serve';
