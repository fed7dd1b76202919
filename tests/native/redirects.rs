//! Redirects: followed within the API, where the token may go, and nowhere else.

use crate::support::{Shown, answer, run, scenario};
use return_dispatch::{Code, Event};
use simulator::{Fault, Server};

#[test]
fn the_token_follows_redirects_within_the_api_only() {
    for (server, location) in [
        (
            Server::GitHubCom,
            "https://logs.example/repos/octo/receiver/actions/workflows/ci.yml/dispatches",
        ),
        (Server::GitHubCom, "/evil"),
        (Server::GitHubCom, "/reposx/octo/receiver"),
        (
            Server::Ghes321,
            "/repos/octo/receiver/actions/workflows/ci.yml/dispatches",
        ),
        (Server::Ghes321, "/api/v3/evil"),
        (
            Server::GitHubCom,
            "https://api.github.com.evil.example/repos/x",
        ),
    ] {
        let s = scenario(server, Shown::InLog.receiver()).with_fault(Fault::on(
            "POST",
            "/dispatches",
            answer(307, &[("location", location)], ""),
        ));
        let mut ended = run(s, |_| {});
        let why = ended.events.iter().find_map(|event| match event {
            Event::DispatchUnanswered { message } => Some(message.clone()),
            _ => None,
        });
        assert!(
            why.is_some_and(|why| why.contains("where the token must not go")),
            "{location}: {:?}",
            ended.events
        );
        assert_eq!(ended.error().code, Code::OutcomeUnknown);
        assert_eq!(ended.count("POST", "/"), 1);
        assert_eq!(ended.dispatched().len(), 0);
    }
    let here = "/repos/octo/receiver/actions/workflows/ci.yml/dispatches";
    let moved = |times: Option<u32>| {
        scenario(Server::GitHubCom, Shown::InLog.receiver()).with_fault(
            Fault::on(
                "POST",
                "/dispatches",
                answer(307, &[("location", here)], ""),
            )
            .times(times),
        )
    };
    for times in [Some(1), None] {
        let mut ended = run(moved(times), |_| {});
        assert_eq!(ended.error().code, Code::OutcomeUnknown);
        assert_eq!(ended.dispatched().len(), 0);
        assert_eq!(ended.count("POST", "/dispatches"), 1);
    }
}

/// A proxy may redirect the client after the server has acted.
#[test]
fn a_dispatch_that_was_acted_upon_and_answered_with_a_redirect_is_found_and_not_sent_again() {
    let dispatches =
        "https://api.github.com/repos/octo/receiver/actions/workflows/ci.yml/dispatches";
    for (status, location) in [
        (301, dispatches),
        (302, dispatches),
        (302, "https://sso.example/login"),
        (303, "https://sso.example/login"),
        (307, "https://sso.example/login"),
        (307, dispatches),
        (308, dispatches),
        (307, &format!("{dispatches}/")),
        (308, &format!("{dispatches}/")),
        (307, &dispatches.replace("octo", "OCTO")),
        (307, &dispatches.replace("ci.yml", "ci%2Eyml")),
        (307, &dispatches.replace("octo/receiver", "octo/once")),
        (307, &dispatches.replace("octo/receiver", "octo/gone")),
        (
            307,
            "https://api.github.com/repositories/1/actions/workflows/other.yml/dispatches",
        ),
        (
            307,
            "https://api.github.com/repositories/once/actions/workflows/ci.yml/dispatches",
        ),
    ] {
        let away = answer(status, &[("location", location)], "");
        let mut s = scenario(Server::GitHubCom, Shown::InTitle.receiver())
            .with_fault(Fault::on("POST", "/dispatches", away).acting());
        s.repositories[0].former_names = vec!["octo/once".into()];
        let mut ended = run(s, |_| {});
        ended.assert_right("title");
        assert_eq!(ended.count("POST", "/dispatches"), 1, "{status} {location}");
    }
}

#[test]
fn a_repository_is_reached_by_a_former_name() {
    for server in [Server::GitHubCom, Server::Ghes320] {
        for shown in Shown::FINDABLE {
            let mut s = scenario(server, shown.receiver());
            s.repositories[0].former_names = vec!["octo/once".into()];
            let mut ended = run(s, |inputs| inputs.repo = "octo/once".into());
            let by = if server == Server::GitHubCom {
                "response"
            } else {
                shown.clue()
            };
            ended.assert_right(by);
            let requests = ended.github.requests();
            let moved = requests.iter().filter(|request| request.status == 307);
            assert!(moved.count() > 0, "the dispatch is sent on");
            if server == Server::Ghes320 {
                assert!(requests.iter().any(|request| request.status == 301));
            }
        }
    }
}
