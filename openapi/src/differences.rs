//! Where GitHub is known not to do what it describes, with the source.
//!
//! Observed behaviour counts: the embedded GitHub does as the source says. A test fails where one of
//! these is never met, so that none outlives its reason.

use crate::{
    Report,
    exchange::Exchange,
    mismatch::{Mismatch, Problem},
    source::Server,
};

/// Something that GitHub does otherwise than it describes.
#[derive(Debug)]
pub struct Difference {
    /// What, in a few words.
    pub name: &'static str,
    /// Who says so.
    pub source: &'static str,
    rule: Rule,
}

#[derive(Debug)]
enum Rule {
    /// What does not fit the description is right all the same.
    Allows(fn(Server, &Exchange<'_>, &Problem) -> bool),
    /// What fits the description is wrong all the same.
    Demands(fn(Server, &Exchange<'_>) -> Demand),
}

/// What a demand says of an exchange.
#[derive(Debug)]
enum Demand {
    /// Nothing.
    Silent,
    /// It is met, in an exchange that the description alone would see otherwise.
    Met,
    /// It is not.
    Missed(Problem),
}

/// Every known difference.
pub const DIFFERENCES: &[Difference] = &[
    Difference {
        name: "version 2026-03-10 has no return_run_details",
        source: "the operation's own x-github-breaking-changes, which this check does not apply; so \
                 says github/rest-api-description, descriptions/api.github.com/\
                 api.github.com.2026-03-10.json and descriptions/ghes-3.21/ghes-3.21.2026-03-10.json",
        rule: Rule::Demands(|_, exchange| {
            if !is_dispatch(exchange) || !speaks_2026(exchange) || !asks_for_details(exchange) {
                Demand::Silent
            } else if exchange.status >= 400 {
                Demand::Met
            } else {
                Demand::Missed(Problem::RequestBody {
                    at: "/return_run_details".into(),
                    reason: "version 2026-03-10 has it no longer, but it was accepted".into(),
                })
            }
        }),
    },
    Difference {
        name: "run details come with version 2026-03-10, or where they are asked for",
        source: "the same; for version 2022-11-28 the descriptions of the two answers, in words. \
                 (github.com may leave them out: cli/cli, \
                 pkg/cmd/workflow/run/run.go. The embedded GitHub does so by a fault only.)",
        rule: Rule::Demands(|_, exchange| {
            if !is_dispatch(exchange) {
                return Demand::Silent;
            }
            let expected = speaks_2026(exchange) || asks_for_details(exchange);
            match (exchange.status, expected) {
                (200, true) | (204, false) => Demand::Met,
                (200, false) | (204, true) => Demand::Missed(Problem::Status(exchange.status)),
                _ => Demand::Silent,
            }
        }),
    },
    Difference {
        name: "25 inputs on GHES 3.20",
        source: "github/rest-api-description, descriptions/ghes-3.20/ghes-3.20.json, maxProperties: \
                 25; that of 3.19, which stands in for it, has 10 and differs in nothing else here",
        rule: Rule::Allows(|server, exchange, problem| {
            let Problem::RequestBody { at, .. } = problem else {
                return false;
            };
            server == Server::Ghes320
                && is_dispatch(exchange)
                && at == "/inputs"
                && inputs(exchange).is_some_and(|inputs| (11..=25).contains(&inputs))
        }),
    },
    Difference {
        name: "installed_version on GHES 3.21",
        source: "github/rest-api-description, descriptions/ghes-3.21/ghes-3.21.2026-03-10.json; that \
                 of github.com, which stands in for 3.21, has none",
        rule: Rule::Allows(|server, exchange, problem| {
            server == Server::Ghes321
                && exchange.path_only() == "/meta"
                && matches!(problem, Problem::ResponseBody { reason, .. }
                    if reason.contains("('installed_version' was unexpected)"))
        }),
    },
    Difference {
        name: "created takes a search, not a date",
        source: "the parameter's own words, which lead to docs.github.com, understanding the search \
                 syntax, query for dates",
        rule: Rule::Allows(|_, exchange, problem| {
            let is_created =
                matches!(problem, Problem::Parameter { name, .. } if name == "created");
            is_created
                && form_urlencoded::parse(exchange.query().as_bytes())
                    .filter(|(name, _)| name == "created")
                    .all(|(_, value)| is_search_for_dates(&value))
        }),
    },
    Difference {
        name: "304 where the client has it already",
        source: "docs.github.com, best practices for using the REST API, conditional requests",
        rule: Rule::Allows(|_, exchange, problem| {
            *problem == Problem::Status(304)
                && exchange.method == "GET"
                && exchange.asked("if-none-match").is_some()
        }),
    },
    Difference {
        name: "400 for a version that the server does not know",
        source: "docs.github.com, API versions, specifying an API version; the message as observed",
        rule: Rule::Allows(|_, exchange, problem| {
            *problem == Problem::Status(400) && says(exchange, "is not a supported version")
        }),
    },
    Difference {
        name: "400 for a body that is not JSON",
        source: "docs.github.com, troubleshooting the REST API, invalid request",
        rule: Rule::Allows(|_, exchange, problem| {
            *problem == Problem::Status(400) && says(exchange, "Problems parsing JSON")
        }),
    },
    Difference {
        name: "401 for a token that is not known",
        source: "docs.github.com, authenticating to the REST API, failed login limit",
        rule: Rule::Allows(|_, exchange, problem| {
            *problem == Problem::Status(401) && says(exchange, "Bad credentials")
        }),
    },
    Difference {
        name: "403 beyond the rate limit",
        source: "docs.github.com, rate limits for the REST API, exceeding the rate limit",
        rule: Rule::Allows(|_, exchange, problem| {
            *problem == Problem::Status(403)
                && exchange.answered("x-ratelimit-remaining") == Some("0")
        }),
    },
    Difference {
        name: "403 for a token that may not write",
        source: "docs.github.com, troubleshooting the REST API, resource not accessible",
        rule: Rule::Allows(|_, exchange, problem| {
            *problem == Problem::Status(403) && says(exchange, "Resource not accessible")
        }),
    },
    Difference {
        name: "403, as plain text, without a User-Agent",
        source: "docs.github.com, troubleshooting the REST API, user agent required",
        rule: Rule::Allows(|_, exchange, problem| {
            let is_it = match problem {
                Problem::Status(status) => *status == 403,
                Problem::Header { name, .. } => name == "content-type",
                _ => false,
            };
            is_it && exchange.status == 403 && exchange.asked("user-agent").is_none()
        }),
    },
    Difference {
        name: "404 for what is not there, or must not be seen",
        source: "docs.github.com, troubleshooting the REST API, 404 not found for an existing \
                 resource",
        rule: Rule::Allows(|_, exchange, problem| {
            *problem == Problem::Status(404) && says(exchange, "Not Found")
        }),
    },
    Difference {
        name: "410 for logs that are no longer kept",
        source: "answers that users report (rust-lang/triagebot#2241); the documentation of the \
                 endpoints does not say what becomes of old logs",
        rule: Rule::Allows(|_, exchange, problem| {
            *problem == Problem::Status(410) && exchange.path_only().ends_with("/logs")
        }),
    },
    Difference {
        name: "422 for a dispatch that is refused",
        source: "docs.github.com, troubleshooting the REST API, validation failed; the messages as \
                 users report them (benc-uk/workflow-dispatch#86 and others)",
        rule: Rule::Allows(|_, exchange, problem| {
            *problem == Problem::Status(422) && is_dispatch(exchange)
        }),
    },
    Difference {
        name: "422 for a filter that is not understood",
        source: "docs.github.com, troubleshooting the REST API, validation failed",
        rule: Rule::Allows(|_, exchange, problem| {
            *problem == Problem::Status(422) && exchange.path_only().ends_with("/runs")
        }),
    },
];

/// `>=T`, `>T`, `<=T`, `<T`, `A..B`, or `T`, of times or days; `*` is an open end.
fn is_search_for_dates(text: &str) -> bool {
    let is_time = |text: &str| {
        let pattern = if text.len() > DAY.len() { TIME } else { DAY };
        text.len() == pattern.len()
            && text.bytes().zip(pattern.bytes()).all(|(byte, expected)| {
                byte == expected || (expected == b'0' && byte.is_ascii_digit())
            })
    };
    if let Some((from, to)) = text.split_once("..") {
        return [from, to].iter().all(|end| *end == "*" || is_time(end));
    }
    let compared = [">=", "<=", ">", "<"]
        .iter()
        .find_map(|operator| text.strip_prefix(operator));
    is_time(compared.unwrap_or(text))
}

const DAY: &str = "0000-00-00";
const TIME: &str = "0000-00-00T00:00:00Z";

fn is_dispatch(exchange: &Exchange<'_>) -> bool {
    exchange.method == "POST" && exchange.path_only().ends_with("/dispatches")
}

fn speaks_2026(exchange: &Exchange<'_>) -> bool {
    exchange.asked("x-github-api-version") == Some("2026-03-10")
}

fn body(exchange: &Exchange<'_>) -> serde_json::Value {
    serde_json::from_slice(exchange.request_body).unwrap_or_default()
}

fn asks_for_details(exchange: &Exchange<'_>) -> bool {
    body(exchange)["return_run_details"] == true
}

fn inputs(exchange: &Exchange<'_>) -> Option<usize> {
    Some(body(exchange)["inputs"].as_object()?.len())
}

/// Whether the answer's message has these words.
fn says(exchange: &Exchange<'_>, words: &str) -> bool {
    let answer: serde_json::Value =
        serde_json::from_slice(exchange.response_body).unwrap_or_default();
    answer["message"]
        .as_str()
        .is_some_and(|message| message.contains(words))
}

/// Parts what is known to differ from what is wrong.
pub(crate) fn settle(server: Server, exchange: &Exchange<'_>, found: Vec<Mismatch>) -> Report {
    let mut report = Report::default();
    for mismatch in found {
        let known = DIFFERENCES.iter().find(|difference| match difference.rule {
            Rule::Allows(allows) => allows(server, exchange, &mismatch.problem),
            Rule::Demands(_) => false,
        });
        match known {
            Some(difference) => report.differences.push(difference.name),
            None => report.mismatches.push(mismatch),
        }
    }
    for difference in DIFFERENCES {
        if let Rule::Demands(demands) = difference.rule {
            match demands(server, exchange) {
                Demand::Silent => {}
                Demand::Met => report.differences.push(difference.name),
                Demand::Missed(problem) => {
                    report.mismatches.push(Mismatch::of(exchange, problem));
                }
            }
        }
    }
    report
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_search_for_dates_is_made_of_days_and_times() {
        for search in ["2026-01-01", ">=2026-01-01T00:00:00Z", "2026-01-01..*"] {
            assert!(is_search_for_dates(search), "{search}");
        }
        for other in [
            "",
            "soon",
            ">=",
            "=>2026-01-01",
            "2026-01-01 ",
            "2026-01-01T00:00Z",
        ] {
            assert!(!is_search_for_dates(other), "{other}");
        }
    }
}
