import { services } from '../topology/services';

interface Listener {
  readonly hostname: string;
  /** Address that speaks for visitors; their own arrives in the proxy protocol. Absent where nginx is asked directly. */
  readonly loadBalancer?: string;
}

/** Where a request goes on. The variable has nginx ask for the address each time, so that a container that was replaced is found again. */
const upstream = (name: 'tux' | 'api' | 'static'): readonly string[] => [
  `      set $${name} http://${name}:${services[name].ports[0]};`,
  `      proxy_pass $${name};`,
];

const locations = [
  '    location /api/ {',
  '      rewrite ^/api/(.*)$ /$1 break;',
  ...upstream('api'),
  '    }',
  '',
  '    # What Discord and GitHub call back.',
  '    location /hooks/ {',
  '      rewrite ^/hooks/(.*)$ /$1 break;',
  ...upstream('tux'),
  '    }',
  '',
  '    location / {',
  ...upstream('static'),
  '    }',
];

const head = [
  'worker_processes auto;',
  'error_log /dev/stderr warn;',
  '',
  'events {',
  '  worker_connections 1024;',
  '}',
  '',
  'http {',
  '  access_log /dev/stdout combined;',
  '  server_tokens off;',
  '  client_max_body_size 25m;',
  '  resolver 127.0.0.11 valid=10s;',
  '  proxy_http_version 1.1;',
  '  proxy_set_header Host $host;',
  '  proxy_set_header X-Forwarded-Proto $scheme;',
];

/**
 * nginx of the web servers. TLS ends here: the certificate is of Cloudflare's origin CA, and only a client that shows the certificate of
 * this environment's own is answered. The client's address comes from Cloudflare's header, which is trusted because of that.
 */
export function renderNginx({ hostname, loadBalancer }: Listener): string {
  const lines = [
    ...head,
    '  proxy_set_header X-Real-IP $http_cf_connecting_ip;',
    `  set_real_ip_from ${loadBalancer ?? '127.0.0.1'};`,
    '  real_ip_header proxy_protocol;',
    '',
    '  # The load balancer asks here whether this server is well; everything else is sent to TLS.',
    '  server {',
    '    listen 80 default_server;',
    '    location = /healthz {',
    '      access_log off;',
    "      return 200 'ok';",
    '    }',
    '    location / {',
    '      return 301 https://$host$request_uri;',
    '    }',
    '  }',
    '',
    '  # Numbers for the exporter; not published.',
    '  server {',
    '    listen 8082;',
    '    access_log off;',
    '    location = /stub_status {',
    '      stub_status;',
    '    }',
    '  }',
    '',
    '  server {',
    '    listen 443 ssl proxy_protocol;',
    '    http2 on;',
    `    server_name ${hostname};`,
    '    ssl_certificate /etc/nginx/tls/origin.pem;',
    '    ssl_certificate_key /etc/nginx/tls/origin-private.pem;',
    '    ssl_protocols TLSv1.2 TLSv1.3;',
    '    ssl_client_certificate /etc/nginx/tls/origin-pull-issuer.pem;',
    '    ssl_verify_client on;',
    '    add_header Strict-Transport-Security "max-age=31536000" always;',
    '    add_header X-Content-Type-Options nosniff always;',
    '',
    ...locations,
    '  }',
    '',
    '  # A name that is not ours gets no answer.',
    '  server {',
    '    listen 443 ssl proxy_protocol default_server;',
    '    ssl_reject_handshake on;',
    '  }',
    '}',
    '',
  ];
  return lines.join('\n');
}

/** nginx of the local Compose project: the same routes over plain HTTP. */
export function renderLocalNginx(): string {
  return [...head, '  server {', '    listen 8080 default_server;', ...locations, '  }', '}', ''].join('\n');
}
