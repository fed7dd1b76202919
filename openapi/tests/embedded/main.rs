//! Every answer of the embedded GitHub fits GitHub's description of its API, on each server, or is
//! one of the differences that have a source.

mod rejects;
mod tour;

use std::collections::BTreeSet;

use openapi::{DIFFERENCES, Server};
use tour::{Visit, tour};

/// What does not fit, where it should.
fn mismatches(server: Server, visits: &[Visit]) -> Vec<String> {
    let mut all = BTreeSet::new();
    for visit in visits {
        for mismatch in openapi::check(server, &visit.exchange()).mismatches {
            // A request that is refused for what is wrong with it is as it should be.
            let is_refused = matches!(visit.response.status, 400 | 422);
            if !(is_refused && mismatch.problem.is_in_request()) {
                all.insert(mismatch.to_string());
            }
        }
    }
    all.into_iter().collect()
}

fn assert_fits(server: Server) {
    let wrong = mismatches(server, tour(server));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn github_com_is_as_described() {
    assert_fits(Server::GitHubCom);
}

#[test]
fn ghes_3_21_is_as_described() {
    assert_fits(Server::Ghes321);
}

#[test]
fn ghes_3_20_is_as_described() {
    assert_fits(Server::Ghes320);
}

#[test]
fn ghes_3_19_is_as_described() {
    assert_fits(Server::Ghes319);
}

#[test]
fn the_tour_leads_to_every_operation() {
    let fits = |template: &str, path: &str| {
        let path: Vec<_> = path
            .split('?')
            .next()
            .unwrap_or_default()
            .split('/')
            .collect();
        let template: Vec<_> = template.split('/').collect();
        let mut pairs = template.iter().zip(&path);
        template.len() == path.len()
            && pairs.all(|(expected, segment)| expected.starts_with('{') || expected == segment)
    };
    for server in Server::ALL {
        for (method, template) in simulator::operations() {
            if template == "/rate_limit" && server != Server::GitHubCom {
                // Limits are off there, which is an error.
                continue;
            }
            let is_visited = tour(server).iter().any(|visit| {
                visit.response.status < 400
                    && visit.request.method == method
                    && fits(template, &visit.path)
            });
            assert!(is_visited, "{server:?}: {method} {template}");
        }
    }
}

#[test]
fn the_tour_sees_runs_in_every_state() {
    // Of runs, as they are listed.
    let words = "queued pending waiting in_progress completed success failure cancelled skipped \
                 timed_out neutral action_required stale startup_failure";
    for server in Server::ALL {
        let mut seen = BTreeSet::new();
        for visit in tour(server) {
            let is_list = visit.path.contains("/runs?") || visit.path.ends_with("/runs");
            if visit.response.status != 200 || !is_list {
                continue;
            }
            let list = visit.body();
            for run in list["workflow_runs"].as_array().into_iter().flatten() {
                seen.extend(["status", "conclusion"].map(|field| run[field].to_string()));
            }
        }
        for word in words.split_whitespace() {
            assert!(seen.contains(&format!("{word:?}")), "{server:?}: {word}");
        }
    }
}

#[test]
fn the_descriptions_are_those_that_the_package_has() {
    // When the package has a server's own description, it is taken, and this test wants to know:
    // the differences that made up for a stand-in can go then.
    let files: Vec<_> = Server::ALL.into_iter().map(Server::file).collect();
    let stand_ins = [
        "api.github.com.json",
        "api.github.com.json",
        "ghes-3.19.json",
        "ghes-3.19.json",
    ];
    assert_eq!(files, stand_ins);
}

#[test]
fn every_known_difference_is_met_and_has_a_source() {
    let mut met = BTreeSet::new();
    for server in Server::ALL {
        for visit in tour(server) {
            met.extend(openapi::check(server, &visit.exchange()).differences);
        }
    }
    for difference in DIFFERENCES {
        assert!(
            met.contains(difference.name),
            "no exchange needs the difference {:?} any more",
            difference.name
        );
        assert!(!difference.source.is_empty(), "{:?}", difference.name);
    }
}
