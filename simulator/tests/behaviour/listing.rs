//! Lists of runs and workflows: order, filters, pages.

use serde_json::{Value, json};
use simulator::{Crowd, ExistingRun, Scenario, Server, Workflow};

use crate::caller::{Caller, body, ids, on};

/// Many runs that are over.
fn history(number: usize) -> Caller {
    Caller::new(Scenario {
        history: number,
        ..Scenario::default()
    })
}

fn existing(created_at: f64) -> ExistingRun {
    ExistingRun {
        workflow: "ci.yml".into(),
        created_at,
        ..ExistingRun::default()
    }
}

#[test]
fn history_is_completed_and_newest_first() {
    let mut caller = history(5);
    let list = caller.json("/actions/runs", 0.0);
    assert_eq!(list["total_count"], 5);
    let runs = list["workflow_runs"].as_array().expect("runs");
    assert!(runs.iter().all(|run| run["status"] == "completed"));
    assert!(runs.iter().all(|run| run["conclusion"] == "success"));
    let mut sorted = ids(&list["workflow_runs"]);
    sorted.sort_unstable_by(|a, b| b.cmp(a));
    assert_eq!(ids(&list["workflow_runs"]), sorted);
    assert!(runs.is_sorted_by(|a, b| a["created_at"].as_str() > b["created_at"].as_str()));
    assert!(sorted.iter().all(|id| *id >= 19_000_000_000));
}

#[test]
fn a_page_has_thirty_runs_unless_asked_and_a_hundred_at_most() {
    let mut caller = history(120);
    for (query, length) in [
        ("", 30),
        ("?per_page=5", 5),
        ("?per_page=100", 100),
        ("?per_page=1000", 100),
        ("?per_page=0", 30),
        ("?per_page=100&page=2", 20),
        ("?per_page=100&page=3", 0),
    ] {
        let listed = caller.listed(&format!("/actions/runs{query}"), 0.0);
        assert_eq!(listed.len(), length, "{query}");
    }
}

#[test]
fn pages_are_linked_by_absolute_urls_that_keep_the_query() {
    let mut caller = history(25);
    let response = caller.get(
        "/actions/workflows/ci.yml/runs?event=workflow_dispatch&per_page=10",
        0.0,
    );
    let base = "https://api.github.com/repos/octo/receiver/actions/workflows/ci.yml/runs\
                ?event=workflow_dispatch&per_page=10&page=";
    assert_eq!(
        response.header("link"),
        Some(format!("<{base}2>; rel=\"next\", <{base}3>; rel=\"last\"").as_str())
    );
    let mut all = std::collections::BTreeSet::new();
    for page in 1..=3 {
        all.extend(caller.listed(
            &format!(
                "/actions/workflows/ci.yml/runs?event=workflow_dispatch&per_page=10&page={page}"
            ),
            0.0,
        ));
    }
    assert_eq!(all.len(), 25);
    assert_eq!(
        caller.get("/actions/runs?per_page=100", 0.0).header("link"),
        None
    );
}

#[test]
fn a_filtered_list_ends_after_a_thousand_runs() {
    let mut caller = history(1100);
    let filtered = "/actions/runs?event=workflow_dispatch&per_page=100&page=";
    assert_eq!(caller.listed(&format!("{filtered}10"), 0.0).len(), 100);
    let beyond = caller.json(&format!("{filtered}11"), 0.0);
    assert_eq!(beyond["workflow_runs"], json!([]));
    assert_eq!(beyond["total_count"], 1100);
    assert_eq!(
        caller
            .listed("/actions/runs?per_page=100&page=11", 0.0)
            .len(),
        100
    );
}

#[test]
fn runs_are_filtered_by_the_second_of_their_creation() {
    let mut scenario = Scenario::default();
    for created_at in [-10.0, -9.5, -9.0, -8.0] {
        scenario = scenario.with_existing_run(existing(created_at));
    }
    let mut caller = Caller::new(scenario);
    for (created, number) in [
        (">=2025-12-31T23:59:51Z", 2),
        (">2025-12-31T23:59:50Z", 2),
        ("<=2025-12-31T23:59:50Z", 2),
        ("<2025-12-31T23:59:51Z", 2),
        ("2025-12-31T23:59:50Z", 2),
        ("2025-12-31T23:59:50Z..2025-12-31T23:59:51Z", 3),
        (">=2026-01-01T00:59:51+01:00", 2),
        ("2025-12-31", 4),
        ("*..2026-01-01", 4),
        (">=2026-01-01", 0),
    ] {
        let encoded = created
            .replace('+', "%2B")
            .replace('>', "%3E")
            .replace('<', "%3C");
        let listed = caller.listed(&format!("/actions/runs?created={encoded}"), 0.0);
        assert_eq!(listed.len(), number, "{created}");
    }
    assert_eq!(caller.get("/actions/runs?created=soon", 0.0).status, 422);
}

