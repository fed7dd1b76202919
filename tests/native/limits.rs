//! Servers that want to be asked less, or later.

use std::time::Duration;

use crate::support::{Ended, Shown, answer, run, scenario};
use return_dispatch::Code;
use return_dispatch::event::Event;
use simulator::{Effect, Fault, RequestFacts, Server, Token};

fn waits(ended: &Ended) -> Vec<(String, f64)> {
    let events = ended.events.iter();
    events
        .filter_map(|event| match event {
            Event::Waiting { reason, seconds } => Some((reason.clone(), *seconds)),
            _ => None,
        })
        .collect()
}

#[test]
fn a_dispatch_beyond_a_limit_is_repeated_when_the_limit_allows_it() {
    let body = r#"{"message":"slow down"}"#;
    for (status, fields, seconds) in [
        (429, vec![("retry-after", "7")], 7),
        (
            429,
            vec![("retry-after", "Thu, 01 Jan 2026 00:00:30 GMT")],
            30,
        ),
        (403, vec![("retry-after", "7")], 7),
        (
            403,
            vec![
                ("x-ratelimit-remaining", "0"),
                ("x-ratelimit-reset", "1767225640"),
            ],
            40,
        ),
        (429, vec![], 60),
    ] {
        let s = scenario(Server::GitHubCom, Shown::Nowhere.receiver()).with_fault(Fault::on(
            "POST",
            "/dispatches",
            answer(status, &fields, body),
        ));
        let mut ended = run(s, |_| {});
        ended.assert_right("response");
        let seconds = Duration::from_secs(seconds);
        assert!(ended.at >= seconds, "{:?} {fields:?}", ended.at);
        assert!(
            ended.at <= seconds + Duration::from_secs(2),
            "{:?}",
            ended.at
        );
        assert_eq!(waits(&ended).len(), 1, "{:?}", ended.events);
    }
}

#[test]
fn secondary_limits_are_given_ever_more_time() {
    let message = "You have exceeded a secondary rate limit";
    let s = scenario(Server::GitHubCom, Shown::Nowhere.receiver())
        .with_fault(Fault::on("POST", "/dispatches", Effect::problem(403, message)).times(3));
    let mut ended = run(s, |inputs| {
        inputs.workflow_timeout_seconds = "900".into();
    });
    ended.assert_right("response");
    let sent: Vec<_> = ended.github.requests().iter().map(|r| r.at).collect();
    let pauses: Vec<_> = sent
        .windows(2)
        .map(|pair| pair[1].saturating_sub(pair[0]).as_secs())
        .collect();
    // And some more by chance.
    let expected = [60..=61, 120..=180, 240..=480];
    assert!(
        expected
            .iter()
            .zip(&pauses)
            .all(|(span, pause)| span.contains(pause)),
        "{pauses:?}"
    );
    assert_eq!(pauses.len(), 3);
    assert!(waits(&ended)[0].0.contains(message), "{:?}", waits(&ended));
}

#[test]
fn a_limit_that_outlasts_the_call_ends_it_at_once() {
    let s = scenario(Server::GitHubCom, Shown::Nowhere.receiver()).with_fault(Fault::on(
        "POST",
        "/dispatches",
        answer(
            429,
            &[("retry-after", "3600")],
            r#"{"message":"slow down"}"#,
        ),
    ));
    let mut ended = run(s, |_| {});
    assert_eq!(ended.error().code, Code::RateLimited);
    let message = ended.error().to_string();
    assert!(message.contains("try again in 3600 s"), "{message}");
    assert!(ended.at < Duration::from_secs(1), "{:?}", ended.at);
    assert_eq!(ended.dispatched().len(), 0);
}

#[test]
fn an_overloaded_server_that_names_a_time_is_not_asked_before() {
    for (path, shown) in [("/runs?", Shown::InTitle), ("/jobs?", Shown::InStepName)] {
        let s = scenario(Server::Ghes320, shown.receiver()).with_fault(Fault::on(
            "GET",
            path,
            answer(503, &[("retry-after", "20")], "<html>"),
        ));
        let mut ended = run(s, |_| {});
        ended.assert_right(shown.clue());
        let requests = ended.github.requests();
        let refused = requests.iter().position(|r| r.status == 503).unwrap();
        let next = requests[refused + 1].at;
        assert!(
            next >= requests[refused].at + Duration::from_secs(20),
            "{next:?}"
        );
    }
}

#[test]
fn polling_slows_as_the_rate_limit_runs_out() {
    // This server counts nothing itself, so what the first answer says stays.
    let with = |remaining: &str| {
        let fields = [
            ("x-ratelimit-limit", "1000"),
            ("x-ratelimit-remaining", remaining),
            ("x-ratelimit-reset", "1767226500"),
        ];
        let accepted = Fault::on("POST", "/dispatches", answer(204, &fields, "")).acting();
        let s = scenario(Server::Ghes320, Shown::Nowhere.receiver()).with_fault(accepted.after(1));
        run(s, |inputs| {
            inputs.workflow_timeout_seconds = "600".into();
        })
    };
    let lists = |ended: &Ended| {
        let requests = ended.api_requests();
        let lists = requests.iter().filter(|r| r.path.contains("/runs?"));
        lists.map(|r| r.at).collect::<Vec<_>>()
    };
    let plenty = with("100");
    assert!(waits(&plenty).is_empty());

    let few = with("45");
    let [(reason, seconds)] = waits(&few).try_into().unwrap();
    assert_eq!(reason, "45 of 1000 requests are left for 899 s");
    assert!((19.0..61.0).contains(&seconds), "{seconds}");
    for pair in lists(&few).windows(2).skip(2) {
        // 900 s and in the end 300 s for 45 requests, of which each look costs one at least.
        let pause = pair[1].saturating_sub(pair[0]).as_secs();
        assert!((6..=61).contains(&pause), "{pair:?}");
    }
    assert!(lists(&few).len() * 2 < lists(&plenty).len());
}

