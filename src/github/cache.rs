//! Conditional requests: an unchanged answer costs nothing of the rate limit.

use std::any::Any;
use std::cell::RefCell;
use std::rc::Rc;

use super::answer::Answer;
use super::failure::Failure;
use crate::json::FromJson;

/// What was last read from a URL, under the tag that the server gave it.
/// Values are kept as read, so a 304 is not parsed again.
///
/// A list, searched from its end: there are few, the latest are asked for again,
/// and a hash map costs 3 kB of WebAssembly.
#[derive(Debug, Default)]
pub(super) struct Cache(RefCell<Vec<Entry>>);

#[derive(Debug)]
struct Entry {
    url: String,
    etag: String,
    value: Rc<dyn Any>,
}

/// Answers kept at the most; when there are more, all are forgotten. Each is a
/// few kilobytes, so this bounds memory without costing anything in practice.
const MOST_ENTRIES: usize = 2_000;

impl Cache {
    /// The tag to send as `If-None-Match`: verbatim, quotes and `W/` included.
    pub fn etag(&self, url: &str) -> Option<String> {
        let entries = self.0.borrow();
        Some(find(&entries, url)?.etag.clone())
    }

    /// What an answer says: its body, or what was read before if that is unchanged.
    pub fn resolve<T: FromJson>(&self, url: &str, answer: &Answer) -> Result<Rc<T>, Failure> {
        if answer.status == 304 {
            let entries = self.0.borrow();
            let known = find(&entries, url).map(|entry| Rc::clone(&entry.value));
            return known
                .and_then(|value| value.downcast().ok())
                .ok_or_else(|| Failure::Malformed("304 to a question that was not asked".into()));
        }
        let value = Rc::new(answer.json::<T>()?);
        self.remember(url, answer.headers.get("etag"), value.clone());
        Ok(value)
    }

    /// Remembers an answer, if the server gave it a tag.
    fn remember(&self, url: &str, etag: Option<&str>, value: Rc<dyn Any>) {
        let mut entries = self.0.borrow_mut();
        if entries.len() >= MOST_ENTRIES {
            entries.clear();
        }
        entries.retain(|entry| entry.url != url);
        if let Some(etag) = etag {
            entries.push(Entry {
                url: url.to_owned(),
                etag: etag.to_owned(),
                value,
            });
        }
    }
}

fn find<'e>(entries: &'e [Entry], url: &str) -> Option<&'e Entry> {
    entries.iter().rev().find(|entry| entry.url == url)
}
