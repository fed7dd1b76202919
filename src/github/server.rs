//! What servers differ in, as plain data, and what is known about the one at
//! hand. Nothing else asks which server it talks to.

use std::cell::Cell;

use super::failure::{DISABLED, NO_SUCH_REF};
use crate::host::Headers;
use crate::settings::Software;

/// The API version since which a dispatch answers with its run
/// (<https://docs.github.com/en/rest/about-the-rest-api/breaking-changes>).
/// github.com, GHE.com and GHES 3.21 and newer know it; older GHES answer 400.
pub const VERSION_WITH_RUN_IDS: &str = "2026-03-10";

/// The first GHES release that knows [`VERSION_WITH_RUN_IDS`].
const FIRST_GHES_WITH_RUN_IDS: (u32, u32) = (3, 21);

/// The first Gitea release that answers a dispatch with its run.
const FIRST_GITEA_WITH_RUN_IDS: (u32, u32) = (1, 26);

/// A Forgejo release that is known to do so, as asked for in the body; it is also the
/// first whose logs can be read by its API (Forgejo's release notes of 16.0.0). Older
/// ones may, but that is not relied upon.
const FIRST_FORGEJO_WITH_RUN_IDS: (u32, u32) = (16, 0);

/// What servers of one kind have in common.
#[derive(Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "plain data, a line for each difference"
)]
pub struct Family {
    /// What it is called.
    pub name: &'static str,
    /// The API version to ask for; `None`: there are none.
    version: Option<&'static str>,
    /// Where the server says of which release it is; `None`: in each answer.
    pub release_at: Option<&'static str>,
    /// The query of a dispatch that asks for its run.
    pub dispatch_query: &'static str,
    /// Whether a dispatch asks for its run in the body.
    pub asks_in_body: bool,
    /// Whether inputs that the receiver does not declare vanish, instead of being
    /// refused.
    pub drops_undeclared_inputs: bool,
    /// Words of a refusal of a bare name that may be a tag's, where such a name is taken
    /// for that of a branch.
    pub refuses_bare_tag: Option<&'static str>,
    /// Where workflow files are, first things first.
    pub workflow_folders: &'static [&'static str],
    /// Whether the runs of one workflow can be listed, and those since a time.
    pub lists_by_workflow: bool,
    /// The name of the size of a page, and the largest.
    pub page: (&'static str, u64),
    /// How many runs are asked for at first: the dispatched one is nearly always among them. (One of
    /// GitHub's has some 15 kB.)
    pub runs_at_first: u64,
    /// Whether pages may be smaller than asked for, by the server's settings.
    pub caps_pages: bool,
    /// Whether a run that is `completed` has ended.
    pub ends_for_good: bool,
    /// Whether runs tell at which attempt they are; otherwise only their jobs do.
    pub runs_tell_attempts: bool,
    /// Whether the log of a job can be read while it runs. One that has begun and written
    /// nothing yet is answered with 500 (modules/actions/log.go, `OpenLogs`).
    pub has_live_logs: bool,
    /// Whether steps have states of their own, not that of their job.
    pub tells_steps: bool,
    /// Whether titles are made of the inputs and the ref alone.
    pub titles_are_of_inputs: bool,
    /// How an answer of 500 begins by which it refuses what was asked for; administrators
    /// alone get to see it.
    pub refuses_with_500: Option<&'static str>,
    /// Whether there is an archive of all logs of a run.
    pub has_archives: bool,
    /// Whether runs wait for environments that can be asked for.
    pub has_environments: bool,
    /// Whether there are servers that cannot cancel runs.
    pub may_lack_cancel: bool,
    /// What is put behind the page of a job for the first line of a step.
    pub step_anchor: Option<&'static str>,
    /// What a token needs to dispatch.
    pub permission: &'static str,
    /// Words with which it answers 403 or 404 to a dispatch that GitHub refuses as such,
    /// and what to do about that.
    pub refusals: &'static [(&'static str, &'static str)],
}

