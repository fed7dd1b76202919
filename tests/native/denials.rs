//! Tokens that are denied although they are valid, for a while or for good.

use std::time::Duration;

use crate::support::{Ended, Shown, answer, run, scenario, wait};
use crate::waiting::{ID, taking};
use return_dispatch::event::IdentifiedBy;
use return_dispatch::{Code, Event};
use simulator::{Denial, Effect, Fault, Job, Scenario, Server, Step, Workflow};

/// Its token is denied in this span, in seconds since the start.
fn denied(
    mut scenario: Scenario,
    status: u16,
    from: f64,
    until: impl Into<Option<f64>>,
) -> Scenario {
    scenario.tokens[0].denials.push(Denial {
        status,
        from,
        until: until.into(),
    });
    scenario
}

fn posts(ended: &Ended) -> usize {
    let requests = ended.github.requests().iter();
    requests
        .filter(|request| request.method == "POST" && request.path.contains("/dispatches"))
        .count()
}

#[test]
fn a_token_that_is_too_fresh_dispatches_once_it_is_accepted() {
    for server in [
        Server::GitHubCom,
        Server::Ghes320,
        Server::Gitea,
        Server::Gitea126,
    ] {
        for status in [401, 403, 404] {
            for git_ref in ["main", ""] {
                let fresh = denied(
                    scenario(server, Shown::InTitle.receiver()),
                    status,
                    0.0,
                    4.0,
                );
                let mut ended = run(fresh, |inputs| inputs.r#ref = git_ref.into());
                let found = ended.identified().run_id;
                let by = ended.identified().identified_by;
                let is_named = server != Server::Ghes320;
                assert_eq!(
                    by == IdentifiedBy::Response,
                    is_named,
                    "{server:?} {status}"
                );
                assert_eq!(ended.only_run().id, found, "{server:?} {status}");
                assert!(posts(&ended) <= 6, "{server:?} {status}");
            }
        }
    }
}

#[test]
fn a_token_that_stays_denied_is_an_error_within_seconds() {
    for (status, code) in [
        (401, Code::Unauthorized),
        (403, Code::Forbidden),
        (404, Code::NotFound),
    ] {
        let wrong = denied(
            scenario(Server::GitHubCom, Shown::InTitle.receiver()),
            status,
            0.0,
            None,
        );
        let ended = run(wrong, |_| {});
        assert_eq!(ended.error().code, code);
        assert!(ended.at >= Duration::from_secs(4), "{:?}", ended.at);
        assert!(ended.at < Duration::from_secs(8), "{:?}", ended.at);
        assert!(posts(&ended) <= 5, "{}", posts(&ended));
    }
}

#[test]
fn a_404_is_final_for_a_token_of_another_kind_or_one_that_was_accepted() {
    let mut personal = denied(
        scenario(Server::GitHubCom, Shown::InTitle.receiver()),
        404,
        0.0,
        4.0,
    );
    personal.tokens[0].token = "ghp_personal".into();
    let ended = run(personal, |inputs| inputs.token = "ghp_personal".into());
    assert_eq!(ended.error().code, Code::NotFound);
    assert_eq!(posts(&ended), 1);

    let known = scenario(Server::GitHubCom, Shown::InTitle.receiver());
    let ended = run(known, |inputs| {
        inputs.r#ref = "".into();
        inputs.workflow = "gone.yml".into();
    });
    assert_eq!(ended.error().code, Code::NotFound);
    assert_eq!(posts(&ended), 1);
}

#[test]
fn what_is_not_the_api_s_own_answer_is_no_denial() {
    let page = |status| {
        answer(
            status,
            &[("content-type", "text/html")],
            "<html>blocked</html>",
        )
    };
    let json = |status| answer(status, &[], r#"{"message":"Forbidden"}"#);
    for effect in [
        page(401),
        page(403),
        page(404),
        json(401),
        json(403),
        json(404),
        answer(401, &[], ""),
    ] {
        let blocked = scenario(Server::GitHubCom, Shown::InTitle.receiver())
            .with_fault(Fault::on("POST", "/dispatches", effect).acting());
        let ended = run(blocked, |_| {});
        // It may come from something in front of the API that has passed the request on.
        assert_eq!(posts(&ended), 1);
        ended.error();
    }
}

#[test]
fn a_token_that_needs_single_sign_on_is_not_tried_again() {
    let url = "https://github.com/orgs/octo/sso?authorization_request=A1";
    let field = format!("required; url={url}");
    let body = r#"{"message":"Resource protected by organization SAML enforcement.","documentation_url":"https://x"}"#;
    let sso = scenario(Server::GitHubCom, Shown::InTitle.receiver()).with_fault(
        Fault::on(
            "POST",
            "/dispatches",
            answer(403, &[("x-github-sso", &field)], body),
        )
        .times(None),
    );
    let ended = run(sso, |_| {});
    let error = ended.error();
    assert_eq!(error.code, Code::Forbidden);
    assert!(error.to_string().contains(url), "{error}");
    assert_eq!(posts(&ended), 1);
}

#[test]
fn a_denial_while_the_run_is_looked_for_passes() {
    for status in [401, 403] {
        let denied = denied(
            scenario(Server::Ghes320, Shown::InTitle.receiver()),
            status,
            0.5,
            20.0,
        );
        let mut slow = denied;
        slow.repositories[0].workflows[0].listing_delay = 10.0;
        let mut ended = run(slow, |_| {});
        ended.assert_right("title");
        assert_eq!(posts(&ended), 2, "the first is about the version");
    }
}

#[test]
fn a_denial_in_the_middle_of_a_wait_passes() {
    for server in [Server::GitHubCom, Server::Ghes320, Server::Gitea] {
        for status in [401, 403] {
            let mut receiver = taking(100.0);
            let value = format!("{ID} version=1.2.3");
            receiver.jobs[0].steps[0].prints.push(value);
            let denied = denied(scenario(server, receiver), status, 60.0, 80.0);
            let waited = wait(denied, |_| {});
            assert_eq!(waited.ended().conclusion, "success", "{server:?}");
            assert_eq!(waited.ended().outputs, r#"{"version":"1.2.3"}"#);
        }
    }
}

#[test]
fn a_denial_at_the_end_of_a_wait_loses_no_value() {
    for server in [Server::GitHubCom, Server::Ghes320, Server::Gitea] {
        // Seen to end by one request, and denied from then on.
        for from in [100.9, 101.0, 101.5, 102.0, 102.5, 103.0] {
            let mut receiver = taking(100.0);
            let value = format!("{ID} version=1.2.3");
            receiver.jobs[0].steps[0].prints.push(value);
            let denied = denied(scenario(server, receiver), 401, from, from + 4.0);
            let waited = wait(denied, |_| {});
            assert_eq!(
                waited.ended().outputs,
                r#"{"version":"1.2.3"}"#,
                "{server:?} {from}"
            );
        }
    }
}

/// Gitea is asked first whether it returns run IDs: a denial says nothing of that.
#[test]
fn a_token_that_is_too_fresh_makes_no_server_an_older_one() {
    for server in [Server::Gitea, Server::Gitea126] {
        for status in [401, 403, 404] {
            let unprepared = Workflow::new("ci.yml");
            let fresh = denied(scenario(server, unprepared), status, 0.0, 4.0);
            // Without an ID, an older server cannot be dispatched to at all.
            let ended = run(fresh, |inputs| inputs.distinct_id_input = "".into());
            let by = ended.identified().identified_by;
            assert_eq!(by, IdentifiedBy::Response, "{server:?} {status}");
        }
    }
}

#[test]
fn jobs_that_are_denied_once_the_run_has_ended_hide_no_conclusion() {
    for server in [Server::GitHubCom, Server::Ghes320, Server::Gitea] {
        let denied = Effect::problem(403, "Resource not accessible by integration");
        let denied = scenario(server, taking(100.0)).with_fault(
            Fault::on("GET", "/jobs?", denied)
                .times(None)
                .between(101.0, 1e6),
        );
        let waited = wait(denied, |_| {});
        assert_eq!(waited.ended().conclusion, "success", "{server:?}");
        let missing = |event: &Event| matches!(event, Event::JobsMissing { .. });
        assert!(waited.events.iter().any(|(_, event)| missing(event)));
        assert!(waited.at < Duration::from_secs(101 + 90), "{:?}", waited.at);
    }
}

#[test]
fn of_a_run_that_was_never_read_nothing_is_claimed() {
    let denied = denied(
        scenario(Server::GitHubCom, taking(3_600.0)),
        401,
        0.07,
        None,
    );
    let waited = wait(denied, |_| {});
    let message = waited.error().to_string();
    assert!(message.contains("which may go on"), "{message}");
}

#[test]
fn a_token_that_is_gone_for_good_leaves_a_run_that_the_error_names() {
    for server in [Server::GitHubCom, Server::Ghes320, Server::Gitea] {
        let expired = denied(scenario(server, taking(3_600.0)), 401, 100.0, None);
        let mut waited = wait(expired, |_| {});
        let at = waited.at;
        let run = waited.run_at(at);
        let error = waited.error();
        assert_eq!((error.code, error.status), (Code::Unauthorized, Some(401)));
        let message = error.to_string();
        for words in [
            &*format!("run {} (", run.id),
            "which goes on",
            &*format!(
                "with another token, pass run_id {} and distinct_id ",
                run.id
            ),
        ] {
            assert!(message.contains(words), "{words:?} in: {message}");
        }
        assert!(waited.at < Duration::from_mins(3), "{:?}", waited.at);
        assert_eq!(run.conclusion, None);
    }
}

#[test]
fn logs_that_a_token_may_not_read_cost_seconds_in_all() {
    let mut receiver = taking(10.0);
    let say = |name: &str| {
        Job::new(
            name,
            [Step::run("make").taking(5.0).printing(format!("{ID} x=1"))],
        )
    };
    receiver.jobs = ["a", "b", "c", "d"].map(say).into();
    let no_logs = Effect::problem(403, "Must have admin rights to Repository.");
    let denied = scenario(Server::GitHubCom, receiver)
        .with_fault(Fault::on("GET", "/logs", no_logs).times(None));
    let waited = wait(denied, |inputs| inputs.logs = "none".into());
    assert_eq!(waited.ended().conclusion, "success");
    let mut missing = waited.events.iter().filter_map(|(_, event)| match event {
        Event::ValuesMissing { jobs, .. } => Some(jobs.as_slice()),
        _ => None,
    });
    assert_eq!(missing.next().unwrap(), ["a", "b", "c", "d"]);
    assert_eq!(missing.next(), None);
    assert!(
        waited.at < Duration::from_secs(6 + 3 + 20),
        "{:?}",
        waited.at
    );
}
