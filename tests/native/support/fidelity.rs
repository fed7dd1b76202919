//! Every call of every test is held against GitHub's description of its API: what the program
//! sends, and what the embedded GitHub answers.

use std::collections::BTreeSet;

use simulator::{Effect, Request, Response, Scenario, Server};

/// The inputs of a dispatch: how many a server takes the program learns from its answer.
const INPUTS: &str = "/inputs";

/// Of lists longer than this, in bytes, the first answer of each address is looked into, not what
/// it has become at every later poll: hundreds of runs take a moment.
const LONG: usize = 64 << 10;

/// Asserts that what was exchanged with the API fits its description, and says which known
/// differences it met.
pub fn assert_described(
    scenario: &Scenario,
    exchanges: &[(Request, Response)],
) -> Vec<&'static str> {
    let server = match scenario.server {
        Server::GitHubCom => openapi::Server::GitHubCom,
        Server::Ghes321 => openapi::Server::Ghes321,
        Server::Ghes320 => openapi::Server::Ghes320,
        Server::Ghes319 => openapi::Server::Ghes319,
        // It is compared with a real one: tests/servers.
        Server::Gitea | Server::Gitea126 | Server::Gitea125 => return Vec::new(),
    };
    let mut wrong = BTreeSet::new();
    let mut differences = Vec::new();
    let mut long = BTreeSet::new();
    for (request, response) in exchanges {
        // Logs come from another origin, of which there is no description; what an injected
        // redirect leads to is not GitHub's.
        let Some(path) = request.url.strip_prefix(scenario.api_base()) else {
            continue;
        };
        if !path.starts_with("/repos/") {
            continue;
        }
        if response.body.len() > LONG && !long.insert(path) {
            continue;
        }
        let report = openapi::check(
            server,
            &openapi::Exchange {
                method: &request.method,
                path,
                request_headers: &request.headers,
                request_body: &request.body,
                status: response.status,
                response_headers: &response.headers,
                response_body: &response.body,
            },
        );
        // To the new name of a repository any operation may lead; the description of few says so.
        let is_sent_on = matches!(response.status, 301 | 307) && was_renamed(scenario);
        let is_injected = is_sent_on || is_injected(scenario, response);
        let mut mismatches = report.mismatches;
        mismatches.retain(|mismatch| match &mismatch.problem {
            openapi::Problem::RequestBody { at, .. } if at == INPUTS => response.status < 400,
            problem => problem.is_in_request() || !is_injected,
        });
        wrong.extend(mismatches.iter().map(ToString::to_string));
        if !is_injected {
            differences.extend(report.differences);
        }
    }
    assert!(
        wrong.is_empty(),
        "not as GitHub describes it:\n{}",
        Vec::from_iter(wrong).join("\n")
    );
    differences
}

fn was_renamed(scenario: &Scenario) -> bool {
    let mut repositories = scenario.repositories.iter();
    repositories.any(|repository| !repository.former_names.is_empty())
}

/// Whether a fault answered, not the server: by its status and its body. (Where the answer broke
/// off, it was the server's all the same.)
fn is_injected(scenario: &Scenario, response: &Response) -> bool {
    response.status == 0
        || scenario.faults.iter().any(|fault| match &fault.effect {
            Effect::Answer { status, body, .. } => {
                *status == response.status && body.as_bytes() == response.body
            }
            // Any operation may be limited; the description of few says so.
            Effect::Limited { status, .. } => *status == response.status,
            _ => false,
        })
}
