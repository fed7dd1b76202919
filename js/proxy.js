/**
 * The way through a proxy, as the variables `https_proxy`, `http_proxy` and `no_proxy` have it, in either case and by
 * the rules of `@actions/http-client`. Loaded only where one is set.
 */
import { request as requestByHttp } from 'node:http';
import { Agent, request as requestByHttps } from 'node:https';
import { checkBypass, getProxyUrl } from '@actions/http-client/lib/proxy';

/**
 * @typedef {import('node:http').AgentOptions} AgentOptions
 * @typedef {import('node:https').RequestOptions} RequestOptions
 * @typedef {import('./transport.js').Route} Route
 */

/** @type {Map<string, Tunnel>} by the proxy's URL */
const tunnels = new Map();

/**
 * @param {URL} target
 * @param {AgentOptions} reuse of connections
 * @param {boolean} isFresh whether by a connection of its own
 * @returns {Route | undefined} undefined where no proxy is to be used
 * @throws {Error} if the proxy cannot be used
 */
export function routeTo(target, reuse, isFresh) {
  const proxy = proxyFor(target);
  if (!proxy) return undefined;
  if (proxy.protocol !== 'http:' && proxy.protocol !== 'https:') {
    throw Object.assign(
      new Error(`a proxy by ${proxy.protocol}// is not supported, only by http:// and https://`),
      { code: 'ERR_PROXY_UNSUPPORTED', connected: false },
    );
  }
  if (target.protocol === 'https:') {
    if (isFresh) tunnels.delete(proxy.href);
    const tunnel = tunnels.get(proxy.href) ?? new Tunnel(proxy, reuse);
    tunnels.set(proxy.href, tunnel);
    return { request: requestByHttps, options: { agent: tunnel } };
  }
  return {
    request: clientFor(proxy),
    options: {
      ...addressOf(proxy),
      path: target.href,
      headers: { host: target.host, ...credentialsFor(proxy) },
      ...(isFresh && { agent: false }),
    },
  };
}

/**
 * @param {URL} target
 * @returns {URL | undefined}
 * @throws {Error} if what is set is no URL
 */
function proxyFor(target) {
  const name = target.protocol === 'https:' ? 'https_proxy' : 'http_proxy';
  const isSet = process.env[name] || process.env[name.toUpperCase()];
  if (!isSet || checkBypass(target)) return undefined;
  const proxy = urlOrNothing(target);
  if (proxy) return proxy;
  // What it says instead may be credentials.
  throw Object.assign(new Error(`the value of ${name} is not a URL`), {
    code: 'ERR_PROXY_INVALID',
    connected: false,
  });
}

/** @param {URL} target */
function urlOrNothing(target) {
  try {
    return getProxyUrl(target);
  } catch {
    return undefined;
  }
}

/** Connects to servers of HTTPS through a proxy, which gets to know their names and nothing else. */
class Tunnel extends Agent {
  #proxy;

  /**
   * @param {URL} proxy
   * @param {AgentOptions} reuse
   */
  constructor(proxy, reuse) {
    super(reuse);
    this.#proxy = proxy;
  }

  /**
   * @override
   * @param {RequestOptions} options
   * @param {(...outcome: any) => void} [done] an error, or null and the connection
   * @returns {null} as it is not there yet
   */
  createConnection(options, done = () => {}) {
    const proxy = this.#proxy;
    const host = options.host?.includes(':') ? `[${options.host}]` : options.host;
    const authority = `${host}:${options.port}`;
    const asked = clientFor(proxy)({
      ...addressOf(proxy),
      method: 'CONNECT',
      path: authority,
      headers: { host: authority, ...credentialsFor(proxy) },
      agent: false,
      // Of the request that the connection is for: it ends this one, too.
      signal: options.signal,
    });
    asked.on('connect', (response, socket) => {
      if (response.statusCode === 200) {
        // @ts-expect-error: declared as it is for net.
        done(null, super.createConnection({ ...options, socket }));
        return;
      }
      socket.destroy();
      const said = `${response.statusCode} ${response.statusMessage}`.trim();
      done(failure(proxy, `answered ${said}`, { code: `ERR_PROXY_${response.statusCode}` }));
    });
    asked.on('error', (error) => done(failure(proxy, `failed: ${error.message}`, error)));
    asked.end();
    return null;
  }
}

/** @param {URL} proxy */
function clientFor(proxy) {
  return proxy.protocol === 'https:' ? requestByHttps : requestByHttp;
}

/** @param {URL} proxy */
function addressOf({ hostname, port, protocol }) {
  // IPv6 addresses are in brackets in URLs, and nowhere else.
  const host = hostname.replace(/^\[|\]$/g, '');
  return { host, hostname: host, port: port || (protocol === 'https:' ? 443 : 80) };
}

/**
 * @param {URL} proxy with its credentials decoded
 * @returns {Record<string, string>}
 */
function credentialsFor({ username, password }) {
  if (!username && !password) return {};
  const credentials = Buffer.from(`${username}:${password}`).toString('base64');
  return { 'proxy-authorization': `Basic ${credentials}` };
}

/**
 * @param {URL} proxy
 * @param {string} what
 * @param {object} cause
 */
function failure(proxy, what, cause) {
  const { code } = /** @type {NodeJS.ErrnoException} */ (cause);
  // Without its credentials.
  return Object.assign(new Error(`the proxy ${proxy.origin} ${what}`), { code });
}
