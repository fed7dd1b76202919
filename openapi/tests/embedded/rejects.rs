//! What does not fit is found, and said so that one knows where to look.

use openapi::Server;
use serde_json::{Value, json};

use crate::{
    mismatches,
    tour::{Visit, tour},
};

/// Changes the first visit of this kind, and says what is wrong with it then.
fn doctored(
    server: Server,
    method: &str,
    path: &str,
    status: u16,
    change: impl FnOnce(&mut Visit),
) -> Vec<String> {
    let visit = tour(server).iter().find(|visit| {
        visit.request.method == method
            && visit.path.ends_with(path)
            && visit.response.status == status
    });
    let mut visit = visit
        .unwrap_or_else(|| panic!("the tour has no {method} {path}: {status}"))
        .clone();
    let fits = mismatches(server, std::slice::from_ref(&visit));
    assert_eq!(fits, Vec::<String>::new());
    change(&mut visit);
    mismatches(server, &[visit])
}

fn answer(visit: &mut Visit, change: impl FnOnce(&mut Value)) {
    let mut body = visit.body();
    change(&mut body);
    visit.response.body = body.to_string().into();
}

fn assert_only(mismatches: &[String], words: &[&str]) {
    assert_eq!(mismatches.len(), 1, "{mismatches:?}");
    for words in words {
        assert!(
            mismatches[0].contains(words),
            "{words:?} in: {mismatches:?}"
        );
    }
}

#[test]
fn a_field_that_is_missing() {
    let wrong = doctored(Server::Ghes319, "GET", "/actions/runs", 200, |visit| {
        answer(visit, |body| {
            body["workflow_runs"][0]
                .as_object_mut()
                .unwrap()
                .remove("head_sha");
        });
    });
    assert_only(
        &wrong,
        &[
            "/actions/runs",
            "/workflow_runs/0",
            "\"head_sha\" is a required",
        ],
    );
}

#[test]
fn a_field_that_github_does_not_have() {
    let wrong = doctored(Server::GitHubCom, "GET", "/ci.yml", 200, |visit| {
        answer(visit, |body| body["dispatchable"] = true.into());
    });
    assert_only(
        &wrong,
        &["workflows/ci.yml", "'dispatchable' was unexpected"],
    );
}

#[test]
fn a_value_of_another_type_or_none_where_there_must_be_one() {
    for value in [json!("12"), json!(null)] {
        let wrong = doctored(Server::Ghes320, "GET", "/jobs", 200, |visit| {
            answer(visit, |body| body["jobs"][0]["run_id"] = value);
        });
        assert_only(
            &wrong,
            &["\"/jobs/0/run_id\"", "is not of type \"integer\""],
        );
    }
}

#[test]
fn null_is_right_where_the_description_says_so() {
    let wrong = doctored(Server::GitHubCom, "GET", "/actions/runs", 200, |visit| {
        answer(visit, |body| {
            body["workflow_runs"][0]["conclusion"] = Value::Null;
        });
    });
    assert_eq!(wrong, Vec::<String>::new());
}

#[test]
fn a_word_or_a_time_that_is_none() {
    let wrong = doctored(Server::GitHubCom, "GET", "/ci.yml", 200, |visit| {
        answer(visit, |body| body["state"] = "sleepy".into());
    });
    assert_only(&wrong, &["/state", "sleepy"]);
    let wrong = doctored(Server::GitHubCom, "GET", "/ci.yml", 200, |visit| {
        answer(visit, |body| body["created_at"] = "yesterday".into());
    });
    assert_only(&wrong, &["/created_at", "date-time"]);
}

#[test]
fn a_status_that_is_neither_declared_nor_known() {
    let wrong = doctored(Server::GitHubCom, "GET", "/actions/runs", 200, |visit| {
        visit.response.status = 206;
        visit.response.body.clear();
    });
    assert_only(&wrong, &["status 206 is not declared"]);
}

