//! Lists: filters, pages, and the `Link` header.

use super::{Problem, State};
use crate::{listing::Query, profile::Gitea, run::Run, time::Moment};

/// One page of a list: `GetListOptions` of `routers/api/v1/utils/page.go`, with the limits that Gitea
/// has unless its administrator sets others.
pub(crate) struct Page {
    limit: usize,
    number: usize,
}

impl Page {
    pub(crate) fn asked(query: &Query) -> Self {
        Self {
            limit: query.number("limit").unwrap_or(30).min(50),
            number: query.number("page").unwrap_or(1),
        }
    }

    /// The items on this page.
    pub(crate) fn of<'a, T>(&self, items: &'a [T]) -> &'a [T] {
        let start = self.limit.saturating_mul(self.number - 1).min(items.len());
        let end = start.saturating_add(self.limit).min(items.len());
        &items[start..end]
    }

    /// The `Link` header, which a list with one page does not have: `genAPILinks` of
    /// `services/context/api.go`.
    pub(crate) fn link(&self, url: &str, query: &Query, items: usize) -> Option<String> {
        let last = items.div_ceil(self.limit);
        let current = self.number.min(last).max(1);
        let mut links = Vec::new();
        let mut add = |page: usize, relation| {
            let query = query.sorted_with_page(page);
            links.push(format!("<{url}?{query}>; rel=\"{relation}\""));
        };
        if current < last {
            add(current + 1, "next");
            add(last, "last");
        }
        if current > 1 {
            add(1, "first");
            add(current - 1, "prev");
        }
        (!links.is_empty()).then(|| links.join(","))
    }
}

/// The filters of a list of runs: `ListRuns` of `routers/api/v1/shared/action.go`. It has no others,
/// and overlooks what it does not know.
pub(crate) struct Filter<'a> {
    event: Option<&'a str>,
    branch: Option<&'a str>,
    head_sha: Option<&'a str>,
    pub(crate) actor: Option<&'a str>,
    states: Vec<State>,
}

impl<'a> Filter<'a> {
    pub(crate) fn asked(gitea: Gitea, query: &'a Query) -> Result<Self, Problem> {
        Ok(Self {
            event: query.get("event"),
            branch: query.get("branch"),
            head_sha: query.get("head_sha"),
            actor: query.get("actor"),
            states: states_asked(gitea, query)?,
        })
    }

    pub(crate) fn passes(&self, run: &Run, now: Moment) -> bool {
        let is = |wanted: Option<&str>, actual: &str| wanted.is_none_or(|wanted| wanted == actual);
        is(self.event, &run.event)
            && is(self.head_sha, &run.reference.sha)
            && (self.branch.is_none() || !run.reference.is_tag)
            && is(self.branch, &run.reference.name)
            && self
                .actor
                .is_none_or(|actor| actor.eq_ignore_ascii_case(&run.actor))
            && (self.states.is_empty() || self.states.contains(&State::of_run(run.at(now), now)))
    }
}

/// The states that a list is limited to; empty: it is not.
pub(crate) fn states_asked(gitea: Gitea, query: &Query) -> Result<Vec<State>, Problem> {
    let mut states = Vec::new();
    for word in query.all("status") {
        let known = State::asked(word);
        let invalid = if gitea.has_errors_apart {
            "Invalid"
        } else {
            "invalid"
        };
        let known = known.ok_or_else(|| Problem::new(400, format!("{invalid} status {word}")))?;
        states.extend(known);
    }
    Ok(states)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_come_in_giteas_order_with_the_query_sorted() {
        let query = Query::parse("page=2&limit=1&event=push");
        assert_eq!(
            Page::asked(&query).link("u", &query, 3).as_deref(),
            Some(
                "<u?event=push&limit=1&page=3>; rel=\"next\",\
                 <u?event=push&limit=1&page=3>; rel=\"last\",\
                 <u?event=push&limit=1&page=1>; rel=\"first\",\
                 <u?event=push&limit=1&page=1>; rel=\"prev\""
            )
        );
        assert_eq!(Page::asked(&query).link("u", &query, 1), None);
    }

    #[test]
    fn a_page_has_fifty_entries_at_most() {
        let items: Vec<u32> = (0..100).collect();
        let of = |query| Page::asked(&Query::parse(query)).of(&items).len();
        assert_eq!(of(""), 30);
        assert_eq!(of("limit=100"), 50);
        assert_eq!(of("per_page=100"), 30);
        assert_eq!(of("limit=50&page=3"), 0);
    }
}
