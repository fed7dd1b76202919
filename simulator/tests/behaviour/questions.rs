//! Questions in GraphQL.

use serde_json::{Value, json};
use simulator::{Repository, Scenario, Server, Token};

use crate::caller::{Caller, body, message, on};

/// What gh asks before it dispatches a workflow without being told a branch.
const DEFAULT_BRANCH: &str = "
    fragment repo on Repository { id name owner { login } viewerPermission defaultBranchRef { name } }
    query RepositoryInfo($owner: String!, $name: String!) {
        repository(owner: $owner, name: $name) {
            ...repo
            parent { ...repo }
            mergeCommitAllowed
        }
    }";

/// Asks this of the repository `octo/receiver`.
fn ask(caller: &mut Caller, url: &str, query: &str) -> Value {
    let variables = json!({ "owner": "octo", "name": "receiver", "other": "gone" });
    let request = simulator::Request::new("POST", url)
        .with_header("User-Agent", "tests")
        .with_header("Authorization", "bearer ghs_simulated")
        .with_body(json!({ "query": query, "variables": variables }).to_string());
    let response = caller.send(&request, 0.0);
    assert_eq!(response.status, 200);
    body(&response)
}

const URL: &str = "https://api.github.com/graphql";

fn error(answer: &Value) -> String {
    assert_eq!(answer["errors"].as_array().map(Vec::len), Some(1));
    let message = &answer["errors"][0]["message"];
    message.as_str().expect("a message").to_owned()
}

#[test]
fn the_default_branch_can_be_asked_for_on_every_server() {
    for server in Server::GITHUBS {
        let mut caller = Caller::new(Scenario::on(server).with_repository(Repository {
            default_branch: "trunk".into(),
            ..Repository::default()
        }));
        let url = match server {
            Server::GitHubCom => URL,
            _ => "https://ghes.example/api/graphql",
        };
        let id = caller.json("", 0.0)["node_id"].clone();
        let answer = ask(&mut caller, url, DEFAULT_BRANCH);
        let expected = json!({ "data": { "repository": {
            "id": id,
            "name": "receiver",
            "owner": { "login": "octo" },
            "viewerPermission": "WRITE",
            "defaultBranchRef": { "name": "trunk" },
            "parent": null,
            "mergeCommitAllowed": true,
        } } });
        assert_eq!(answer, expected);
    }
}

#[test]
fn on_ghes_questions_are_not_put_beneath_the_rest_api() {
    let mut caller = on(Server::Ghes319);
    let request = caller.request("POST", "/graphql").with_body("{}");
    assert_eq!(caller.send(&request, 0.0).status, 404);
}

#[test]
fn there_are_no_pull_requests() {
    let query = "query($owner: String!, $name: String!) {
        repository(owner: $owner, name: $name) {
            pullRequests(headRefName: \"main\", first: 1, orderBy: { field: CREATED_AT }) {
                nodes { number headRepository { name } }
            }
        }
    }";
    let answer = ask(&mut on(Server::GitHubCom), URL, query);
    let none = json!({ "pullRequests": { "nodes": [] } });
    assert_eq!(answer, json!({ "data": { "repository": none } }));
}

#[test]
fn a_token_tells_who_it_is_for_under_any_name() {
    let answer = ask(&mut on(Server::GitHubCom), URL, "{ me: viewer { login } }");
    assert_eq!(answer, json!({ "data": { "me": { "login": "octocat" } } }));
}

#[test]
fn a_repository_that_must_not_be_seen_is_not_there() {
    let hidden = Scenario {
        tokens: vec![Token {
            can_read: false,
            ..Token::default()
        }],
        ..Scenario::default()
    };
    let gone = "query($owner: String!, $other: String!) {
        repository(owner: $owner, name: $other) { id }
    }";
    for (scenario, query, name) in [
        (hidden, DEFAULT_BRANCH, "octo/receiver"),
        (Scenario::default(), gone, "octo/gone"),
    ] {
        let answer = ask(&mut Caller::new(scenario), URL, query);
        assert_eq!(answer["data"], json!({ "repository": null }));
        assert_eq!(answer["errors"][0]["type"], "NOT_FOUND");
        assert_eq!(
            error(&answer),
            format!("Could not resolve to a Repository with the name '{name}'.")
        );
    }
}

#[test]
fn what_is_not_known_is_an_error_and_nothing_else_is_answered() {
    let mut caller = on(Server::GitHubCom);
    let mut refused = |query: &str| {
        let answer = ask(&mut caller, URL, query);
        assert_eq!(answer.get("data"), None, "{query}");
        error(&answer)
    };
    assert_eq!(
        refused("{ viewer { login issues { title } } }"),
        "Field 'issues' doesn't exist on type 'User'"
    );
    assert_eq!(
        refused("{ search { login } }"),
        "Field 'search' doesn't exist on type 'Query'"
    );
    assert_eq!(
        refused("{ repository(owner: \"octo\") { id } }"),
        "Field 'repository' is missing required arguments: owner, name"
    );
    assert!(refused("{ viewer }").starts_with("Field must have selections"));
    assert!(refused("{ viewer { login { x } } }").starts_with("Selections can't be made on"));
    assert_eq!(
        refused("mutation { addStar { id } }"),
        "Parse error at [1, 1]"
    );
}

#[test]
fn a_question_needs_a_token_and_a_body() {
    let mut caller = on(Server::GitHubCom);
    let stranger = caller
        .bare("POST", "/graphql")
        .with_header("User-Agent", "tests");
    assert_eq!(caller.send(&stranger, 0.0).status, 401);
    for nothing in ["", "{", "{}", "{ \"query\": 7 }"] {
        let request = caller.request("POST", "/graphql").with_body(nothing);
        let response = caller.send(&request, 0.0);
        assert_eq!(response.status, 400, "{nothing}");
        assert_eq!(message(&response), "Problems parsing JSON");
    }
}

#[test]
fn questions_count_apart_from_other_requests() {
    let mut caller = Caller::new(Scenario {
        tokens: vec![Token {
            rate_limit: 1,
            ..Token::default()
        }],
        ..Scenario::default()
    });
    let query = json!({ "query": "{ viewer { login } }" });
    let request = caller
        .request("POST", "/graphql")
        .with_body(query.to_string());
    let first = caller.send(&request, 0.0);
    assert_eq!(first.header("x-ratelimit-resource"), Some("graphql"));
    assert_eq!(first.header("x-ratelimit-remaining"), Some("0"));
    assert_eq!(caller.get("", 0.0).status, 200);

    let second = caller.send(&request, 0.0);
    assert_eq!(second.status, 200, "an error all the same");
    assert_eq!(body(&second)["errors"][0]["type"], "RATE_LIMITED");
    let limits = caller.send(&caller.request("GET", "/rate_limit"), 0.0);
    assert_eq!(body(&limits)["resources"]["graphql"]["remaining"], 0);
}