/// github.com, GHE.com, GitHub Enterprise Server.
static GITHUB: Family = Family {
    name: "GitHub",
    version: Some(VERSION_WITH_RUN_IDS),
    release_at: None,
    dispatch_query: "",
    asks_in_body: false,
    drops_undeclared_inputs: false,
    refuses_bare_tag: None,
    workflow_folders: &[".github/workflows"],
    lists_by_workflow: true,
    page: ("per_page", 100),
    runs_at_first: 30,
    caps_pages: false,
    ends_for_good: true,
    runs_tell_attempts: true,
    has_live_logs: false,
    tells_steps: true,
    refuses_with_500: None,
    titles_are_of_inputs: true,
    has_archives: true,
    has_environments: true,
    may_lack_cancel: false,
    step_anchor: Some("#step:"),
    permission: "Actions: write (fine-grained or App token) or the scope repo (classic token)",
    refusals: &[],
};

/// Gitea, as observed on 1.26, and Forgejo, by its descriptions.
static GITEA: Family = Family {
    name: "Gitea",
    version: None,
    release_at: Some("/version"),
    dispatch_query: "?return_run_details=true",
    asks_in_body: true,
    drops_undeclared_inputs: true,
    // services/actions/workflow.go: `RefNameFromBranch(ref)`.
    refuses_bare_tag: Some("ref \""),
    workflow_folders: &[
        ".gitea/workflows",
        ".forgejo/workflows",
        ".github/workflows",
    ],
    lists_by_workflow: false,
    page: ("limit", 50),
    runs_at_first: 50,
    // `[api] MAX_RESPONSE_ITEMS`.
    caps_pages: true,
    // models/actions/run_job.go, `aggregateJobStatus`: one job that failed or was
    // cancelled counts for more than others that still run.
    ends_for_good: false,
    runs_tell_attempts: false,
    has_live_logs: true,
    // services/convert/convert.go, ToActionWorkflowJob: `ToActionsStatus(job.Status)`.
    tells_steps: false,
    // Without `run-name`, it is the message of the commit.
    titles_are_of_inputs: false,
    refuses_with_500: Some("failed to unmarshal workflow content"),
    has_archives: false,
    has_environments: false,
    may_lack_cancel: true,
    step_anchor: None,
    permission: "the scope write:repository",
    // services/actions/workflow.go
    refusals: &[("ref \"", NO_SUCH_REF), ("disabled", DISABLED)],
};

/// What this server has shown of itself so far.
#[derive(Debug)]
pub struct Server {
    family: &'static Family,
    refused_version: Cell<bool>,
    /// Whether its release is too old to return run IDs; where that has to be asked
    /// for, until the answer says otherwise.
    older_release: Cell<bool>,
}

impl Server {
    /// One of which nothing else is known.
    #[must_use]
    pub fn new(software: Software) -> Self {
        let family = match software {
            Software::GitHub => &GITHUB,
            Software::Gitea => &GITEA,
        };
        Self {
            family,
            refused_version: Cell::new(false),
            older_release: Cell::new(family.release_at.is_some()),
        }
    }

    /// What it has in common with others.
    #[must_use]
    pub fn family(&self) -> &'static Family {
        self.family
    }

    /// The version to ask for; `None`: the server's own default.
    #[must_use]
    pub fn version(&self) -> Option<&'static str> {
        self.family.version.filter(|_| !self.refused_version.get())
    }

    /// Whether a dispatch is answered with its run. Assumed of GitHub until the server
    /// shows otherwise, by refusing the version or by its release.
    #[must_use]
    pub fn returns_run_ids(&self) -> bool {
        !self.refused_version.get() && !self.older_release.get()
    }

    /// Takes note of the release that Enterprise Servers name in each answer.
    pub fn learn(&self, headers: &Headers) {
        let release = headers
            .get("x-github-enterprise-version")
            .and_then(parse_release);
        if release.is_some_and(|release| release < FIRST_GHES_WITH_RUN_IDS) {
            self.older_release.set(true);
        }
    }

    /// Takes note of the release that a server names where it is asked: `1.26.0`, or
    /// `16.0.0+gitea-1.22.0` (Forgejo).
    pub fn learn_release(&self, text: &str) {
        let first = match text.split_once("+gitea-") {
            Some(_) => FIRST_FORGEJO_WITH_RUN_IDS,
            None => FIRST_GITEA_WITH_RUN_IDS,
        };
        let release = parse_numbers(text.trim_start_matches('v'));
        self.older_release
            .set(release.is_none_or(|release| release < first));
    }

    /// Whether an answer refuses the API version, and nothing else: what was
    /// asked for has not been looked at. If so, the version is not sent again.
    pub fn learn_from_refusal(&self, status: u16, message: &str) -> bool {
        let about_version = matches!(status, 400 | 410)
            && self.version().is_some()
            && (message.contains(VERSION_WITH_RUN_IDS)
                || message.to_ascii_lowercase().contains("api version")
                || message.to_ascii_lowercase().contains("supported version"));
        if about_version {
            self.refused_version.set(true);
        }
        about_version
    }
}

