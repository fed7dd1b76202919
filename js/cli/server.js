/** Which server is meant, and the token for it. */
import { execFileSync } from 'node:child_process';

const LOOPBACK = ['localhost', '127.0.0.1', '[::1]'];

/**
 * The server that is meant, and the token for it.
 *
 * The host of an address that somebody has pasted gets no token that was meant for another: unless it is the host that
 * is meant anyway, only what gh has for it.
 *
 * @param {Record<string, any>} flags
 * @param {NodeJS.ProcessEnv} env
 * @returns {{ apiUrl: string | undefined, token: string | undefined }} `apiUrl` where it is not the default
 */
export function serverOf(flags, env) {
  const apiUrl = apiUrlOf(flags, env);
  const { addressHost } = flags;
  const addressed = addressHost && ofHost(addressHost);
  if (!addressHost || flags['api-url'] || hostOf(addressed) === hostOf(apiUrl)) {
    return { apiUrl, token: tokenOf(apiUrl, env) };
  }
  return { apiUrl: addressed, token: fromGh(hostOf(addressed)) };
}

/**
 * @param {Record<string, any>} flags
 * @param {NodeJS.ProcessEnv} env
 * @returns {string | undefined} the API's base URL, where it is not the default
 */
export function apiUrlOf(flags, env) {
  if (flags['api-url']) return flags['api-url'];
  if (flags.host) return ofHost(flags.host);
  return env.GH_HOST ? ofHost(env.GH_HOST) : env.GITHUB_API_URL || undefined;
}

/**
 * Where a host has its API: see https://docs.github.com/en/rest/using-the-rest-api/getting-started-with-the-rest-api
 *
 * @param {string} given a host, with or without a port; somebody may have written a whole address
 */
function ofHost(given) {
  const address = given.includes('://') ? given : `https://${given}`;
  // What is no host is the core's to refuse.
  if (!URL.canParse(address)) return address;
  const { host, origin } = new URL(address);
  if (['github.com', 'www.github.com', 'api.github.com'].includes(host)) return undefined;
  if (host.endsWith('.ghe.com')) return `https://api.${host.replace(/^api\./, '')}`;
  return `${origin}/api/v3`;
}

/**
 * The token. As with gh (https://cli.github.com/manual/gh_help_environment), GH_TOKEN and GITHUB_TOKEN are for
 * github.com, subdomains of ghe.com and this machine alone, so that no other host gets them; and for the server of the
 * job itself. Those of an enterprise's server are for all others, and that of Gitea for Gitea.
 *
 * @param {string | undefined} apiUrl
 * @param {NodeJS.ProcessEnv} env
 * @returns {string | undefined}
 */
export function tokenOf(apiUrl, env) {
  const host = hostOf(apiUrl);
  const name = tokenNames(apiUrl, env).find((name) => env[name]);
  return name ? env[name] : fromGh(host);
}

/**
 * The variables whose token is for this server, the first that is set first.
 *
 * @param {string | undefined} apiUrl
 * @param {NodeJS.ProcessEnv} env
 */
export function tokenNames(apiUrl, env) {
  const host = hostOf(apiUrl);
  const isGitHub = host === 'github.com' || host?.endsWith('.ghe.com');
  const isOwn = LOOPBACK.includes(host ?? '') || (host && host === hostOf(env.GITHUB_API_URL));
  return [
    ...(isGitea(apiUrl) ? ['GITEA_TOKEN'] : []),
    ...(isGitHub ? [] : ['GH_ENTERPRISE_TOKEN', 'GITHUB_ENTERPRISE_TOKEN']),
    ...(isGitHub || isOwn ? ['GH_TOKEN', 'GITHUB_TOKEN'] : []),
  ];
}

/**
 * Whether an API's base URL is that of Gitea or Forgejo.
 *
 * @param {string | undefined} apiUrl
 */
export function isGitea(apiUrl) {
  return /\/api\/v1\/?$/.test(apiUrl ?? '');
}

/** @param {string | undefined} apiUrl */
function hostOf(apiUrl) {
  if (!apiUrl) return 'github.com';
  if (!URL.canParse(apiUrl)) return undefined;
  const { hostname } = new URL(apiUrl);
  return hostname === 'api.github.com'
    ? 'github.com'
    : hostname.replace(/^api\.(?=.*\.ghe\.com$)/, '');
}

/**
 * @param {string | undefined} host
 * @returns {string | undefined} none where gh is not installed, or not logged in there
 */
function fromGh(host) {
  if (!host) return undefined;
  try {
    const told = execFileSync('gh', ['auth', 'token', '--hostname', host], {
      stdio: ['ignore', 'pipe', 'ignore'],
      timeout: 10_000,
    });
    return told.toString().trim() || undefined;
  } catch {
    return undefined;
  }
}
