//! Log lines: in pieces of any size, the ID is found exactly where a slow
//! reading of the whole text finds it; and one with secrets masked in it, where it is found in the whole.
//!
//! Input: the ID in the first line, the text in the others.

use return_dispatch::logs::{SoFar, in_live_log, in_log};
use return_dispatch::settings::DistinctId;
use return_dispatch::word::{Shown, Word};

use crate::bytes::first_line;
use crate::script::{Answer, Script, client, on_gitea, settings};
use crate::word;

pub(super) fn check(input: &[u8]) {
    let (id, text) = first_line(input);
    let Ok(id) = DistinctId::supplied(&id) else {
        return;
    };
    let word = Word::new(&id);
    let place = word::find(text, id.as_str(), id.is_uuid());
    let mut search = word.search();
    search.feed(text);
    let expected = search.finish();
    assert_eq!(expected == Some(Shown::Whole), place.is_some(), "at once");
    for size in [1, 2, 3, 7, 8, 9, 31, 33, 100, 4_096] {
        in_pieces(&word, text.chunks(size), expected);
    }
    // Pieces of different sizes, by what is in the text.
    let mut rest = text;
    let pieces = std::iter::from_fn(|| {
        let size = usize::from(*rest.first()?) % 50;
        let (piece, behind) = rest.split_at(size.clamp(1, rest.len()));
        rest = behind;
        Some(piece)
    });
    in_pieces(&word, pieces, expected);
    // An empty piece changes nothing.
    in_pieces(&word, [&[], text, &[]].into_iter(), expected);
    in_a_download(&word, text, expected);
    for part in [0, 1, 2, 3] {
        as_it_grows(&id, text, text.len() * part / 3, expected);
    }
    if let Ok(text) = std::str::from_utf8(text) {
        assert_eq!(word.shown_in(text), expected, "in a whole text");
        let split = word.split(text).map(|(before, behind)| {
            assert_eq!(format!("{before}{id}{behind}"), text);
            before.len()
        });
        assert_eq!(split, place, "the place");
    }
}

fn in_pieces<'p>(word: &Word, pieces: impl Iterator<Item = &'p [u8]>, expected: Option<Shown>) {
    let mut search = word.search();
    let mut found = false;
    for piece in pieces {
        let now = search.feed(piece);
        assert!(now || !found, "what is found stays found");
        found = now;
    }
    let whole = search.finish();
    assert!(whole.is_some() || !found, "what is found stays found");
    assert_eq!(whole, expected, "in pieces");
}

fn in_a_download(word: &Word, text: &[u8], expected: Option<Shown>) {
    let script = Script::of_body(text, 5);
    let settings = settings();
    let client = client(&script, &settings);
    let found = script.block_on(async {
        let log = client.job_log(1, 0).await.expect("there is a log");
        in_log(log, word).await.expect("it is whole")
    });
    assert_eq!(found, expected, "as it arrives");
}

/// A log that is read while it grows, up to this place at first, and then to its end.
fn as_it_grows(id: &DistinctId, text: &[u8], up_to: usize, expected: Option<Shown>) {
    let settings = on_gitea();
    let part = |from: usize, up_to: usize| {
        let range = format!("bytes {from}-{}/{up_to}", up_to.saturating_sub(1));
        let answer = if from < up_to {
            Answer {
                status: 206,
                headers: vec![("content-range".into(), range)],
                body: text[from..up_to].to_vec(),
            }
        } else {
            Answer {
                status: 416,
                ..Answer::default()
            }
        };
        Script::new(vec![answer], 5)
    };
    let first = part(0, up_to);
    let (found, so_far) = first.block_on(async {
        let client = client(&first, &settings);
        let log = client.job_log(1, 0).await.expect("there is a log");
        let searched = in_live_log(log, id, &|_| false, SoFar::default()).await;
        searched.expect("all that there is")
    });
    if found == Some(Shown::Whole) {
        assert_eq!(expected, found, "before all is there");
        return;
    }
    let place = usize::try_from(so_far.place).expect("a place in the text");
    assert!(place <= up_to && (place == 0 || text[place - 1] == b'\n'));
    let rest = part(place, text.len());
    let found = rest.block_on(async {
        let client = client(&rest, &settings);
        let log = client
            .job_log(1, so_far.place)
            .await
            .expect("there is a log");
        in_log(log, &Word::new(id)).await.expect("it is whole")
    });
    let is_whole = |shown| shown == Some(Shown::Whole);
    assert_eq!(is_whole(found), is_whole(expected), "as it grows");
}