#[test]
fn an_exhausted_limit_is_waited_for_without_being_refused_first() {
    let mut s = scenario(Server::GitHubCom, Shown::InTitle.receiver());
    s.tokens = vec![Token {
        rate_limit: 2,
        ..Token::default()
    }];
    let s = s.with_fault(Fault::on("POST", "/dispatches", answer(204, &[], "")).acting());
    let mut ended = run(s, |inputs| {
        inputs.workflow_timeout_seconds = "7200".into();
    });
    ended.assert_right("title");
    assert!(ended.api_requests().iter().all(|r| r.status != 403));
    let is_named = |event: &Event| matches!(event, Event::Waiting { reason, .. } if reason == "the rate limit of the token is used up");
    assert!(ended.events.iter().any(is_named), "{:?}", ended.events);
}

#[test]
fn what_is_looked_up_before_the_dispatch_survives_a_bad_moment() {
    for effect in [
        Effect::Reset,
        Effect::NoAnswer,
        Effect::Cut { after_bytes: 5 },
        Effect::problem(502, "no"),
        Effect::problem(429, "slow down"),
        answer(200, &[("content-type", "text/html")], "<html>"),
    ] {
        let s = scenario(Server::GitHubCom, Shown::Nowhere.receiver())
            .with_fault(Fault::on("GET", "/workflows?", effect.clone()).times(2))
            .with_fault(Fault::on("GET", "/repos/octo/receiver", effect).after(3));
        let mut ended = run(s, |inputs| {
            inputs.workflow = ".github/workflows/ci.yml".into();
            inputs.r#ref = "".into();
            inputs.workflow_timeout_seconds = "600".into();
        });
        ended.assert_right("response");
    }
}

#[test]
fn what_will_not_pass_is_said_at_once() {
    let s = scenario(Server::GitHubCom, Shown::Nowhere.receiver()).with_fault(Fault::on(
        "GET",
        "/repos/octo/receiver",
        Effect::problem(410, "Gone"),
    ));
    let ended = run(s, |inputs| inputs.r#ref = "".into());
    assert_eq!(ended.error().code, Code::Refused);
    assert_eq!(ended.github.requests().len(), 1);
}

#[test]
fn a_limit_that_the_look_up_exhausts_ends_the_call_at_once() {
    let mut s = scenario(Server::GitHubCom, Shown::Nowhere.receiver());
    s.tokens = vec![Token {
        rate_limit: 1,
        ..Token::default()
    }];
    let mut ended = run(s, |inputs| inputs.r#ref = "".into());
    assert_eq!(ended.error().code, Code::RateLimited);
    let message = ended.error().to_string();
    for words in [
        "Nothing was dispatched",
        "left alone for 3",
        "another token",
    ] {
        assert!(message.contains(words), "{words:?} in: {message}");
    }
    assert!(ended.at < Duration::from_secs(1), "{:?}", ended.at);
    assert_eq!(ended.dispatched().len(), 0);
}

#[test]
fn what_a_look_costs_decides_how_often_one_is_worth_it() {
    // This server counts nothing itself, so what the first answer says stays: 20 requests for 900 s.
    let fields = [
        ("x-ratelimit-limit", "1000"),
        ("x-ratelimit-remaining", "20"),
        ("x-ratelimit-reset", "1767226500"),
    ];
    let accepted = Fault::on("POST", "/dispatches", answer(204, &fields, "")).acting();
    // The first look reads the jobs of every run, those after it only a list that has not changed.
    let s = scenario(Server::Ghes320, Shown::Nowhere.receiver())
        .with_crowd(crate::support::crowd(10, 0, 0.0))
        .with_fault(accepted.after(1));
    let ended = run(s, |inputs| {
        inputs.workflow_timeout_seconds = "300".into();
    });
    let requests = ended.api_requests();
    let jobs = requests.iter().filter(|r| r.path.contains("/jobs?"));
    let last = jobs.take(10).map(|r| r.at).max().expect("jobs were read");
    let mut lists = requests.iter().filter(|r| r.path.contains("/runs?"));
    let next = lists.find(|r| r.at > last).expect("more looks");
    let pause = next.at.saturating_sub(last);
    assert!(pause >= Duration::from_secs(55), "{pause:?}");
}

#[test]
fn a_store_of_logs_that_asks_for_it_is_left_alone() {
    // The archive, which could stand in for it, is long in coming.
    let mut receiver = Shown::InLog.receiver();
    receiver.jobs[1].steps[0].seconds = 200.0;
    for (wait, seconds) in [("40", 40), ("90", 90)] {
        let busy = answer(503, &[("retry-after", wait)], "<html>");
        let s = scenario(Server::Ghes320, receiver.clone())
            .with_fault(Fault::on("GET", "logs.txt", busy));
        let mut ended = run(s, |inputs| {
            inputs.workflow_timeout_seconds = "300".into();
        });
        ended.assert_right("log");
        let path = |request: &RequestFacts| {
            let path = request.path.split_once('?');
            path.map(|(path, _)| path.to_owned())
        };
        let requests = ended.github.requests();
        let refused = requests.iter().find(|request| request.status == 503);
        let refused = refused.expect("the store is busy once");
        let until = refused.at + Duration::from_secs(seconds);
        let mut during = requests
            .iter()
            .filter(|request| request.at > refused.at && request.at < until);
        assert!(during.all(|request| path(request) != path(refused)));
    }
}
