//! Lists: filters, pages, and the `Link` header.

use crate::{
    answer::Problem,
    run::Run,
    time::{Clock, Moment, parse_search_time},
};

/// How many results a filtered list of runs has at most, whatever its `total_count` says.
const MOST_FILTERED_RUNS: usize = 1000;
const SECONDS_PER_DAY: i64 = 86_400;

/// The query of a URL, in order.
pub(crate) struct Query(Vec<(String, String)>);

impl Query {
    pub(crate) fn parse(query: &str) -> Self {
        Self(
            form_urlencoded::parse(query.as_bytes())
                .into_owned()
                .collect(),
        )
    }

    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        let found = self.0.iter().find(|(known, _)| known == name);
        found
            .map(|(_, value)| value.as_str())
            .filter(|value| !value.is_empty())
    }

    /// All values of this name that say something.
    pub(crate) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        let found = self.0.iter().filter(move |(known, _)| known == name);
        found
            .map(|(_, value)| value.as_str())
            .filter(|value| !value.is_empty())
    }

    pub(crate) fn number(&self, name: &str) -> Option<usize> {
        self.get(name)?.parse().ok().filter(|number| *number > 0)
    }

    fn with_page(&self, page: usize) -> String {
        written(&self.of_page(page))
    }

    /// The query for another page, by name.
    pub(crate) fn sorted_with_page(&self, page: usize) -> String {
        let mut pairs = self.of_page(page);
        pairs.sort_by_key(|(name, _)| *name);
        written(&pairs)
    }

    fn of_page(&self, page: usize) -> Vec<(&str, String)> {
        let others = self.0.iter().filter(|(name, _)| name != "page");
        let others = others.map(|(name, value)| (name.as_str(), value.clone()));
        others.chain([("page", page.to_string())]).collect()
    }
}

fn written(pairs: &[(&str, String)]) -> String {
    let mut serializer = form_urlencoded::Serializer::new(String::new());
    serializer.extend_pairs(pairs);
    serializer.finish()
}

/// One page of a list.
pub(crate) struct Page {
    per_page: usize,
    number: usize,
}

impl Page {
    pub(crate) fn asked(query: &Query) -> Self {
        Self {
            per_page: query.number("per_page").unwrap_or(30).min(100),
            number: query.number("page").unwrap_or(1),
        }
    }

    /// The items on this page.
    pub(crate) fn of<'a, T>(&self, items: &'a [T]) -> &'a [T] {
        let start = self
            .per_page
            .saturating_mul(self.number - 1)
            .min(items.len());
        let end = start.saturating_add(self.per_page).min(items.len());
        &items[start..end]
    }

    /// The `Link` header, which a list with one page does not have.
    pub(crate) fn link(&self, url: &str, query: &Query, items: usize) -> Option<String> {
        let last = items.div_ceil(self.per_page).max(1);
        let mut links = Vec::new();
        let mut add = |page: usize, relation| {
            links.push(format!(
                "<{url}?{}>; rel=\"{relation}\"",
                query.with_page(page)
            ));
        };
        if self.number > 1 {
            add((self.number - 1).min(last), "prev");
        }
        if self.number < last {
            add(self.number + 1, "next");
            add(last, "last");
        }
        if self.number > 1 {
            add(1, "first");
        }
        (!links.is_empty()).then(|| links.join(", "))
    }
}

/// The filters of a list of runs.
pub(crate) struct Filter<'a> {
    branch: Option<&'a str>,
    event: Option<&'a str>,
    actor: Option<&'a str>,
    head_sha: Option<&'a str>,
    /// A status or a conclusion.
    status: Option<&'a str>,
    created: Option<Created>,
}

/// The Unix seconds between which a run must have been created, both included.
#[derive(Debug, PartialEq, Eq)]
struct Created {
    first: i64,
    last: i64,
}

impl<'a> Filter<'a> {
    pub(crate) fn asked(query: &'a Query) -> Result<Self, Problem> {
        let created = query.get("created").map(|text| {
            Created::parse(text).ok_or_else(|| {
                Problem::invalid(&format!("{text:?} is not a valid value for \"created\"."))
            })
        });
        Ok(Self {
            branch: query.get("branch"),
            event: query.get("event"),
            actor: query.get("actor"),
            head_sha: query.get("head_sha"),
            status: query.get("status"),
            created: created.transpose()?,
        })
    }

