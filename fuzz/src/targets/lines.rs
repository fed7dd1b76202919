//! Lines of a log, to be printed and to be read for values: whatever pieces they
//! come in, and nothing printed is a command for a runner.
//!
//! Input: the ID in the first line, the log in the others.

use return_dispatch::logs::Lines;
use return_dispatch::settings::DistinctId;
use return_dispatch::watch::Reader;

use crate::bytes::first_line;

const SIZES: [usize; 5] = [1, 3, 7, 64, 4_096];

pub(super) fn check(input: &[u8]) {
    let (id, log) = first_line(input);
    let whole = printed(std::iter::once(log));
    for line in &whole {
        assert!(!line.contains(['\r', '\n']), "one line: {line:?}");
        assert!(!line.trim_start().starts_with("::"), "a command: {line:?}");
        assert!(!line.contains("##["), "a command: {line:?}");
    }
    for size in SIZES {
        assert_eq!(printed(log.chunks(size)), whole, "pieces of {size}");
    }
    let Ok(id) = DistinctId::supplied(&id) else {
        return;
    };
    let whole = values(&id, std::iter::once(log));
    for size in SIZES {
        assert_eq!(values(&id, log.chunks(size)), whole, "pieces of {size}");
    }
}

fn printed<'p>(pieces: impl Iterator<Item = &'p [u8]>) -> Vec<String> {
    let mut all = Vec::new();
    let mut lines = Lines::default();
    for piece in pieces {
        lines.feed(piece, &mut |line| all.push(line));
    }
    lines.finish(&mut |line| all.push(line));
    all
}

/// The values of a log, which are an object.
fn values<'p>(id: &DistinctId, pieces: impl Iterator<Item = &'p [u8]>) -> String {
    let mut reader = Reader::new(id);
    for piece in pieces {
        reader.feed(piece);
    }
    let json = reader.finish().to_json();
    // As written, since values may be deeper than readers like.
    let read = return_dispatch::json::Object::parse(json.as_bytes());
    assert!(read.is_ok(), "{json}");
    json
}