/// `enterprise-server@3.19.2` → (3, 19).
fn parse_release(text: &str) -> Option<(u32, u32)> {
    parse_numbers(text.rsplit_once('@')?.1)
}

/// `3.19.2` → (3, 19); `1.26+dev-12-gabcdef` → (1, 26).
fn parse_numbers(text: &str) -> Option<(u32, u32)> {
    let (major, rest) = text.split_once('.')?;
    let minor = rest.split(|c: char| !c.is_ascii_digit()).next()?;
    Some((major.parse().ok()?, minor.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn github() -> Server {
        Server::new(Software::GitHub)
    }

    fn named(release: &str) -> Server {
        let server = github();
        let field = ("x-github-enterprise-version".to_owned(), release.to_owned());
        server.learn(&[field].into_iter().collect());
        server
    }

    #[test]
    fn a_server_is_taken_to_return_run_ids_until_it_shows_otherwise() {
        assert!(github().returns_run_ids());
        assert!(named("enterprise-server@3.21.0").returns_run_ids());
        assert!(named("enterprise-server@4.0.0").returns_run_ids());
        assert!(named("whatever").returns_run_ids());
        assert!(!named("enterprise-server@3.20.4").returns_run_ids());
        assert!(!named("enterprise-server@3.9.0").returns_run_ids());
    }

    #[test]
    fn a_version_is_refused_in_one_of_several_ways() {
        for message in [
            "\"2026-03-10\" is unknown here",
            "Unknown API version",
            "not a supported version",
        ] {
            let server = github();
            assert!(server.learn_from_refusal(400, message), "{message}");
            let server = github();
            assert!(server.learn_from_refusal(410, message), "{message}");
        }
    }

    #[test]
    fn a_refused_version_is_not_sent_again() {
        let server = github();
        assert!(!server.learn_from_refusal(400, "Problems parsing JSON"));
        assert!(!server.learn_from_refusal(422, "\"2026-03-10\" is not a supported version."));
        assert_eq!(server.version(), Some(VERSION_WITH_RUN_IDS));
        assert!(server.learn_from_refusal(400, "\"2026-03-10\" is not a supported version."));
        assert_eq!(server.version(), None);
        assert!(!server.returns_run_ids());
        // Once is enough: the same words again are some other trouble.
        assert!(!server.learn_from_refusal(400, "\"2026-03-10\" is not a supported version."));
    }

    #[test]
    fn a_gitea_returns_run_ids_if_its_release_says_so() {
        let named = |release: &str| {
            let server = Server::new(Software::Gitea);
            assert!(!server.returns_run_ids(), "it has not been asked");
            server.learn_release(release);
            server.returns_run_ids()
        };
        for release in [
            "1.26.0",
            "v1.26.1",
            "1.27.0+dev-12-gabc",
            "2.0.0",
            "16.0.0+gitea-1.22.0",
        ] {
            assert!(named(release), "{release}");
        }
        for release in [
            "1.25.4",
            "1.9.0",
            "11.0.3+gitea-1.22.0",
            "62c6d1c+gitea-1.22.0",
            "dev",
            "",
        ] {
            assert!(!named(release), "{release}");
        }
        assert_eq!(Server::new(Software::Gitea).version(), None);
    }
}