    pub(crate) fn passes(&self, run: &Run, clock: Clock, now: Moment) -> bool {
        let is = |wanted: Option<&str>, actual: &str| wanted.is_none_or(|wanted| wanted == actual);
        is(self.branch, &run.reference.name)
            && is(self.event, &run.event)
            && is(self.head_sha, &run.reference.sha)
            && self
                .actor
                .is_none_or(|actor| actor.eq_ignore_ascii_case(&run.actor))
            && self.status.is_none_or(|status| {
                status == run.status(now).as_str()
                    || run
                        .conclusion(now)
                        .is_some_and(|conclusion| status == conclusion.as_str())
            })
            && self.created.as_ref().is_none_or(|created| {
                (created.first..=created.last).contains(&clock.unix_seconds(run.created))
            })
    }

    /// Whether anything is filtered at all: then a search index answers.
    pub(crate) fn is_search(&self) -> bool {
        self.branch.is_some()
            || self.event.is_some()
            || self.actor.is_some()
            || self.head_sha.is_some()
            || self.status.is_some()
            || self.created.is_some()
    }

    /// How many results can be reached on pages.
    pub(crate) fn limit(&self) -> usize {
        if self.is_search() {
            MOST_FILTERED_RUNS
        } else {
            usize::MAX
        }
    }
}

impl Created {
    /// GitHub's search syntax for dates: `>=T`, `>T`, `<=T`, `<T`, `A..B`, `T`, with `*` for an
    /// open end; to the second.
    fn parse(text: &str) -> Option<Self> {
        let first_of = |text| parse_search_time(text).map(|(second, _)| second);
        let last_of = |text| {
            parse_search_time(text)
                .map(|(second, day)| second + if day { SECONDS_PER_DAY - 1 } else { 0 })
        };
        let (first, last) = if let Some((from, to)) = text.split_once("..") {
            (
                if from == "*" {
                    i64::MIN
                } else {
                    first_of(from)?
                },
                if to == "*" { i64::MAX } else { last_of(to)? },
            )
        } else if let Some(time) = text.strip_prefix(">=") {
            (first_of(time)?, i64::MAX)
        } else if let Some(time) = text.strip_prefix('>') {
            (last_of(time)? + 1, i64::MAX)
        } else if let Some(time) = text.strip_prefix("<=") {
            (i64::MIN, last_of(time)?)
        } else if let Some(time) = text.strip_prefix('<') {
            (i64::MIN, first_of(time)? - 1)
        } else {
            (first_of(text)?, last_of(text)?)
        };
        Some(Self { first, last })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_searched_for_as_github_does() {
        let day = 1_767_225_600;
        let created = |text| Created::parse(text).map(|range| (range.first, range.last));
        assert_eq!(created("2026-01-01"), Some((day, day + 86_399)));
        assert_eq!(created(">2026-01-01"), Some((day + 86_400, i64::MAX)));
        assert_eq!(created("<2026-01-01T00:00:10Z"), Some((i64::MIN, day + 9)));
        assert_eq!(
            created("2026-01-01T00:00:01Z..2026-01-01T00:00:02Z"),
            Some((day + 1, day + 2))
        );
        assert_eq!(created("2026-01-01..*"), Some((day, i64::MAX)));
        assert_eq!(created(">=soon"), None);
    }

    #[test]
    fn a_list_with_one_page_has_no_links() {
        let query = Query::parse("per_page=10");
        assert_eq!(Page::asked(&query).link("u", &query, 10), None);
    }

    #[test]
    fn links_keep_the_query() {
        let query = Query::parse("created=%3E%3D2026-01-01&per_page=1&page=2");
        assert_eq!(
            Page::asked(&query).link("u", &query, 3).as_deref(),
            Some(
                "<u?created=%3E%3D2026-01-01&per_page=1&page=1>; rel=\"prev\", \
                 <u?created=%3E%3D2026-01-01&per_page=1&page=3>; rel=\"next\", \
                 <u?created=%3E%3D2026-01-01&per_page=1&page=3>; rel=\"last\", \
                 <u?created=%3E%3D2026-01-01&per_page=1&page=1>; rel=\"first\""
            )
        );
    }
}
