//! Gitea, where it is not like GitHub.

use serde_json::{Value, json};
use simulator::{
    Conclusion, Concurrency, Environment, ExistingRun, Input, Job, Logs, Repository, Request,
    Rerun, Response, Scenario, SecondaryLimits, Server, Step, Token, Workflow, WorkflowState,
};

use crate::caller::{Caller, body, ids, is, jobs, message, on, run_state, state, text, workflow};

const DISPATCHES: &str = "/repos/octo/receiver/actions/workflows/ci.yml/dispatches";
const ASKING: &str = "?return_run_details=true";

fn with_workflow(workflow: Workflow) -> Caller {
    Caller::new(Scenario::on(Server::Gitea126).with_workflows([workflow]))
}

fn with_repository(repository: Repository) -> Caller {
    Caller::new(Scenario::on(Server::Gitea126).with_repository(repository))
}

fn order(caller: &Caller, path: &str, body: &str) -> Request {
    caller
        .request("POST", path)
        .with_header("Content-Type", "application/json")
        .with_body(body)
}

/// Sends a dispatch with this body.
fn send(caller: &mut Caller, path: &str, body: &Value) -> Response {
    caller.send(&order(caller, path, &body.to_string()), 0.0)
}

/// Dispatches `ci.yml` and returns the run that this created.
fn dispatch(caller: &mut Caller, inputs: &Value, at: f64) -> u64 {
    let body = json!({ "ref": "main", "inputs": inputs }).to_string();
    let answer = caller.send(&order(caller, DISPATCHES, &body), at);
    assert_eq!(answer.status, 204, "{}", text(&answer));
    caller.own_runs(at).pop().expect("a run").id
}

fn refused(answer: &Response) -> (u16, String) {
    (answer.status, message(answer))
}

fn log(caller: &mut Caller, id: &Value, at: f64) -> Response {
    caller.get(&format!("/actions/jobs/{id}/logs"), at)
}

/// What the lines of a log say, without their times.
fn lines(log: &Response) -> Vec<String> {
    let text = text(log);
    let lines = text.lines().map(|line| line.split_once(' '));
    lines.map(|line| line.expect("a time").1.into()).collect()
}

#[test]
fn a_dispatch_tells_its_run_to_who_asks_in_the_query() {
    for (value, tells) in [
        ("true", true),
        ("1", true),
        ("T", true),
        ("on", true),
        ("false", false),
        ("yes", false),
        ("", false),
    ] {
        let mut caller = on(Server::Gitea126);
        let path = format!("{DISPATCHES}?return_run_details={value}");
        let answer = send(&mut caller, &path, &json!({ "ref": "main" }));
        let run = &caller.own_runs(0.0)[0];
        if !tells {
            assert_eq!(
                (answer.status, text(&answer).as_str()),
                (204, ""),
                "{value:?}"
            );
            continue;
        }
        assert_eq!(answer.status, 200, "{value:?}");
        let page = format!(
            "https://gitea.example/octo/receiver/actions/runs/{}",
            run.id
        );
        assert_eq!(
            body(&answer),
            json!({
                "workflow_run_id": run.id,
                "run_url": format!("https://gitea.example/api/v1/repos/octo/receiver/actions/runs/{}", run.id),
                "html_url": page,
            })
        );
        let shown = caller.json(&format!("/actions/runs/{}", run.id), 0.0);
        assert_eq!(shown["html_url"], page);
    }
}

#[test]
fn in_the_body_and_on_an_older_gitea_that_is_overlooked() {
    let in_body = json!({ "ref": "main", "return_run_details": true });
    let mut newer = on(Server::Gitea126);
    assert_eq!(send(&mut newer, DISPATCHES, &in_body).status, 204);
    let mut older = on(Server::Gitea125);
    let path = format!("{DISPATCHES}{ASKING}");
    assert_eq!(
        send(&mut older, &path, &json!({ "ref": "main" })).status,
        204
    );
    let run = &older.json("/actions/runs", 0.0)["workflow_runs"][0];
    let page = "https://gitea.example/octo/receiver/actions/runs/1";
    assert_eq!(run["html_url"], page, "by the run's number");
    assert_ne!(run["id"], 1);
}

