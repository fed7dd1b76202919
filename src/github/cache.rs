//! Conditional requests: an unchanged answer costs nothing of the rate limit.

use std::any::Any;
use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

/// What was last read from a URL, under the tag that the server gave it.
/// Values are kept as read, so a 304 is not parsed again.
#[derive(Debug, Default)]
pub(super) struct Cache(RefCell<HashMap<String, Entry>>);

#[derive(Debug)]
struct Entry {
    etag: String,
    value: Rc<dyn Any>,
}

/// Answers kept at the most; when there are more, all are forgotten. Each is a
/// few kilobytes, so this bounds memory without costing anything in practice.
const MOST_ENTRIES: usize = 2_000;

impl Cache {
    /// The tag to send as `If-None-Match`: verbatim, quotes and `W/` included.
    pub fn etag(&self, url: &str) -> Option<String> {
        Some(self.0.borrow().get(url)?.etag.clone())
    }

    /// What a 304 stands for.
    pub fn value<T: 'static>(&self, url: &str) -> Option<Rc<T>> {
        let value = Rc::clone(&self.0.borrow().get(url)?.value);
        value.downcast().ok()
    }

    /// Remembers an answer, if the server gave it a tag.
    pub fn remember<T: 'static>(&self, url: &str, etag: Option<&str>, value: &Rc<T>) {
        let mut entries = self.0.borrow_mut();
        if entries.len() >= MOST_ENTRIES {
            entries.clear();
        }
        if let Some(etag) = etag {
            let value = Rc::clone(value) as Rc<dyn Any>;
            let etag = etag.to_owned();
            entries.insert(url.to_owned(), Entry { etag, value });
        } else {
            entries.remove(url);
        }
    }
}