#[test]
fn an_error_that_does_not_look_like_one() {
    let wrong = doctored(
        Server::GitHubCom,
        "GET",
        "/workflows/gone.yml",
        404,
        |visit| {
            answer(visit, |body| body["message"] = json!(["Not Found"]));
        },
    );
    assert_eq!(wrong.len(), 2, "{wrong:?}");
    assert!(wrong[0].contains("/message"), "{wrong:?}");
    assert!(wrong[1].contains("status 404 is not declared"), "{wrong:?}");
}

#[test]
fn a_body_where_there_is_none_or_of_another_kind() {
    let wrong = doctored(Server::Ghes319, "POST", "/dispatches", 204, |visit| {
        visit.response.body = b"{}".to_vec();
    });
    assert_only(&wrong, &["there should be none"]);
    let wrong = doctored(Server::Ghes319, "GET", "/ci.yml", 200, |visit| {
        for (name, value) in &mut visit.response.headers {
            if name == "content-type" {
                *value = "text/html".into();
            }
        }
    });
    assert_only(&wrong, &["content-type", "text/html"]);
}

#[test]
fn a_redirect_that_leads_nowhere() {
    let wrong = doctored(Server::GitHubCom, "GET", "/logs", 302, |visit| {
        visit
            .response
            .headers
            .retain(|(name, _)| name != "location");
    });
    assert_only(&wrong, &["location"]);
}

#[test]
fn a_parameter_that_is_not_declared_or_does_not_fit() {
    for (query, words) in [
        ("?sort=asc", "parameter sort: not declared"),
        (
            "?per_page=many",
            "parameter per_page: \"many\" does not fit",
        ),
        ("?page=1&page=2", "parameter page: there 2 times"),
        ("?status=asleep", "parameter status"),
    ] {
        let wrong = doctored(Server::GitHubCom, "GET", "/actions/runs", 200, |visit| {
            visit.path += query;
        });
        assert_only(&wrong, &[words]);
    }
}

#[test]
fn an_operation_that_there_is_not() {
    let wrong = doctored(Server::GitHubCom, "GET", "/actions/runs", 200, |visit| {
        visit.request.method = "PUT".into();
    });
    assert_only(&wrong, &["PUT", "there is no such operation"]);
}

#[test]
fn a_dispatch_with_what_a_server_does_not_take() {
    let key = |visit: &mut Visit| {
        visit.request.body = br#"{ "ref": "main", "return_run_details": false }"#.to_vec();
    };
    let wrong = doctored(Server::Ghes319, "POST", "/dispatches", 204, key);
    assert_only(&wrong, &["'return_run_details' was unexpected"]);

    let many = |visit: &mut Visit| {
        let inputs: serde_json::Map<_, _> = (0..11)
            .map(|n| (format!("i{n}"), Value::from("x")))
            .collect();
        visit.request.body = json!({ "ref": "main", "inputs": inputs })
            .to_string()
            .into();
    };
    let wrong = doctored(Server::Ghes319, "POST", "/dispatches", 204, many);
    assert_only(&wrong, &["\"/inputs\"", "more than 10 properties"]);
    let right = doctored(Server::Ghes320, "POST", "/dispatches", 204, many);
    assert_eq!(right, Vec::<String>::new());
}

#[test]
fn run_details_in_version_2026_03_10_are_not_asked_for() {
    let wrong = doctored(Server::Ghes321, "POST", "/dispatches", 200, |visit| {
        let asking = br#"{ "ref": "main", "return_run_details": true }"#;
        visit.request.body = asking.to_vec();
        visit
            .request
            .headers
            .retain(|(name, _)| name != "X-GitHub-Api-Version");
        let version = ("X-GitHub-Api-Version".to_owned(), "2026-03-10".to_owned());
        visit.request.headers.push(version);
    });
    assert_only(&wrong, &["/return_run_details", "has it no longer"]);
}