#[test]
fn versions_of_githubs_api_are_nothing_to_it() {
    let mut caller = on(Server::Gitea126);
    let request = order(&caller, DISPATCHES, r#"{ "ref": "main" }"#)
        .with_header("X-GitHub-Api-Version", "2026-03-10");
    let answer = caller.send(&request, 0.0);
    assert_eq!(answer.status, 204);
    let names: Vec<_> = answer
        .headers
        .iter()
        .map(|(name, _)| name.as_str())
        .collect();
    assert!(names.contains(&"date"));
    assert!(
        !names
            .iter()
            .any(|name| name.starts_with("x-github") || name.starts_with("x-ratelimit")),
        "{names:?}"
    );
    let nameless = caller
        .bare("GET", "/version")
        .with_header("X-GitHub-Api-Version", "2063-04-05");
    let version = caller.send(&nameless, 0.0);
    assert_eq!(body(&version), json!({ "version": "1.26.0" }));
}

#[test]
fn a_ref_is_a_branch_or_the_full_name_of_a_tag() {
    let caller = || {
        with_repository(Repository {
            branches: vec!["main".into(), "next".into()],
            tags: vec!["v1".into()],
            ..Repository::default()
        })
    };
    let sha = "0123456789012345678901234567890123456789";
    for (name, shown) in [
        ("next", Some(("ci.yml@refs/heads/next", json!("next")))),
        (
            "refs/heads/next",
            Some(("ci.yml@refs/heads/next", json!("next"))),
        ),
        ("refs/tags/v1", Some(("ci.yml@refs/tags/v1", Value::Null))),
        ("v1", None),
        ("refs/heads/v1", None),
        (sha, None),
    ] {
        let mut caller = caller();
        let answer = send(&mut caller, DISPATCHES, &json!({ "ref": name }));
        let Some((path, branch)) = shown else {
            let refusal = (404, format!("ref {name:?} doesn't exist"));
            assert_eq!(refused(&answer), refusal);
            assert!(caller.runs(0.0).is_empty());
            continue;
        };
        assert_eq!(answer.status, 204, "{name}");
        let run = &caller.json("/actions/runs", 0.0)["workflow_runs"][0];
        let names = (run["path"].as_str(), &run["head_branch"]);
        assert_eq!(names, (Some(path), &branch));
    }
    let empty = send(&mut caller(), DISPATCHES, &json!({ "ref": "" }));
    assert_eq!(refused(&empty), (422, "[Ref]: Required".into()));
}

#[test]
fn inputs_are_strings_and_whatever_is_not_declared_is_dropped() {
    let choice = Input {
        required: true,
        options: Some(vec!["staging".into()]),
        ..Input::default()
    };
    let default = Input {
        default: Some("7".into()),
        ..Input::default()
    };
    let receiver = Workflow::new("ci.yml")
        .with_declared_input("environment", choice)
        .with_declared_input("retries", default)
        .with_declared_input(
            "needed",
            Input {
                required: true,
                ..Input::default()
            },
        );
    let mut caller = with_workflow(receiver);
    dispatch(
        &mut caller,
        &json!({ "environment": "moon", "other": "x" }),
        0.0,
    );
    let run = &caller.own_runs(0.0)[0];
    let inputs: Vec<_> = run
        .inputs
        .iter()
        .map(|(name, value)| (&**name, &**value))
        .collect();
    assert_eq!(
        inputs,
        [("environment", "moon"), ("needed", ""), ("retries", "7")]
    );

    for (inputs, problem) in [
        (
            json!({ "retries": 3 }),
            "number into Go struct field CreateActionWorkflowDispatch.inputs of type string",
        ),
        (
            json!({ "retries": true }),
            "bool into Go struct field CreateActionWorkflowDispatch.inputs of type string",
        ),
        (
            json!(["x"]),
            "array into Go struct field CreateActionWorkflowDispatch.inputs of type map[string]string",
        ),
    ] {
        let answer = send(
            &mut caller,
            DISPATCHES,
            &json!({ "ref": "main", "inputs": inputs }),
        );
        let expected = format!("[]: json: cannot unmarshal {problem}");
        assert_eq!(refused(&answer), (422, expected));
    }
    assert_eq!(caller.own_runs(0.0).len(), 1);
}

#[test]
fn a_body_must_be_json_and_say_so() {
    let mut caller = on(Server::Gitea126);
    let bare = caller
        .request("POST", DISPATCHES)
        .with_body(r#"{ "ref": "main" }"#);
    assert_eq!(
        refused(&caller.send(&bare, 0.0)),
        (422, "[]: Empty Content-Type".into())
    );
    let string = send(&mut caller, DISPATCHES, &json!("x"));
    let problem = "[]: json: cannot unmarshal string into Go value of type structs.CreateActionWorkflowDispatch";
    assert_eq!(refused(&string), (422, problem.into()));
    let nothing = caller.send(&order(&caller, DISPATCHES, ""), 0.0);
    assert_eq!(refused(&nothing), (422, "[Ref]: Required".into()));
}

#[test]
fn a_workflow_is_named_by_its_file_and_nothing_else() {
    let named = Workflow {
        name: Some("Build".into()),
        id: Some(7),
        ..Workflow::new("ci.yml")
    };
    let mut caller = with_workflow(named);
    let found = caller.json("/actions/workflows/ci.yml", 0.0);
    assert_eq!(found["id"], "ci.yml");
    assert_eq!(
        (&found["name"], &found["state"]),
        (&json!("Build"), &json!("active"))
    );
    let all = caller.json("/actions/workflows", 0.0);
    assert_eq!(all, json!({ "workflows": [found], "total_count": 1 }));
    for (in_path, name) in [
        ("Build", "Build"),
        ("7", "7"),
        (".github%2Fworkflows%2Fci.yml", ".github/workflows/ci.yml"),
        ("none.yml", "none.yml"),
    ] {
        let path = format!("/actions/workflows/{in_path}");
        let missing = caller.get(&path, 0.0);
        assert_eq!(
            refused(&missing),
            (404, format!("workflow {name:?} not found"))
        );
        let path = format!("/repos/octo/receiver{path}/dispatches");
        let missing = send(&mut caller, &path, &json!({ "ref": "main" }));
        assert_eq!(
            refused(&missing),
            (404, format!("workflow {name:?} doesn't exist"))
        );
    }
}

#[test]
fn a_disabled_workflow_is_refused_and_one_without_the_trigger_is_not() {
    let mut disabled = with_workflow(Workflow {
        state: WorkflowState::DisabledManually,
        ..Workflow::new("ci.yml")
    });
    let answer = send(&mut disabled, DISPATCHES, &json!({ "ref": "none" }));
    assert_eq!(
        refused(&answer),
        (403, "workflow is disabled".into()),
        "before the ref"
    );
    let mut on_push = with_workflow(Workflow {
        dispatchable: false,
        ..Workflow::new("ci.yml").with_input("distinct_id")
    });
    dispatch(&mut on_push, &json!({ "distinct_id": "abc" }), 0.0);
    assert!(on_push.own_runs(0.0)[0].inputs.is_empty());
}

#[test]
fn who_may_not_is_told_so_in_giteas_words() {
    let token = |name: &str, can_read, can_write| Token {
        token: name.into(),
        can_read,
        can_write,
        ..Token::default()
    };
    let mut caller = Caller::new(Scenario {
        tokens: vec![
            token("reads", true, false),
            token("sees nothing", false, false),
        ],
        ..Scenario::on(Server::Gitea126)
    });
    let mut ask = |method, path: &str, token: Option<&str>| {
        let mut request = caller.bare(method, path);
        if let Some(token) = token {
            request = request.with_header("Authorization", format!("token {token}"));
        }
        let request = request.with_header("Content-Type", "application/json");
        let answer = caller.send(&request.with_body(r#"{ "ref": "main" }"#), 0.0);
        let url = "https://gitea.example/api/swagger";
        assert_eq!(body(&answer)["url"], url);
        (
            answer.status,
            body(&answer)["errors"].clone(),
            message(&answer),
        )
    };
    let wrong = (
        401,
        Value::Null,
        "invalid username, password or token".into(),
    );
    let repository = "/repos/octo/receiver";
    assert_eq!(ask("GET", repository, Some("wrong")), wrong);
    assert_eq!(ask("GET", "/version", Some("wrong")), wrong);
    assert_eq!(
        ask("GET", "/user", None),
        (401, Value::Null, "token is required".into())
    );
    let missing = (404, Value::Null, "not found".into());
    for token in [None, Some("sees nothing")] {
        assert_eq!(ask("GET", repository, token), missing, "{token:?}");
        assert_eq!(ask("POST", DISPATCHES, token), missing, "{token:?}");
    }
    assert_eq!(ask("GET", "/repos/octo/none", Some("reads")), missing);
    let no_owner = json!(["user redirect does not exist [name: nobody]"]);
    assert_eq!(
        ask("GET", "/repos/nobody/none", Some("reads")),
        (404, no_owner, "GetUserByName".into())
    );
    let may_not = "user should have a permission to write to a repo";
    assert_eq!(
        ask("POST", DISPATCHES, Some("reads")),
        (403, Value::Null, may_not.into())
    );
}

#[test]
fn what_it_does_not_have_is_no_page_at_all() {
    let mut caller = on(Server::Gitea126);
    let run = dispatch(&mut caller, &json!({}), 0.0);
    for (method, path) in [
        (
            "POST",
            format!("/repos/octo/receiver/actions/runs/{run}/cancel"),
        ),
        (
            "POST",
            format!("/repos/octo/receiver/actions/runs/{run}/force-cancel"),
        ),
        (
            "GET",
            format!("/repos/octo/receiver/actions/runs/{run}/logs"),
        ),
        (
            "GET",
            format!("/repos/octo/receiver/actions/runs/{run}/attempts/1"),
        ),
        (
            "GET",
            format!("/repos/octo/receiver/actions/runs/{run}/pending_deployments"),
        ),
        (
            "GET",
            "/repos/octo/receiver/actions/workflows/ci.yml/runs".into(),
        ),
        ("GET", "/rate_limit".into()),
    ] {
        let answer = caller.send(&caller.request(method, &path), 1.0);
        assert_eq!(answer.status, 404, "{path}");
        assert_eq!(text(&answer), "404 page not found\n");
        let kind = answer.header("content-type");
        assert_eq!(kind, Some("text/plain; charset=utf-8"));
    }
    let head = caller.send(&caller.request("HEAD", "/repos/octo/receiver"), 1.0);
    assert_eq!((head.status, head.header("allow")), (405, Some("GET")));
}

#[test]
fn an_unchanged_answer_is_given_again() {
    let mut caller = on(Server::Gitea126);
    let first = caller.get("", 0.0);
    assert_eq!(first.header("etag"), None);
    let again = caller
        .request("GET", "/repos/octo/receiver")
        .with_header("If-None-Match", "*");
    assert_eq!(caller.send(&again, 1.0).status, 200);
    assert_eq!(body(&first)["default_branch"], "main");
}

#[test]
fn a_run_is_shown_without_its_creation_and_its_workflows_name() {
    let receiver = workflow([Step::run("make")]).with_run_name("Call ${{ inputs.distinct_id }}");
    let mut caller = with_workflow(Workflow {
        name: Some("Build".into()),
        ..receiver
    });
    let run = dispatch(&mut caller, &json!({ "distinct_id": "abc" }), 0.0);
    let path = format!("/actions/runs/{run}");
    let queued = caller.json(&path, 0.0);
    for missing in [
        "created_at",
        "updated_at",
        "name",
        "conclusion",
        "workflow_id",
        "head_repository",
    ] {
        assert_eq!(queued.get(missing), None, "{missing}");
    }
    let never = "1970-01-01T00:00:00Z";
    for (field, value) in [
        ("display_title", json!("Call abc")),
        ("status", json!("queued")),
        ("run_attempt", json!(0)),
        ("run_number", json!(1)),
        ("event", json!("workflow_dispatch")),
        ("started_at", json!(never)),
        ("completed_at", json!(never)),
    ] {
        assert_eq!(queued[field], value, "{field}");
    }
    let running = caller.json(&path, 1.5);
    assert_eq!(state(&running), is("in_progress", None));
    assert_eq!(running["started_at"], "2026-01-01T00:00:01Z");
    assert_eq!(running["completed_at"], never);
    let done = caller.json(&path, 60.0);
    assert_eq!(state(&done), is("completed", Some("success")));
    assert_eq!(done["completed_at"], "2026-01-01T00:00:02Z");
    assert_eq!(done["run_attempt"], 0);
}

#[test]
fn a_run_without_a_title_has_that_of_its_commit() {
    let mut caller = on(Server::Gitea126);
    dispatch(&mut caller, &json!({}), 0.0);
    let run = &caller.json("/actions/runs", 0.0)["workflow_runs"][0];
    assert_eq!(run["display_title"], "Update the build");
}

#[test]
fn a_run_is_listed_as_soon_as_it_exists_whatever_the_workflow_says() {
    let late = Workflow {
        listing_delay: 30.0,
        ..workflow([Step::run("make")])
    };
    let mut caller = with_workflow(late);
    let run = dispatch(&mut caller, &json!({}), 0.0);
    assert_eq!(caller.listed("/actions/runs", 0.0), [run]);
}

#[test]
fn runs_of_all_workflows_are_numbered_together() {
    let other = Workflow::new("other.yml");
    let mut caller = Caller::new(
        Scenario::on(Server::Gitea126).with_workflows([workflow([Step::run("make")]), other]),
    );
    for file in ["ci.yml", "other.yml", "ci.yml"] {
        let path = format!("/repos/octo/receiver/actions/workflows/{file}/dispatches");
        assert_eq!(
            send(&mut caller, &path, &json!({ "ref": "main" })).status,
            204
        );
    }
    let list = caller.json("/actions/runs", 0.0);
    let runs = list["workflow_runs"].as_array().expect("a list");
    let numbers: Vec<_> = runs.iter().map(|run| &run["run_number"]).collect();
    assert_eq!(numbers, [3, 2, 1]);
}

/// A Gitea with many runs.
fn busy() -> Caller {
    Caller::new(Scenario {
        history: 120,
        ..Scenario::on(Server::Gitea126)
    })
}

#[test]
fn a_page_is_asked_for_by_its_limit_and_has_fifty_runs_at_most() {
    let mut caller = busy();
    let mut page = |query: &str| {
        let answer = caller.get(&format!("/actions/runs{query}"), 0.0);
        let list = body(&answer);
        assert_eq!(list["total_count"], 120);
        assert_eq!(answer.header("x-total-count"), Some("120"));
        let link = answer.header("link").unwrap_or_default().to_owned();
        (ids(&list["workflow_runs"]), link)
    };
    let all: Vec<u64> = (1..=3)
        .flat_map(|number| page(&format!("?limit=50&page={number}")).0)
        .collect();
    assert_eq!(all.len(), 120);
    assert!(all.is_sorted_by(|newer, older| newer > older));
    assert_eq!(page("").0, all[..30]);
    assert_eq!(page("?limit=100").0, all[..50]);
    assert_eq!(page("?per_page=100").0, all[..30]);
    assert_eq!(page("?page=9&limit=50"), (vec![], beyond()));
    let url = "https://gitea.example/api/v1/repos/octo/receiver/actions/runs?";
    let (_, link) = page("?page=2&limit=50&created=x");
    let of = |page: u8, relation: &str| {
        format!("<{url}created=x&limit=50&page={page}>; rel=\"{relation}\"")
    };
    let links = [of(3, "next"), of(3, "last"), of(1, "first"), of(1, "prev")];
    assert_eq!(link, links.join(","));
}

/// The links of a page beyond the last of three.
fn beyond() -> String {
    let url = "https://gitea.example/api/v1/repos/octo/receiver/actions/runs?limit=50&page=";
    format!("<{url}1>; rel=\"first\",<{url}2>; rel=\"prev\"")
}

#[test]
fn runs_are_filtered_by_what_gitea_knows_and_what_it_does_not_is_overlooked() {
    let mut scenario = Scenario::on(Server::Gitea126).with_repository(Repository {
        branches: vec!["main".into(), "next".into()],
        ..Repository::default()
    });
    scenario = scenario.with_existing_run(ExistingRun {
        workflow: "ci.yml".into(),
        event: Some("push".into()),
        created_at: -100.0,
        ..ExistingRun::default()
    });
    let mut caller = Caller::new(scenario);
    let pushed = caller.runs(0.0)[0].id;
    send(&mut caller, DISPATCHES, &json!({ "ref": "next" }));
    let next = caller.own_runs(0.0)[0].id;
    for (query, found) in [
        ("event=push", vec![pushed]),
        ("event=nonsense", vec![]),
        ("branch=next", vec![next]),
        ("status=queued", vec![next]),
        ("status=completed", vec![pushed]),
        ("status=success&status=queued", vec![next, pushed]),
        ("status=waiting", vec![]),
        ("actor=octocat", vec![next]),
        ("created=%3E%3D2040-01-01", vec![next, pushed]),
        ("exclude_pull_requests=true&nonsense=1", vec![next, pushed]),
    ] {
        assert_eq!(
            caller.listed(&format!("/actions/runs?{query}"), 0.0),
            found,
            "{query}"
        );
    }
    let unknown = caller.get("/actions/runs?status=nonsense", 0.0);
    assert_eq!(refused(&unknown), (400, "Invalid status nonsense".into()));
    let nobody = caller.get("/actions/runs?actor=nobody", 0.0);
    assert_eq!(nobody.status, 500);
}

/// A job, and one that needs it.
fn two_jobs(first: Step) -> Workflow {
    Workflow::new("ci.yml").with_jobs([
        Job::new("first", [first]),
        Job::new("second", [Step::run("make")]).needing("first"),
    ])
}

fn states(caller: &mut Caller, run: u64, at: f64) -> Vec<(String, Option<String>)> {
    jobs(caller, run, at).iter().map(state).collect()
}

#[test]
fn a_job_that_needs_another_waits_and_the_run_is_what_its_jobs_are() {
    let slow = Job {
        queue_delay: 1.0,
        ..Job::new("second", [Step::run("make").taking(2.0)]).needing("first")
    };
    let receiver =
        Workflow::new("ci.yml").with_jobs([Job::new("first", [Step::run("make")]), slow]);
    let mut caller = with_workflow(receiver);
    let run = dispatch(&mut caller, &json!({}), 0.0);
    let queued = is("queued", None);
    let waiting = is("waiting", None);
    let running = is("in_progress", None);
    let success = is("completed", Some("success"));
    // The first runs from 1 to 2.3; the second is released at 2.8 and starts at 3.8.
    for (at, whole, first, second) in [
        (0.5, &queued, &queued, &waiting),
        (1.5, &running, &running, &waiting),
        (2.5, &waiting, &success, &waiting),
        (3.0, &queued, &success, &queued),
        (4.0, &running, &success, &running),
        (60.0, &success, &success, &success),
    ] {
        assert_eq!(run_state(&mut caller, run, at), *whole, "at {at}");
        assert_eq!(
            states(&mut caller, run, at),
            [first.clone(), second.clone()],
            "at {at}"
        );
    }
}

#[test]
fn a_run_has_failed_before_the_jobs_that_are_left_out_are() {
    let mut caller = with_workflow(two_jobs(Step::run("make").ending(Conclusion::Failure)));
    let run = dispatch(&mut caller, &json!({}), 0.0);
    let failed = is("completed", Some("failure"));
    assert_eq!(run_state(&mut caller, run, 2.5), failed);
    assert_eq!(
        states(&mut caller, run, 2.5),
        [failed.clone(), is("waiting", None)]
    );
    let ended = caller.json(&format!("/actions/runs/{run}"), 2.5)["completed_at"].clone();
    assert_eq!(
        states(&mut caller, run, 60.0),
        [failed.clone(), is("completed", Some("skipped"))]
    );
    let later = caller.json(&format!("/actions/runs/{run}"), 60.0);
    assert_eq!(state(&later), failed);
    assert_eq!(later["completed_at"], ended);
}

#[test]
fn a_cancelled_job_makes_a_cancelled_run_while_another_goes_on() {
    let receiver = Workflow::new("ci.yml").with_jobs([
        Job::new("first", [Step::run("make").ending(Conclusion::Cancelled)]),
        Job::new("second", [Step::run("make").taking(30.0)]),
    ]);
    let mut caller = with_workflow(receiver);
    let run = dispatch(&mut caller, &json!({}), 0.0);
    let cancelled = is("completed", Some("cancelled"));
    assert_eq!(run_state(&mut caller, run, 5.0), cancelled);
    assert_eq!(states(&mut caller, run, 5.0)[1], is("in_progress", None));
    assert_eq!(run_state(&mut caller, run, 60.0), cancelled);
}

#[test]
fn a_run_whose_group_is_busy_waits() {
    let receiver = Workflow {
        concurrency: Some(Concurrency::group("deploy")),
        ..workflow([Step::run("make").taking(10.0)])
    };
    let mut caller = with_workflow(receiver);
    dispatch(&mut caller, &json!({}), 0.0);
    let second = dispatch(&mut caller, &json!({}), 1.0);
    assert_eq!(run_state(&mut caller, second, 5.0), is("waiting", None));
    assert_eq!(states(&mut caller, second, 5.0), [is("waiting", None)]);
    assert_eq!(
        run_state(&mut caller, second, 60.0),
        is("completed", Some("success"))
    );
}

#[test]
fn a_run_that_is_cancelled_before_its_turn_has_cancelled_jobs() {
    let group = Concurrency::group("deploy");
    let slow = Workflow {
        concurrency: Some(group),
        ..two_jobs(Step::run("make").taking(10.0))
    };
    let mut caller = with_workflow(slow);
    dispatch(&mut caller, &json!({}), 0.0);
    let second = dispatch(&mut caller, &json!({}), 1.0);
    dispatch(&mut caller, &json!({}), 2.0);
    let cancelled = is("completed", Some("cancelled"));
    assert_eq!(run_state(&mut caller, second, 3.0), cancelled);
    let both = [cancelled.clone(), cancelled];
    assert_eq!(states(&mut caller, second, 3.0), both);
    let first = &jobs(&mut caller, second, 3.0)[0];
    assert_eq!(first["completed_at"], "2026-01-01T00:00:02Z");
    assert_eq!(log(&mut caller, &first["id"], 3.0).status, 404);
}

#[test]
fn steps_are_named_as_they_are_written_and_have_the_state_of_their_job() {
    let receiver = workflow([
        Step::run("true").named("id ${{ inputs.distinct_id }}"),
        Step::run("make\nmake test").ending(Conclusion::Failure),
        Step::run("never"),
    ]);
    let mut caller = with_workflow(receiver);
    let run = dispatch(&mut caller, &json!({ "distinct_id": "abc" }), 0.0);
    let queued = &jobs(&mut caller, run, 0.5)[0];
    assert_eq!(
        (&queued["steps"], &queued["run_attempt"]),
        (&json!([]), &json!(0))
    );
    assert_eq!(queued.get("runner_name"), None);
    let running = &jobs(&mut caller, run, 1.5)[0];
    assert_eq!(running["run_attempt"], 1);
    let done = &jobs(&mut caller, run, 60.0)[0];
    let shown = |job: &Value| -> Vec<_> {
        let steps = job["steps"].as_array().expect("steps");
        steps
            .iter()
            .map(|step| (step["name"].clone(), step["number"].clone(), state(step)))
            .collect()
    };
    for (job, is) in [
        (running, is("in_progress", None)),
        (done, is("completed", Some("failure"))),
    ] {
        assert_eq!(
            shown(job),
            [
                (json!("id ${{ inputs.distinct_id }}"), json!(0), is.clone()),
                (json!("Run make"), json!(1), is.clone()),
                (json!("Run never"), json!(2), is),
            ]
        );
    }
    let never = "1970-01-01T00:00:00Z";
    let steps = &done["steps"];
    assert_ne!(steps[1]["completed_at"], never);
    assert_eq!(
        (&steps[2]["started_at"], &steps[2]["completed_at"]),
        (&json!(never), &json!(never))
    );
}

#[test]
fn jobs_of_a_run_that_does_not_exist_are_none() {
    let mut caller = on(Server::Gitea126);
    let none = json!({ "jobs": [], "total_count": 0 });
    assert_eq!(caller.json("/actions/runs/99999/jobs", 0.0), none);
    let missing = caller.get("/actions/runs/99999", 0.0);
    let errors = json!(["run with id 99999: resource does not exist"]);
    assert_eq!(
        (missing.status, body(&missing)["errors"].clone()),
        (404, errors)
    );
    let no_number = caller.get("/actions/runs/abc/jobs", 0.0);
    assert_eq!(
        refused(&no_number),
        (400, "runID must be a positive integer".into())
    );
}

#[test]
fn jobs_come_in_pages_too() {
    let mut caller = with_workflow(two_jobs(Step::run("make")));
    let run = dispatch(&mut caller, &json!({}), 0.0);
    let path = format!("/actions/runs/{run}/jobs?limit=1&page=2");
    let answer = caller.get(&path, 0.0);
    assert_eq!(body(&answer)["jobs"][0]["name"], "second");
    assert_eq!(body(&answer)["total_count"], 2);
    assert!(
        answer
            .header("link")
            .is_some_and(|link| link.contains("rel=\"prev\""))
    );
}

#[test]
fn a_log_can_be_read_while_its_job_runs() {
    let receiver = workflow([
        Step::echo("${{ inputs.distinct_id }}"),
        Step::run("sleep 20").taking(20.0),
        Step::echo("late"),
    ]);
    let mut caller = with_workflow(receiver);
    let run = dispatch(&mut caller, &json!({ "distinct_id": "abc" }), 0.0);
    let id = jobs(&mut caller, run, 0.0)[0]["id"].clone();
    let early = log(&mut caller, &id, 0.5);
    assert_eq!(
        (early.status, &body(&early)["errors"]),
        (404, &json!(["job not started"]))
    );
    assert_eq!(
        log(&mut caller, &id, 1.5).status,
        500,
        "nothing has arrived yet"
    );
    let live = log(&mut caller, &id, 5.0);
    assert_eq!(live.status, 200);
    let written = lines(&live);
    assert!(written.contains(&"abc".to_owned()), "{written:?}");
    assert!(
        written.contains(&"\u{2b50} Run Main echo \"abc\"".to_owned()),
        "{written:?}"
    );
    assert!(!written.iter().any(|line| line.contains("late")));
    let whole = log(&mut caller, &id, 60.0);
    assert!(text(&whole).starts_with(&text(&live)), "it only grows");
    assert_eq!(
        lines(&whole).last().map(String::as_str),
        Some("\u{1f3c1}  Job succeeded")
    );
    assert!(lines(&whole).contains(&"late".to_owned()));
    let clue = caller
        .github
        .clue_visible_at(run, "late")
        .expect("a moment")
        .as_secs_f64();
    assert!(!text(&log(&mut caller, &id, 60.0)).is_empty());
    assert!((22.0..24.0).contains(&clue), "{clue}");
}

#[test]
fn a_clue_can_be_read_from_the_moment_that_is_told() {
    let receiver = workflow([
        Step::run("sleep 3").taking(3.3),
        Step::echo("${{ inputs.distinct_id }}"),
        Step::run("sleep 9").taking(9.0),
    ]);
    let mut caller = with_workflow(receiver);
    let run = dispatch(&mut caller, &json!({ "distinct_id": "abc" }), 0.0);
    let id = jobs(&mut caller, run, 0.0)[0]["id"].clone();
    let clue = caller
        .github
        .clue_visible_at(run, "abc")
        .expect("a moment")
        .as_secs_f64();
    assert!(!text(&log(&mut caller, &id, clue - 0.001)).contains("abc"));
    assert!(text(&log(&mut caller, &id, clue)).contains("abc"));
}

#[test]
fn a_log_is_handed_out_by_ranges() {
    let mut caller = on(Server::Gitea126);
    let run = dispatch(&mut caller, &json!({}), 0.0);
    let id = jobs(&mut caller, run, 0.0)[0]["id"].clone();
    let whole = log(&mut caller, &id, 60.0);
    assert_eq!(whole.header("accept-ranges"), Some("bytes"));
    assert_eq!(
        whole.header("content-type"),
        Some("text/plain; charset=utf-8")
    );
    let length = whole.body.len();
    let mut ranged = |range: &str| {
        let path = format!("/repos/octo/receiver/actions/jobs/{id}/logs");
        let request = caller.request("GET", &path).with_header("Range", range);
        let answer = caller.send(&request, 60.0);
        let of = answer.header("content-range").map(str::to_owned);
        (answer.status, of, answer.body)
    };
    let last = length - 1;
    assert_eq!(
        ranged("bytes=40-"),
        (
            206,
            Some(format!("bytes 40-{last}/{length}")),
            whole.body[40..].to_vec()
        )
    );
    assert_eq!(
        ranged(&format!("bytes={length}-")),
        (
            416,
            Some(format!("bytes */{length}")),
            b"invalid range: failed to overlap\n".to_vec()
        )
    );
    assert_eq!(ranged("lines=1-"), (416, None, b"invalid range\n".to_vec()));
}

#[test]
fn a_log_that_is_gone_or_never_was_is_not_found() {
    let gone = Job {
        logs: Logs::Expired,
        ..Job::new("gone", [Step::run("make").ending(Conclusion::Failure)])
    };
    let left_out = Job::new("left out", [Step::run("make")]).needing("gone");
    let mut caller = with_workflow(Workflow::new("ci.yml").with_jobs([gone, left_out]));
    let run = dispatch(&mut caller, &json!({}), 0.0);
    let jobs = jobs(&mut caller, run, 60.0);
    for (job, reason) in [(0, "logs have been cleaned up"), (1, "job not started")] {
        let answer = log(&mut caller, &jobs[job]["id"], 60.0);
        assert_eq!(
            (answer.status, &body(&answer)["errors"]),
            (404, &json!([reason]))
        );
    }
    let unknown = log(&mut caller, &json!(99999), 60.0);
    let reason = "run job with id 99999: resource does not exist";
    assert_eq!(
        (unknown.status, &body(&unknown)["errors"]),
        (404, &json!([reason]))
    );
}

/// Where the first run fails at first and is started again ten seconds after its end.
fn started_again(server: Server) -> Caller {
    let flaky = Step::run("make").ending_by_attempt([Conclusion::Failure]);
    let again = Rerun {
        after: 10.0,
        ..Rerun::default()
    };
    Caller::new(
        Scenario::on(server)
            .with_workflows([workflow([flaky])])
            .with_rerun(again),
    )
}

#[test]
fn a_run_that_is_run_again_keeps_its_jobs_ids() {
    let mut caller = started_again(Server::Gitea126);
    let run = dispatch(&mut caller, &json!({}), 0.0);
    let first = jobs(&mut caller, run, 5.0)[0].clone();
    assert_eq!(
        run_state(&mut caller, run, 5.0),
        is("completed", Some("failure"))
    );
    assert_eq!(first["run_attempt"], 1);
    // It is started again at 12.3.
    let queued = jobs(&mut caller, run, 12.5)[0].clone();
    assert_eq!(run_state(&mut caller, run, 12.5), is("queued", None));
    assert_eq!(
        (&queued["id"], &queued["run_attempt"]),
        (&first["id"], &json!(1))
    );
    assert_eq!(log(&mut caller, &first["id"], 12.5).status, 404);
    let second = jobs(&mut caller, run, 60.0)[0].clone();
    assert_eq!(
        run_state(&mut caller, run, 60.0),
        is("completed", Some("success"))
    );
    assert_eq!(
        (&second["id"], &second["run_attempt"]),
        (&first["id"], &json!(2))
    );
    assert_eq!(
        caller.json(&format!("/actions/runs/{run}"), 60.0)["run_attempt"],
        0
    );
}

/// Seen on a real 1.27.3.
#[test]
fn on_the_newest_gitea_an_attempt_has_jobs_of_its_own_and_errors_are_one_sentence() {
    let mut caller = started_again(Server::Gitea);
    let run = dispatch(&mut caller, &json!({}), 0.0);
    let path = format!("/actions/runs/{run}");
    let attempt = |caller: &mut Caller, at: f64| {
        let shown = caller.json(&path, at);
        (
            shown["run_attempt"].clone(),
            shown["previous_attempt_url"].clone(),
        )
    };
    assert_eq!(attempt(&mut caller, 0.1), (json!(1), Value::Null));
    assert_eq!(jobs(&mut caller, run, 0.1)[0]["run_attempt"], 1);
    let first = jobs(&mut caller, run, 5.0)[0]["id"].clone();
    let before = format!("https://gitea.example/api/v1/repos/octo/receiver{path}/attempts/1");
    assert_eq!(attempt(&mut caller, 12.5), (json!(2), json!(before)));
    let queued = jobs(&mut caller, run, 12.5)[0].clone();
    assert_ne!(queued["id"], first);
    assert_eq!(
        (&queued["run_attempt"], &queued["status"]),
        (&json!(2), &json!("queued"))
    );
    // The log of the attempt before stays.
    assert_eq!(log(&mut caller, &first, 12.5).status, 200);

    let of_it = caller.json("/actions/workflows/ci.yml/runs", 60.0);
    assert_eq!(
        (&of_it["total_count"], &of_it["workflow_runs"][0]["id"]),
        (&json!(1), &json!(run))
    );
    let of_none = caller.get("/actions/workflows/none.yml/runs", 60.0);
    let reason = "workflow \"none.yml\" not found";
    assert_eq!(refused(&of_none), (404, reason.into()));

    for path in ["/actions/runs/99999", "/actions/runs/99999/jobs"] {
        let missing = caller.get(path, 60.0);
        let reason = "run with id 99999: resource does not exist";
        assert_eq!(refused(&missing), (404, reason.into()));
        assert_eq!(body(&missing).get("errors"), None);
    }
}

/// A receiver, on a branch of its own and at a tag.
fn elsewhere() -> Caller {
    let receiver = Workflow {
        name: Some("Deploy: all".into()),
        branches_only: Some(vec!["next".into(), "v1".into()]),
        ..workflow([Step::echo("${{ inputs.distinct_id }}")])
            .with_run_name("Call \"${{ inputs.distinct_id }}\"")
    };
    with_repository(Repository {
        branches: vec!["main".into(), "next".into()],
        tags: vec!["v1".into()],
        workflows: vec![receiver],
        ..Repository::default()
    })
}

#[test]
fn the_file_of_a_workflow_can_be_read_at_a_ref() {
    let mut caller = elsewhere();
    let path = "/contents/.github/workflows/ci.yml";
    let at_next = caller.json(&format!("{path}?ref=next"), 0.0);
    assert_eq!(
        (&at_next["type"], &at_next["encoding"]),
        (&json!("file"), &json!("base64"))
    );
    let raw = caller.get("/raw/.github/workflows/ci.yml?ref=refs/heads/next", 0.0);
    assert_eq!(raw.status, 200);
    assert_eq!(at_next["size"], raw.body.len());
    let content = at_next["content"].as_str().expect("content");
    assert_eq!(content.len(), raw.body.len().div_ceil(3) * 4);
    assert!(
        content.starts_with("bmFtZTogIkRlcGxveTogYWxsIgpydW4tbmFtZ"),
        "{content}"
    );
    assert_eq!(
        text(&raw),
        r#"name: "Deploy: all"
run-name: "Call \"${{ inputs.distinct_id }}\""
on:
  workflow_dispatch:
    inputs:
      "distinct_id":
        type: string
        required: false
jobs:
  build:
    name: "build"
    runs-on: ubuntu-latest
    steps:
      - run: "echo \"${{ inputs.distinct_id }}\""
"#
    );
    let sha = at_next["last_commit_sha"]
        .as_str()
        .expect("a SHA")
        .to_owned();
    for name in ["v1", &sha] {
        assert_eq!(
            caller.get(&format!("{path}?ref={name}"), 0.0).status,
            200,
            "{name}"
        );
    }
    let missing = |answer: &Response, message: &str, error: &str| {
        assert_eq!(answer.status, 404);
        assert_eq!(body(answer)["message"], message);
        assert_eq!(
            body(answer)["errors"],
            json!([format!("object does not exist [{error}]")])
        );
    };
    let full = caller.get(&format!("{path}?ref=refs/heads/next"), 0.0);
    missing(&full, "not found", "id: refs/heads/next, rel_path: ");
    let on_main = caller.get(path, 0.0);
    missing(
        &on_main,
        "GetContentsOrList",
        "id: , rel_path: .github/workflows/ci.yml",
    );
    let raw = caller.get("/raw/.github/workflows/ci.yml?ref=none", 0.0);
    assert_eq!(
        refused(&raw),
        (404, "not found".into()),
        "at the default branch"
    );
}

#[test]
fn a_raw_file_that_has_not_changed_is_not_sent_again() {
    let mut caller = on(Server::Gitea126);
    let raw = caller.get("/raw/.github/workflows/ci.yml", 0.0);
    let etag = raw.header("etag").expect("an ETag");
    let path = "/repos/octo/receiver/raw/.github/workflows/ci.yml";
    let again = caller
        .request("GET", path)
        .with_header("If-None-Match", etag);
    assert_eq!(caller.send(&again, 0.0).status, 304);
}

#[test]
fn a_former_name_leads_to_the_repository() {
    let mut caller = with_repository(Repository {
        former_names: vec!["octo/old".into()],
        ..Repository::default()
    });
    let old = caller.request("GET", "/repos/octo/old/actions/runs?limit=1");
    let moved = caller.send(&old, 0.0);
    assert_eq!(moved.status, 301);
    let path = "/api/v1/repos/octo/receiver/actions/runs?limit=1";
    assert_eq!(moved.header("location"), Some(path));
}

#[test]
fn a_scenario_asks_for_nothing_that_gitea_lacks() {
    let check = |scenario: Scenario| scenario.check().expect_err("a contradiction");
    let on_gitea = |workflow: Workflow| Scenario::on(Server::Gitea126).with_workflows([workflow]);
    let job = Job::new("build", []).with_environment(Environment::new("production"));
    assert_eq!(
        check(on_gitea(Workflow::new("ci.yml").with_jobs([job]))),
        "job \"build\" of ci.yml waits for an environment, which Gitea does not have"
    );
    assert_eq!(
        check(on_gitea(Workflow {
            conclusion: Some(Conclusion::StartupFailure),
            ..Workflow::new("ci.yml")
        })),
        "runs of ci.yml end with startup_failure, which Gitea does not know"
    );
    assert_eq!(
        check(Scenario {
            secondary_limits: Some(SecondaryLimits::default()),
            ..Scenario::on(Server::Gitea126)
        }),
        "Gitea has no secondaryLimits"
    );
}
