//! Logs come from outside: whatever they are, the result is understandable and
//! memory is bounded. And the token stays with the API.

use crate::support::{Ended, Shown, TOKEN, answer, run, scenario};
use return_dispatch::{Code, Event};
use simulator::{Archive, Effect, Fault, Job, Logs, Origin, Server, Step, Workflow};

#[test]
fn damaged_archives_are_said_to_be_damaged() {
    for (archive, words) in [
        (Archive::Truncated, "cannot be read"),
        (Archive::NotAZip, "cannot be read"),
        (Archive::Empty, "no run showed"),
    ] {
        let mut scenario = scenario(Server::Ghes319, Shown::InArchiveOnly.receiver());
        scenario.archive = archive;
        let mut ended = run(scenario, |inputs| {
            inputs.workflow_timeout_seconds = "60".into();
        });
        assert_eq!(ended.error().code, Code::TimedOut);
        let message = ended.error().to_string();
        assert!(message.contains(words), "{archive:?}: {message}");
        ended.only_run();
    }
}

#[test]
fn wrong_sizes_missing_entries_and_strange_names_do_not_hide_the_id() {
    let call = |archive| {
        let mut scenario = scenario(Server::Ghes319, Shown::InArchiveOnly.receiver());
        scenario.archive = archive;
        run(scenario, |inputs| {
            inputs.workflow_timeout_seconds = "60".into();
        })
    };
    call(Archive::MissingEntry).assert_right("log");
    call(Archive::PathTraversal).assert_right("log");
    call(Archive::WrongSize).assert_right("log");
}

#[test]
fn a_bomb_does_not_take_the_memory() {
    let mut scenario = scenario(Server::Ghes319, Shown::InArchiveOnly.receiver());
    scenario.archive = Archive::Bomb;
    let ended = run(scenario, |inputs| {
        inputs.workflow_timeout_seconds = "60".into();
    });
    assert!(
        ended.world.received() < 8 << 20,
        "{} bytes",
        ended.world.received()
    );
    assert_eq!(ended.error().code, Code::TimedOut, "{}", ended.error());
}

#[test]
fn expired_logs_end_in_an_error_that_says_so() {
    let mut receiver = Shown::InLog.receiver();
    for job in &mut receiver.jobs {
        job.logs = Logs::Expired;
    }
    let ended = run(scenario(Server::Ghes319, receiver), |inputs| {
        inputs.workflow_timeout_seconds = "60".into();
    });
    let message = ended.error().to_string();
    assert!(message.contains("410"), "{message}");
}

#[test]
fn a_log_that_breaks_off_is_read_again() {
    for effect in [
        Effect::Cut { after_bytes: 100 },
        Effect::Reset,
        Effect::problem(500, "no"),
    ] {
        let scenario = scenario(Server::Ghes319, Shown::InLog.receiver())
            .with_fault(Fault::on("GET", "/logs", effect).after(1));
        let mut ended = run(scenario, |_| {});
        ended.assert_right("log");
    }
}

#[test]
fn reading_stops_where_the_id_is_found() {
    let mut receiver = Shown::InLog.receiver();
    receiver.jobs[0].steps[0].padding_after = 8 << 20;
    let mut ended = run(scenario(Server::Ghes319, receiver), |_| {});
    ended.assert_right("log");
    assert!(
        ended.world.received() < 1 << 20,
        "{} bytes",
        ended.world.received()
    );
}

#[test]
fn an_id_late_in_a_long_log_is_found() {
    let mut receiver = Shown::InLog.receiver();
    receiver.jobs[0].steps[0].padding = 3 << 20;
    let mut ended = run(scenario(Server::Ghes320, receiver), |_| {});
    ended.assert_right("log");
}

#[test]
fn the_token_goes_to_the_api_and_nowhere_else() {
    for shown in [Shown::InLog, Shown::InArchiveOnly] {
        let mut ended = run(scenario(Server::Ghes319, shown.receiver()), |_| {});
        ended.assert_right("log");
        let (mut api, mut elsewhere) = (0, 0);
        for request in ended.github.requests() {
            if request.origin == Origin::Api {
                assert!(request.had_authorization);
                api += 1;
            } else {
                assert!(!request.had_authorization, "{}", request.path);
                assert!(!format!("{:?}", request.headers).contains(TOKEN));
                elsewhere += 1;
            }
        }
        assert!(api > 0 && elsewhere > 0);
    }
}

