//! What servers differ in, as plain data, and what is known about the one at
//! hand. Nothing else asks which server it talks to.

use std::cell::Cell;

use crate::host::Headers;

/// The API version since which a dispatch answers with its run
/// (<https://docs.github.com/en/rest/about-the-rest-api/breaking-changes>).
/// github.com, GHE.com and GHES 3.21 and newer know it; older GHES answer 400.
pub const VERSION_WITH_RUN_IDS: &str = "2026-03-10";

/// The first GHES release that knows [`VERSION_WITH_RUN_IDS`].
const FIRST_GHES_WITH_RUN_IDS: (u32, u32) = (3, 21);

/// What this server has shown of itself so far.
#[derive(Debug, Default)]
pub struct Server {
    refused_version: Cell<bool>,
    older_release: Cell<bool>,
}

impl Server {
    /// The version to ask for; `None`: the server's own default.
    #[must_use]
    pub fn version(&self) -> Option<&'static str> {
        (!self.refused_version.get()).then_some(VERSION_WITH_RUN_IDS)
    }

    /// Whether a dispatch is answered with its run. Assumed until the server
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
    let (_, release) = text.rsplit_once('@')?;
    let mut parts = release.split('.');
    Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(release: &str) -> Server {
        let server = Server::default();
        let field = ("x-github-enterprise-version".to_owned(), release.to_owned());
        server.learn(&[field].into_iter().collect());
        server
    }

    #[test]
    fn a_server_is_taken_to_return_run_ids_until_it_shows_otherwise() {
        assert!(Server::default().returns_run_ids());
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
            let server = Server::default();
            assert!(server.learn_from_refusal(400, message), "{message}");
            let server = Server::default();
            assert!(server.learn_from_refusal(410, message), "{message}");
        }
    }

    #[test]
    fn a_refused_version_is_not_sent_again() {
        let server = Server::default();
        assert!(!server.learn_from_refusal(400, "Problems parsing JSON"));
        assert!(!server.learn_from_refusal(422, "\"2026-03-10\" is not a supported version."));
        assert_eq!(server.version(), Some(VERSION_WITH_RUN_IDS));
        assert!(server.learn_from_refusal(400, "\"2026-03-10\" is not a supported version."));
        assert_eq!(server.version(), None);
        assert!(!server.returns_run_ids());
        // Once is enough: the same words again are some other trouble.
        assert!(!server.learn_from_refusal(400, "\"2026-03-10\" is not a supported version."));
    }
}
