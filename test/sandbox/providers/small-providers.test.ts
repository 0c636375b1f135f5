import { createServer } from 'node:http';
import { gunzipSync } from 'node:zlib';

import { afterEach, expect, test } from '@jest/globals';

import { localProvider, type LocalProvider } from '../../_helpers/simulated-provider';

const open: LocalProvider[] = [];
afterEach(() => {
  for (const one of open.splice(0)) one.remove();
});

function provider(name: string): LocalProvider {
  const one = localProvider(name, name === 'google-beta' ? { project: 'shop', region: 'europe-west1' } : {});
  open.push(one);
  return one;
}

const plain = { gzip: false, base64_encode: false };

test('cloud-init parts become the MIME archive that the provider documents, with its checksum as id', async () => {
  const cloudinit = provider('cloudinit');
  const part = [
    { content_type: 'text/x-shellscript', content: 'foo1', filename: 'foofile1.txt', merge_type: 'list()+dict()+str()' },
    { content: 'bar1' },
  ];
  const rendered =
    'Content-Type: multipart/mixed; boundary="MIMEBOUNDARY"\nMIME-Version: 1.0\r\n\r\n--MIMEBOUNDARY\r\nContent-Disposition: attachment; filename="foofile1.txt"\r\nContent-Transfer-Encoding: 7bit\r\nContent-Type: text/x-shellscript\r\nMime-Version: 1.0\r\nX-Merge-Type: list()+dict()+str()\r\n\r\nfoo1\r\n--MIMEBOUNDARY\r\nContent-Transfer-Encoding: 7bit\r\nContent-Type: text/plain\r\nMime-Version: 1.0\r\n\r\nbar1\r\n--MIMEBOUNDARY--\r\n';
  expect(await cloudinit.read('cloudinit_config', { ...plain, part })).toMatchObject({ rendered, boundary: 'MIMEBOUNDARY' });
  const slashes = await cloudinit.read('cloudinit_config', { ...plain, boundary: '//', part: [{ content: 'baz' }] });
  expect(slashes['rendered']).toContain('boundary="//"\nMIME-Version: 1.0\r\n\r\n--//\r\n');
  expect(slashes['rendered']).toMatch(/\r\n--\/\/--\r\n$/);
});

test('without anything said a cloud-init archive is compressed and in base64, and holds the same', async () => {
  const cloudinit = provider('cloudinit');
  const part = [{ content_type: 'text/x-shellscript', content: 'heythere' }];
  const encoded = await cloudinit.read('cloudinit_config', { gzip: false, part });
  expect(encoded).toMatchObject({
    rendered:
      'Q29udGVudC1UeXBlOiBtdWx0aXBhcnQvbWl4ZWQ7IGJvdW5kYXJ5PSJNSU1FQk9VTkRBUlkiCk1JTUUtVmVyc2lvbjogMS4wDQoNCi0tTUlNRUJPVU5EQVJZDQpDb250ZW50LVRyYW5zZmVyLUVuY29kaW5nOiA3Yml0DQpDb250ZW50LVR5cGU6IHRleHQveC1zaGVsbHNjcmlwdA0KTWltZS1WZXJzaW9uOiAxLjANCg0KaGV5dGhlcmUNCi0tTUlNRUJPVU5EQVJZLS0NCg==',
  });
  const { rendered } = await cloudinit.create('cloudinit_config', { part });
  expect(String(rendered)).toMatch(/^H4sIAAAAAAAA\//);
  expect(gunzipSync(Buffer.from(String(rendered), 'base64'))).toEqual(Buffer.from(String(encoded['rendered']), 'base64'));
  await expect(cloudinit.read('cloudinit_config', { base64_encode: false, part })).rejects.toThrow(
    'Expected base64_encode to be set to true when gzip is true.',
  );
  await expect(cloudinit.read('cloudinit_config', { ...plain, boundary: 'ends with ', part })).rejects.toThrow(
    'invalid boundary character',
  );
});

test('an external program gets the query and gives texts; anything else is refused in words', async () => {
  const external = provider('external');
  const node = (code: string): readonly string[] => [process.execPath, '-e', code];
  const echo = node('let t="";process.stdin.on("data",(d)=>t+=d).on("end",()=>console.log(JSON.stringify({got:t,nothing:null})))');
  expect(await external.read('external', { program: echo, query: { b: '2', a: '1' } })).toMatchObject({
    id: '-',
    result: { got: '{"a":"1","b":"2"}', nothing: '' },
  });
  await expect(external.read('external', { program: node('console.error("no such key");process.exit(3)') })).rejects.toThrow(
    /External Program Execution Failed.*no such key.*exit status 3/,
  );
  await expect(external.read('external', { program: node('console.log("{\\"n\\":1}")') })).rejects.toThrow('n is no text');
  await expect(external.read('external', { program: node('console.log("hello")') })).rejects.toThrow('Unexpected External Program Results');
  await expect(external.read('external', { program: ['no-such-program'] })).rejects.toThrow('program not started: no-such-program');
});

test('an address of this machine is asked, another one is refused until somebody says what it answers', async () => {
  const http = provider('http');
  const server = createServer((request, response) => {
    if (request.url === '/moved') response.writeHead(302, { location: '/there' }).end();
    else response.writeHead(request.url === '/there' ? 200 : 404, { 'content-type': 'text/plain' }).end(`${request.method ?? ''} ok`);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const base = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
  try {
    expect(await http.read('http', { url: `${base}/moved` })).toMatchObject({
      id: `${base}/moved`,
      status_code: 200,
      response_body: 'GET ok',
      response_body_base64: 'R0VUIG9r',
      response_headers: { 'Content-Type': 'text/plain' },
    });
    expect(await http.read('http', { url: `${base}/none`, method: 'POST' })).toMatchObject({ status_code: 404, response_body: 'POST ok' });
  } finally {
    server.close();
  }
  const url = 'https://checkip.example.com';
  await expect(http.read('http', { url })).rejects.toThrow(`does not invent what ${url} answers`);
  http.cloud.createBeside({
    version: 1,
    provider: 'http',
    type: 'http',
    scope: '-',
    id: url,
    created: 0,
    values: { url, response_body: '203.0.113.7' },
  });
  expect(await http.read('http', { url })).toMatchObject({ status_code: 200, response_body: '203.0.113.7', body: '203.0.113.7' });
});

test('google-beta has the types, rules and objects of google, and fields and types of its own', async () => {
  const beta = provider('google-beta');
  const block = (type: string) => beta.provider.context.schemas.resource(type)?.block;
  expect(block('google_container_cluster')?.block_types?.['addons_config']?.block.block_types).toMatchObject({
    kalm_config: { nesting_mode: 'list' },
    http_load_balancing: { nesting_mode: 'list' },
  });
  expect(block('google_storage_bucket')?.attributes).toHaveProperty('uniform_bucket_level_access');
  expect(await beta.create('google_project_service_identity', { project: 'shop', service: 'pubsub.googleapis.com' })).toMatchObject({
    id: 'projects/shop/services/pubsub.googleapis.com',
    email: expect.stringMatching(/^service-\d{12}@gcp-sa-pubsub\.iam\.gserviceaccount\.com$/),
  });
  await beta.create('google_compute_network', { name: 'net', auto_create_subnetworks: false });
  expect(beta.cloud.list('google', 'google_compute_network').map(({ record }) => record.values['name'])).toEqual(['net']);
});
