//! The rule for an ID as a whole word once more, in another way: from the
//! whole text, by characters, slowly. What `return_dispatch::word` finds in
//! pieces of text must be the same.

/// As far as the rule looks in front of an ID and behind it, in bytes.
const BEFORE: usize = 32;
const AFTER: usize = 8;

const JOINTS: [char; 4] = ['-', '.', '+', '~'];

/// The first place where the ID stands as a whole word.
pub(crate) fn find(text: &[u8], id: &str, is_uuid: bool) -> Option<usize> {
    let id = id.as_bytes();
    (0..text.len()).find(|at| {
        text[*at..].starts_with(id) && {
            let before = &text[at.saturating_sub(BEFORE)..*at];
            let behind = &text[at + id.len()..];
            let behind = &behind[..AFTER.min(behind.len())];
            let begins =
                ends_in_ansi(before) || is_open(&front(before), is_uuid, before.len() < BEFORE);
            begins && is_open(&back(behind), is_uuid, behind.len() < AFTER)
        }
    })
}

/// Whether the neighbours of an ID, nearest first, leave it alone. `None` is
/// where the text is no UTF-8; `whole`: where they end, the text ends.
fn is_open(neighbours: &[Option<char>], is_uuid: bool, whole: bool) -> bool {
    let joined = |c: &Option<char>| !is_uuid && c.is_some_and(|c| JOINTS.contains(&c));
    match neighbours.iter().find(|c| !joined(c)) {
        Some(Some(c)) => !c.is_alphanumeric() && *c != '_',
        Some(None) => true,
        None => whole,
    }
}

/// The characters of this, from its end on.
fn front(text: &[u8]) -> Vec<Option<char>> {
    let start = (0..=text.len())
        .find(|start| std::str::from_utf8(&text[*start..]).is_ok())
        .unwrap_or(text.len());
    let valid = String::from_utf8_lossy(&text[start..]);
    let gap = (start > 0).then_some(None);
    valid.chars().rev().map(Some).chain(gap).collect()
}

/// The characters of this.
fn back(text: &[u8]) -> Vec<Option<char>> {
    let end = (0..=text.len())
        .rfind(|end| std::str::from_utf8(&text[..*end]).is_ok())
        .unwrap_or(0);
    let valid = String::from_utf8_lossy(&text[..end]);
    let gap = (end < text.len()).then_some(None);
    valid.chars().map(Some).chain(gap).collect()
}

/// Whether this ends in `ESC [`, parameters, and a letter or the like.
fn ends_in_ansi(text: &[u8]) -> bool {
    let Some(escape) = text.iter().rposition(|byte| *byte == 0x1b) else {
        return false;
    };
    match &text[escape + 1..] {
        [b'[', parameters @ .., last] => {
            (b'@'..=b'~').contains(last) && parameters.iter().all(|b| (b' '..=b'?').contains(b))
        }
        _ => false,
    }
}