#[test]
fn events_show_neither_the_token_nor_the_signatures_of_links() {
    let ended = run(scenario(Server::Ghes319, Shown::InLog.receiver()), |_| {});
    let requests = ended
        .events
        .iter()
        .filter(|event| matches!(event, Event::Request { .. }));
    assert!(requests.count() > 5);
    let shown = format!("{:?}", ended.events);
    assert!(!shown.contains(TOKEN));
    assert!(
        shown.contains("logs.example") && !shown.contains("sig="),
        "{shown}"
    );
}

#[test]
fn a_redirect_of_the_api_to_another_server_does_not_take_the_token_along() {
    let away = Effect::Answer {
        status: 307,
        headers: [(
            "location".to_owned(),
            "https://logs.example/evil".to_owned(),
        )]
        .into(),
        body: String::new(),
    };
    let scenario = scenario(Server::GitHubCom, Shown::InLog.receiver()).with_fault(Fault::on(
        "GET",
        "/repos/octo/receiver",
        away,
    ));
    let mut ended = run(scenario, |inputs| inputs.r#ref = "".into());
    assert!(
        ended
            .error()
            .to_string()
            .contains("where the token must not go"),
        "{}",
        ended.error()
    );
    assert_eq!(ended.github.requests().len(), 1);
    assert_eq!(ended.dispatched().len(), 0);
}

/// A receiver whose log is some 1.5 MiB, and has the ID in its last line only.
fn long_log() -> Workflow {
    let mut receiver = Shown::InLog.receiver();
    let id = Step::run("echo id").printing("ID: ${{ inputs.distinct_id }}");
    let mut long = Step::run("make");
    for number in 0..12_000 {
        long = long.printing(format!(
            "{number:06} {}",
            "of what a build prints ".repeat(4)
        ));
    }
    receiver.jobs = vec![Job::new("build", [long, id])];
    receiver
}

/// What the store of logs has answered.
fn stored(ended: &Ended) -> Vec<u16> {
    let requests = ended.github.requests();
    let stored = requests.iter().filter(|r| r.origin == Origin::Logs);
    stored.map(|r| r.status).collect()
}

#[test]
fn a_long_log_is_read_by_ranges() {
    let mut ended = run(scenario(Server::Ghes319, long_log()), |_| {});
    ended.assert_right("log");
    // 256 KiB, then twice as much each time.
    assert_eq!(stored(&ended), [206; 3]);
}

#[test]
fn a_link_that_no_longer_holds_is_asked_for_anew() {
    let gone = answer(403, &[], "<Error><Code>AuthenticationFailed</Code></Error>");
    let s = scenario(Server::Ghes319, long_log())
        .with_fault(Fault::on("GET", "logs.txt", gone).after(1).times(1));
    let mut ended = run(s, |_| {});
    ended.assert_right("log");
    assert_eq!(stored(&ended), [206, 403, 206, 206]);
}

#[test]
fn another_part_than_was_asked_for_is_not_searched() {
    for range in [
        "bytes 0-9/2000000",
        "bytes 262145-300000/2000000",
        "bytes 262144-300000/7",
        "bytes */2000000",
        "nothing",
    ] {
        let wrong = answer(206, &[("content-range", range)], "x");
        let s = scenario(Server::Ghes319, long_log())
            .with_fault(Fault::on("GET", "logs.txt", wrong).after(1).times(1));
        let mut ended = run(s, |_| {});
        // The archive has it as well.
        ended.assert_right("log");
        let requests = ended.github.requests();
        let stored = requests.iter().filter(|r| r.origin == Origin::Logs);
        let archives: Vec<_> = stored.map(|r| r.path.contains("logs.zip")).collect();
        assert_eq!(archives, [false, false, true], "{range}");
    }
}

#[test]
fn of_an_empty_log_there_is_no_range() {
    let nothing = answer(416, &[("content-range", "bytes */0")], "");
    let s = scenario(Server::Ghes319, Shown::InLog.receiver())
        .with_fault(Fault::on("GET", "logs.txt", nothing).times(1));
    let mut ended = run(s, |_| {});
    ended.assert_right("log");
    assert_eq!(stored(&ended)[..2], [416, 200]);
}
