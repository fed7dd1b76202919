//! Pages in browsers: what the API lets them send and read from any origin.
//!
//! That it does, and in which headers:
//! <https://docs.github.com/en/rest/using-the-rest-api/using-cors-and-jsonp-to-make-cross-origin-requests>.
//! The lists there are shorter than those that api.github.com sends; these are as people recorded
//! them from it with `curl` in September 2026. No record of a GHES is known, whose documentation has
//! the same lists: it is taken to send these too.

use crate::answer::Answer;

/// What a page may read of an answer besides the few that browsers always show.
const EXPOSED: &str = "ETag, Link, Location, Retry-After, X-GitHub-OTP, X-RateLimit-Limit, \
                       X-RateLimit-Remaining, X-RateLimit-Used, X-RateLimit-Resource, \
                       X-RateLimit-Reset, X-OAuth-Scopes, X-Accepted-OAuth-Scopes, X-Poll-Interval, \
                       X-GitHub-Media-Type, X-GitHub-SSO, X-GitHub-Request-Id, Deprecation, Sunset, \
                       Warning";

/// What a page may send besides the few that browsers always let pass.
const ALLOWED: &str = "Authorization, Content-Type, If-Match, If-Modified-Since, If-None-Match, \
                       If-Unmodified-Since, Accept-Encoding, X-GitHub-OTP, X-Requested-With, \
                       User-Agent, GraphQL-Features, X-Github-Next-Global-ID, X-GitHub-Api-Version, \
                       X-Fetch-Nonce, Copilot-Integration-Id, DD-CLIENT-TOKEN, X-Client-Application";

/// Lets every page read an answer.
pub(crate) fn open(answer: Answer) -> Answer {
    answer
        .with("access-control-allow-origin", "*")
        .with("access-control-expose-headers", EXPOSED)
}

/// The answer to the question that a browser asks before it sends a page's request. It comes
/// without the token, for whatever path.
pub(crate) fn preflight() -> Answer {
    Answer::empty(204)
        .with("access-control-allow-origin", "*")
        .with("access-control-allow-headers", ALLOWED)
        .with(
            "access-control-allow-methods",
            "GET, POST, PATCH, PUT, DELETE",
        )
        .with("access-control-max-age", "86400")
}
