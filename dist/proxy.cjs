// Built by `npm run build` from js/, src/ and simulator/: change those, not this file.
// @ts-nocheck
Object.defineProperty(exports, Symbol.toStringTag, { value: 'Module' });
let node_http = require("node:http");
let node_https = require("node:https");

// node_modules/@actions/http-client/lib/proxy.js
function getProxyUrl(reqUrl) {
	const usingSsl = reqUrl.protocol === "https:";
	if (checkBypass(reqUrl)) return;
	const proxyVar = (() => {
		if (usingSsl) return process.env["https_proxy"] || process.env["HTTPS_PROXY"];
		else return process.env["http_proxy"] || process.env["HTTP_PROXY"];
	})();
	if (proxyVar) try {
		return new DecodedURL(proxyVar);
	} catch (_a) {
		if (!proxyVar.startsWith("http://") && !proxyVar.startsWith("https://")) return new DecodedURL(`http://${proxyVar}`);
	}
	else return;
}
function checkBypass(reqUrl) {
	if (!reqUrl.hostname) return false;
	const reqHost = reqUrl.hostname;
	if (isLoopbackAddress(reqHost)) return true;
	const noProxy = process.env["no_proxy"] || process.env["NO_PROXY"] || "";
	if (!noProxy) return false;
	let reqPort;
	if (reqUrl.port) reqPort = Number(reqUrl.port);
	else if (reqUrl.protocol === "http:") reqPort = 80;
	else if (reqUrl.protocol === "https:") reqPort = 443;
	const upperReqHosts = [reqUrl.hostname.toUpperCase()];
	if (typeof reqPort === "number") upperReqHosts.push(`${upperReqHosts[0]}:${reqPort}`);
	for (const upperNoProxyItem of noProxy.split(",").map((x) => x.trim().toUpperCase()).filter((x) => x)) if (upperNoProxyItem === "*" || upperReqHosts.some((x) => x === upperNoProxyItem || x.endsWith(`.${upperNoProxyItem}`) || upperNoProxyItem.startsWith(".") && x.endsWith(`${upperNoProxyItem}`))) return true;
	return false;
}
function isLoopbackAddress(host) {
	const hostLower = host.toLowerCase();
	return hostLower === "localhost" || hostLower.startsWith("127.") || hostLower.startsWith("[::1]") || hostLower.startsWith("[0:0:0:0:0:0:0:1]");
}
var DecodedURL = class extends URL {
	constructor(url, base) {
		super(url, base);
		this._decodedUsername = decodeURIComponent(super.username);
		this._decodedPassword = decodeURIComponent(super.password);
	}
	get username() {
		return this._decodedUsername;
	}
	get password() {
		return this._decodedPassword;
	}
};

// js/proxy.js
const tunnels = /* @__PURE__ */ new Map();
function routeTo(target, reuse, isFresh) {
	const proxy = proxyFor(target);
	if (!proxy) return void 0;
	if (proxy.protocol !== "http:" && proxy.protocol !== "https:") throw Object.assign(/* @__PURE__ */ new Error(`a proxy by ${proxy.protocol}// is not supported, only by http:// and https://`), {
		code: "ERR_PROXY_UNSUPPORTED",
		connected: false
	});
	if (target.protocol === "https:") {
		if (isFresh) tunnels.delete(proxy.href);
		const tunnel = tunnels.get(proxy.href) ?? new Tunnel(proxy, reuse);
		tunnels.set(proxy.href, tunnel);
		return {
			request: node_https.request,
			options: { agent: tunnel }
		};
	}
	return {
		request: clientFor(proxy),
		options: {
			...addressOf(proxy),
			path: target.href,
			headers: {
				host: target.host,
				...credentialsFor(proxy)
			},
			...isFresh && { agent: false }
		}
	};
}
function proxyFor(target) {
	const name = target.protocol === "https:" ? "https_proxy" : "http_proxy";
	if (!(process.env[name] || process.env[name.toUpperCase()]) || checkBypass(target)) return void 0;
	const proxy = urlOrNothing(target);
	if (proxy) return proxy;
	throw Object.assign(/* @__PURE__ */ new Error(`the value of ${name} is not a URL`), {
		code: "ERR_PROXY_INVALID",
		connected: false
	});
}
function urlOrNothing(target) {
	try {
		return getProxyUrl(target);
	} catch {
		return;
	}
}
var Tunnel = class extends node_https.Agent {
	#proxy;
	constructor(proxy, reuse) {
		super(reuse);
		this.#proxy = proxy;
	}
	createConnection(options, done = () => {}) {
		const proxy = this.#proxy;
		const authority = `${options.host?.includes(":") ? `[${options.host}]` : options.host}:${options.port}`;
		const asked = clientFor(proxy)({
			...addressOf(proxy),
			method: "CONNECT",
			path: authority,
			headers: {
				host: authority,
				...credentialsFor(proxy)
			},
			agent: false,
			signal: options.signal
		});
		asked.on("connect", (response, socket) => {
			if (response.statusCode === 200) {
				done(null, super.createConnection({
					...options,
					socket
				}));
				return;
			}
			socket.destroy();
			const said = `${response.statusCode} ${response.statusMessage}`.trim();
			done(failure(proxy, `answered ${said}`, { code: `ERR_PROXY_${response.statusCode}` }));
		});
		asked.on("error", (error) => done(failure(proxy, `failed: ${error.message}`, error)));
		asked.end();
		return null;
	}
};
function clientFor(proxy) {
	return proxy.protocol === "https:" ? node_https.request : node_http.request;
}
function addressOf({ hostname, port, protocol }) {
	const host = hostname.replace(/^\[|\]$/g, "");
	return {
		host,
		hostname: host,
		port: port || (protocol === "https:" ? 443 : 80)
	};
}
function credentialsFor({ username, password }) {
	if (!username && !password) return {};
	return { "proxy-authorization": `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}` };
}
function failure(proxy, what, cause) {
	const { code } = cause;
	return Object.assign(/* @__PURE__ */ new Error(`the proxy ${proxy.origin} ${what}`), { code });
}

exports.routeTo = routeTo;