//! Searching logs as they arrive: what is not needed is neither kept nor
//! downloaded.

mod archive;

pub use archive::in_archive;

use crate::github::{Failure, LogStream};
use crate::host::Host;
use crate::word::Word;

/// Whether the ID stands in a log. Stops reading where it is found.
///
/// # Errors
/// [`Failure`] if the log could not be read to its end.
pub async fn in_log<H: Host>(mut log: LogStream<'_, H>, word: &Word) -> Result<bool, Failure> {
    let mut search = word.search();
    while let Some(piece) = log.chunk().await? {
        if search.feed(&piece) {
            return Ok(true);
        }
    }
    Ok(search.finish())
}
