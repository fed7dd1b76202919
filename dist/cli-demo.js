// Built by `npm run build` from js/, src/ and simulator/: change those, not this file.
// @ts-nocheck
import { startGitHub } from "return-dispatch-simulator";

// js/demonstrations.js
const receiver = (announce, deploying = {}, deploy = {}) => ({
	file: "deploy.yml",
	name: "Deploy",
	inputs: {
		environment: {},
		distinct_id: {}
	},
	queueDelay: 1,
	listingDelay: .7,
	jobs: [{
		name: "announce",
		steps: [announce]
	}, {
		name: "deploy",
		needs: ["announce"],
		steps: [{
			run: "make deploy",
			seconds: 6,
			...deploying
		}],
		...deploy
	}]
});
const ECHOING = {
	name: "Announce",
	run: "echo \"$ID\"",
	prints: [`\${{ inputs.distinct_id }}`],
	seconds: 1.5
};
const ON_GITHUB = [
	{
		title: "1. github.com: the server names the run",
		server: "github.com",
		workflow: receiver({
			name: "Announce",
			run: "true"
		}),
		others: 0
	},
	{
		title: "2. GHES 3.19: the server says nothing; the receiver only echoes the ID, among 20 other runs",
		server: "ghes-3.19",
		workflow: receiver(ECHOING),
		others: 20
	},
	{
		title: "3. github.com again: wait for the run through an approval, and take what it returns",
		server: "github.com",
		workflow: receiver({
			name: "Announce",
			run: "true"
		}, {
			seconds: 2,
			prints: [`\${{ inputs.distinct_id }} version=1.2.3`]
		}, { environment: {
			name: "production",
			approvedAfter: 2
		} }),
		others: 0,
		inputs: { wait: "true" }
	},
	{
		title: "4. A run that fails: the step fails with it, and shows why",
		server: "github.com",
		workflow: receiver({
			name: "Announce",
			run: "true"
		}, {
			seconds: 1,
			prints: ["compiling 214 files", "src/lock.rs:12: not on our watch"],
			conclusion: "failure"
		}, { matrix: ["eu", "us"] }),
		others: 0,
		inputs: { wait: "true" },
		ends: {
			code: 1,
			conclusion: "failure"
		}
	},
	{
		title: "5. The caller is cancelled: so is its run",
		server: "github.com",
		workflow: receiver({
			name: "Announce",
			run: "true"
		}, { seconds: 600 }),
		others: 0,
		inputs: { wait: "true" },
		cancelAt: "* deploy",
		ends: {
			code: 1,
			conclusion: "cancelled"
		}
	},
	{
		title: "6. A run that waits for its turn, fails, and is started again by somebody",
		takes: "15 s",
		server: "github.com",
		workflow: {
			...receiver({
				name: "Announce",
				run: "true"
			}, {
				seconds: 2,
				conclusionsByAttempt: ["failure", "success"]
			}),
			concurrency: { group: "deploy" }
		},
		others: 0,
		earlier: 1,
		reruns: [{
			run: 0,
			after: .1
		}],
		inputs: { wait: "true" }
	},
	{
		title: "7. A run that ignores its cancellation: the post step forces it to end",
		takes: "over a minute",
		server: "github.com",
		workflow: {
			...receiver({
				name: "Announce",
				run: "true"
			}, { seconds: 600 }),
			ignoresCancel: true
		},
		others: 0,
		inputs: { wait: "true" },
		cancelAt: "* deploy",
		leaves: true,
		ends: {
			code: 1,
			conclusion: "cancelled"
		}
	}
];
const ON_GITEA = [
	{
		title: "1. Gitea 1.27: the server names the run",
		server: "gitea",
		workflow: receiver({
			name: "Announce",
			run: "true"
		}),
		others: 0
	},
	{
		title: "2. Gitea 1.25: the server says nothing; the receiver echoes the ID, which is found while its job runs, among 20 other runs",
		server: "gitea-1.25",
		workflow: receiver({
			...ECHOING,
			seconds: 20
		}),
		others: 20
	},
	{
		title: "3. Gitea 1.27 again: wait for the run, and take what it returns",
		server: "gitea",
		workflow: receiver({
			name: "Announce",
			run: "true"
		}, {
			seconds: 2,
			prints: [`\${{ inputs.distinct_id }} version=1.2.3`]
		}),
		others: 0,
		inputs: { wait: "true" }
	},
	{
		title: "4. A run that fails: the step fails with it, and shows why",
		server: "gitea",
		workflow: receiver({
			name: "Announce",
			run: "true"
		}, {
			seconds: 1,
			prints: ["compiling 214 files", "src/lock.rs:12: not on our watch"],
			conclusion: "failure"
		}),
		others: 0,
		inputs: { wait: "true" },
		ends: {
			code: 1,
			conclusion: "failure"
		}
	}
];
const DEMONSTRATIONS = /* @__PURE__ */ new Map([["github", ON_GITHUB], ["gitea", ON_GITEA]]);
function demonstrationsOn(server = "github") {
	const found = DEMONSTRATIONS.get(server);
	if (found) return found;
	const known = [...DEMONSTRATIONS.keys()].join(" or ");
	throw new Error(`There is no demonstration on "${server}": --server takes ${known}`);
}
function scenarioOf({ title, server, workflow, others, earlier = 0, reruns = [] }) {
	return {
		server,
		seed: Number.parseInt(title, 10),
		crowd: {
			before: earlier + others / 2,
			after: others / 2,
			spreadSeconds: 1
		},
		reruns,
		repositories: [{
			owner: "octo",
			name: "receiver",
			workflows: [workflow]
		}]
	};
}

// js/cli-demo.js
async function demonstrate(run, server) {
	let code = 0;
	for (const demonstration of demonstrationsOn(server)) {
		const { title, leaves, cancelAt, ends } = demonstration;
		if (leaves) continue;
		const github = await startGitHub(scenarioOf(demonstration));
		const args = [
			"octo/receiver",
			"deploy.yml",
			"-f",
			"environment=staging",
			"--wait",
			...cancelAt ? ["--cancel-on-interrupt"] : []
		];
		process.stdout.write(`\n${title}\n\n$ return-dispatch ${args.join(" ")}\n`);
		const interrupt = cancelAt ? interruptWhenRunning(github) : void 0;
		try {
			const { conclusion = "success" } = ends ?? {};
			const ended = await run([
				...args,
				"--api-url",
				github.apiUrl
			], { GH_TOKEN: "ghs_simulated" });
			const truth = github.runs().find(({ dispatchedBy }) => dispatchedBy.type === "client");
			const right = truth?.conclusion === conclusion;
			if (!right) code = 1;
			if (!cancelAt && ended > 128) return ended;
			process.stdout.write(`$ echo $?\n${ended}\n`);
			process.stdout.write(`${right ? "✓" : "✗"} Run ${truth?.id} was created by this, and ended with ${truth?.conclusion}.\n`);
		} finally {
			clearInterval(interrupt);
			await github.stop();
		}
	}
	return code;
}
function interruptWhenRunning(github) {
	const timer = setInterval(() => {
		if (!github.requests().some(({ path }) => path.includes("/jobs")) || github.now() < 6e3) return;
		clearInterval(timer);
		process.stdout.write("^C");
		process.kill(process.pid, "SIGINT");
	}, 200);
	return timer;
}

export { demonstrate };