#[test]
fn runs_are_filtered_by_what_they_are() {
    let mut scenario = Scenario::default().with_existing_run(ExistingRun {
        event: Some("push".into()),
        ..existing(-100.0)
    });
    scenario.repositories[0].branches.push("next".into());
    let mut caller = Caller::new(scenario);
    let request = caller.dispatch_request(&json!({ "ref": "next" }));
    caller.send(&request, 0.0);
    let pushed = caller.runs(0.0)[0].id;
    let own = caller.own_runs(0.0)[0].id;
    let sha = caller.json(&format!("/actions/runs/{own}"), 1.5)["head_sha"].clone();
    let sha = sha.as_str().expect("a commit");
    for (filter, expected) in [
        ("event=push", vec![pushed]),
        ("event=workflow_dispatch", vec![own]),
        ("branch=next", vec![own]),
        ("branch=main", vec![pushed]),
        ("actor=octocat", vec![own]),
        ("actor=OctoCat", vec![own]),
        ("status=in_progress", vec![own]),
        ("status=completed", vec![pushed]),
        ("status=success", vec![pushed]),
        (&format!("head_sha={sha}"), vec![own]),
        ("event=push&branch=next", vec![]),
        ("event=", vec![own, pushed]),
    ] {
        let listed = caller.listed(&format!("/actions/runs?{filter}"), 1.5);
        assert_eq!(listed, expected, "{filter}");
    }
}

#[test]
fn runs_of_a_workflow_are_listed_apart() {
    let mut caller = Caller::new(
        Scenario::default()
            .with_workflows([Workflow::new("ci.yml"), Workflow::new("other.yml")])
            .with_existing_run(existing(-20.0))
            .with_existing_run(ExistingRun {
                workflow: "other.yml".into(),
                ..existing(-10.0)
            }),
    );
    let [first, second] = [0, 1].map(|index| caller.runs(0.0)[index].id);
    assert_eq!(caller.listed("/actions/runs", 0.0), [second, first]);
    assert_eq!(
        caller.listed("/actions/workflows/other.yml/runs", 0.0),
        [second]
    );
    let workflows = caller.json("/actions/workflows?per_page=1&page=2", 0.0);
    assert_eq!(workflows["total_count"], 2);
    assert_eq!(
        workflows["workflows"][0]["path"],
        ".github/workflows/other.yml"
    );
    let id = &workflows["workflows"][0]["id"];
    assert_eq!(
        caller.listed(&format!("/actions/workflows/{id}/runs"), 0.0),
        [second]
    );
}

#[test]
fn a_run_is_shown_only_after_the_listing_delay() {
    let mut caller = Caller::with_workflow(Workflow {
        listing_delay: 20.0,
        ..Workflow::default()
    });
    let run = caller.dispatch(&json!({}), 1.0);
    assert_eq!(caller.runs(1.0)[0].visible_at.as_secs(), 21);
    for path in ["", "/jobs", "/logs"] {
        let path = format!("/actions/runs/{run}{path}");
        assert_eq!(caller.get(&path, 20.9).status, 404, "{path}");
        assert_ne!(caller.get(&path, 21.0).status, 404, "{path}");
    }
    assert_eq!(caller.listed("/actions/runs", 20.9), [] as [u64; 0]);
    assert_eq!(caller.listed("/actions/runs", 21.0), [run]);
}

#[test]
fn other_people_appear_on_later_pages_as_they_come() {
    let mut caller = Caller::new(Scenario::default().with_crowd(Crowd {
        after: 50,
        spread_seconds: 10.0,
        ..Crowd::default()
    }));
    let own = caller.dispatch(&json!({}), 0.0);
    assert_eq!(caller.listed("/actions/runs", 0.5).last(), Some(&own));
    assert!(!caller.listed("/actions/runs", 11.0).contains(&own));
    assert!(caller.listed("/actions/runs?page=2", 11.0).contains(&own));
}

#[test]
fn runs_jobs_and_workflows_have_all_fields_that_github_requires() {
    // `required` of these schemas in `@octokit/openapi` 23.0.2.
    let run = "artifacts_url cancel_url check_suite_url conclusion created_at display_title event \
        head_branch head_commit head_repository head_sha html_url id jobs_url logs_url node_id \
        path pull_requests repository rerun_url run_number status updated_at url workflow_id \
        workflow_url";
    let job = "check_run_url completed_at conclusion created_at head_branch head_sha html_url id \
        labels name node_id run_id run_url runner_group_id runner_group_name runner_id \
        runner_name started_at status url workflow_name";
    let workflow = "badge_url created_at html_url id name node_id path state updated_at url";
    let repository = "archive_url archived assignees_url blobs_url branches_url clone_url \
        collaborators_url comments_url commits_url compare_url contents_url contributors_url \
        created_at default_branch deployments_url description disabled downloads_url events_url \
        fork forks forks_count forks_url full_name git_commits_url git_refs_url git_tags_url \
        git_url has_discussions has_issues has_pages has_projects has_wiki homepage hooks_url \
        html_url id issue_comment_url issue_events_url issues_url keys_url labels_url language \
        languages_url license merges_url milestones_url mirror_url name network_count node_id \
        notifications_url open_issues open_issues_count owner private pulls_url pushed_at \
        releases_url size ssh_url stargazers_count stargazers_url statuses_url subscribers_count \
        subscribers_url subscription_url svn_url tags_url teams_url trees_url updated_at url \
        watchers watchers_count";
    let has = |value: &Value, fields: &str| {
        for field in fields.split_whitespace() {
            assert!(
                value.get(field).is_some(),
                "{field} is missing from {value}"
            );
        }
    };
    let mut caller = on(Server::GitHubCom);
    let id = caller.dispatch(&json!({}), 0.0);
    has(&caller.json(&format!("/actions/runs/{id}"), 1.0), run);
    has(
        &caller.json(&format!("/actions/runs/{id}/jobs"), 1.0)["jobs"][0],
        job,
    );
    has(&caller.json("/actions/workflows/ci.yml", 1.0), workflow);
    has(&caller.json("", 1.0), repository);
    let list = caller.get("/actions/runs", 1.0);
    has(&body(&list)["workflow_runs"][0], run);
}
