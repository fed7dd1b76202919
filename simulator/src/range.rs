//! Ranges of a content, as HTTP asks for them.

/// A part of a content.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Range {
    Of { first: usize, last: usize },
    Unsatisfiable,
}

impl Range {
    /// The range that a header asks for; none if it is not understood, and then ignored.
    pub(crate) fn parse(header: &str, length: usize) -> Option<Self> {
        let (first, last) = header.strip_prefix("bytes=")?.split_once('-')?;
        let (first, last) = match (first, last) {
            ("", suffix) => {
                let suffix: usize = suffix.parse().ok()?;
                if suffix == 0 {
                    return Some(Self::Unsatisfiable);
                }
                (length.saturating_sub(suffix), length.wrapping_sub(1))
            }
            (first, "") => (first.parse().ok()?, length.wrapping_sub(1)),
            (first, last) => (first.parse().ok()?, last.parse::<usize>().ok()?),
        };
        if first >= length {
            return Some(Self::Unsatisfiable);
        }
        let last = last.min(length - 1);
        (first <= last).then_some(Self::Of { first, last })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_read_as_http_defines_them() {
        let of = |first, last| Some(Range::Of { first, last });
        assert_eq!(Range::parse("bytes=2-4", 10), of(2, 4));
        assert_eq!(Range::parse("bytes=2-400", 10), of(2, 9));
        assert_eq!(Range::parse("bytes=2-", 10), of(2, 9));
        assert_eq!(Range::parse("bytes=-3", 10), of(7, 9));
        assert_eq!(Range::parse("bytes=-30", 10), of(0, 9));
        assert_eq!(Range::parse("bytes=10-", 10), Some(Range::Unsatisfiable));
        assert_eq!(Range::parse("bytes=0-", 0), Some(Range::Unsatisfiable));
        assert_eq!(Range::parse("bytes=4-2", 10), None);
        assert_eq!(Range::parse("bytes=0-1,3-4", 10), None);
        assert_eq!(Range::parse("lines=0-1", 10), None);
    }
}
