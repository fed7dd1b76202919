/** Which server is meant, and the token for it. */
import { execFileSync } from 'node:child_process';

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
  if (!addressHost || flags['api-url'] || addressHost === hostOf(apiUrl)) {
    return { apiUrl, token: tokenOf(apiUrl, env) };
  }
  return { apiUrl: ofHost(addressHost), token: fromGh(addressHost) };
}

/**
 * @param {Record<string, any>} flags
 * @param {NodeJS.ProcessEnv} env
 * @returns {string | undefined} the API's base URL, where it is not the default
 */
export function apiUrlOf(flags, env) {
  if (flags['api-url']) return flags['api-url'];
  if (flags.host) return ofHost(flags.host);
  return env.GITHUB_API_URL || (env.GH_HOST ? ofHost(env.GH_HOST) : undefined);
}

/**
 * Where a host has its API: see https://docs.github.com/en/rest/using-the-rest-api/getting-started-with-the-rest-api
 *
 * @param {string} host
 */
function ofHost(host) {
  if (host === 'github.com') return undefined;
  return host.endsWith('.ghe.com') ? `https://api.${host}` : `https://${host}/api/v3`;
}

/**
 * The token, as gh picks it (`gh help environment`): each is for its own kind of host.
 *
 * @param {string | undefined} apiUrl
 * @param {NodeJS.ProcessEnv} env
 * @returns {string | undefined}
 */
export function tokenOf(apiUrl, env) {
  const host = hostOf(apiUrl);
  const others = ['GH_ENTERPRISE_TOKEN', 'GITHUB_ENTERPRISE_TOKEN'];
  const isGitHub = host === 'github.com' || host?.endsWith('.ghe.com');
  const names = [...(isGitHub ? [] : others), 'GH_TOKEN', 'GITHUB_TOKEN'];
  const name = names.find((name) => env[name]);
  return name ? env[name] : fromGh(host);
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
    });
    return told.toString().trim() || undefined;
  } catch {
    return undefined;
  }
}
