//! Conditional requests: what has not changed is asked for by its tag and costs
//! nothing; nobody beyond the client notices.

use crate::support::{Ended, Shown, answer, run, scenario};
use simulator::{Effect, Fault, RequestFacts, Server};

/// The tag that a request was sent with.
fn tag(request: &RequestFacts) -> Option<&str> {
    let mut fields = request.headers.iter();
    fields
        .find(|(name, _)| name.eq_ignore_ascii_case("if-none-match"))
        .map(|(_, value)| value.as_str())
}

fn lists(ended: &Ended) -> Vec<&RequestFacts> {
    let requests = ended.api_requests().into_iter();
    requests.filter(|r| r.path.contains("/runs?")).collect()
}

/// An answer to a list without runs.
fn nothing(fields: &[(&str, &str)]) -> Effect {
    answer(200, fields, r#"{"total_count":0,"workflow_runs":[]}"#)
}

#[test]
fn a_tag_goes_back_as_it_came() {
    for etag in [
        "W/\"weak, with a comma\"",
        "\"strong\"",
        "unquoted",
        "W/\"\u{e9}\"",
    ] {
        let s = scenario(Server::Ghes320, Shown::InTitle.receiver()).with_fault(Fault::on(
            "GET",
            "/runs?",
            nothing(&[("etag", etag)]),
        ));
        let mut ended = run(s, |_| {});
        ended.assert_right("title");
        let lists = lists(&ended);
        assert_eq!(tag(lists[0]), None);
        assert_eq!(tag(lists[1]), Some(etag));
    }
}

#[test]
fn what_has_not_changed_is_known_from_before() {
    // While the job runs, the list of runs stays the same and the steps change.
    let mut receiver = Shown::InStepName.receiver();
    receiver.jobs[0]
        .steps
        .insert(0, simulator::Step::run("sleep").named("first").taking(30.0));
    receiver.jobs[0].steps[1].name = Some("later".into());
    receiver.jobs[0].steps[1].prints = vec!["${{ inputs.distinct_id }}".into()];
    let mut ended = run(scenario(Server::Ghes320, receiver), |_| {});
    ended.assert_right("log");
    let unchanged = lists(&ended).iter().filter(|r| r.status == 304).count();
    let read = lists(&ended).len() - unchanged;
    assert!(
        unchanged > 10 * read,
        "{unchanged} of {}",
        lists(&ended).len()
    );
}

#[test]
fn an_answer_without_a_tag_is_asked_for_in_full() {
    let s = scenario(Server::Ghes320, Shown::InTitle.receiver())
        .with_fault(Fault::on("GET", "/runs?", nothing(&[("etag", "\"old\"")])))
        .with_fault(Fault::on("GET", "/runs?", nothing(&[])).after(1));
    let mut ended = run(s, |_| {});
    ended.assert_right("title");
    let lists = lists(&ended);
    assert_eq!(tag(lists[1]), Some("\"old\""));
    assert_eq!(tag(lists[2]), None, "the old tag is not its tag");
}

#[test]
fn an_unchanged_answer_to_a_question_that_was_not_asked_is_no_answer() {
    let s = scenario(Server::Ghes320, Shown::InTitle.receiver())
        .with_fault(Fault::on("GET", "/runs?", answer(304, &[], "")).times(2));
    let mut ended = run(s, |_| {});
    ended.assert_right("title");
    assert!(lists(&ended).iter().take(3).all(|r| tag(r).is_none()));
}

#[test]
fn each_address_has_its_own_tag() {
    let mut ended = run(
        scenario(Server::Ghes320, Shown::InStepName.receiver())
            .with_crowd(crate::support::crowd(5, 5, 1.0)),
        |_| {},
    );
    ended.assert_right("step");
    let mut known = std::collections::BTreeMap::new();
    for request in ended.api_requests() {
        if let Some(tag) = tag(request) {
            let owner = known.entry(tag).or_insert(&request.path);
            assert_eq!(*owner, &request.path);
        }
    }
    assert!(known.len() >= 2, "{known:?}");
}

#[test]
fn looks_begin_a_twentieth_of_the_wait_apart() {
    // The receiver shows nothing, so they go on to the deadline.
    let s = scenario(
        Server::Ghes320,
        simulator::Workflow::new("ci.yml").with_input("distinct_id"),
    );
    let ended = run(s, |inputs| inputs.workflow_timeout_seconds = "60".into());
    ended.error();
    let starts: Vec<f64> = lists(&ended).iter().map(|r| r.at.as_secs_f64()).collect();
    assert!(starts.len() > 30, "{starts:?}");
    for pair in starts.windows(2) {
        let usual = (pair[0] / 20.0).clamp(0.5, 10.0);
        let pause = pair[1] - pair[0];
        assert!((usual - 0.1..usual + 0.3).contains(&pause), "{starts:?}");
    }
}
