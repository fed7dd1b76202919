//! Lines of a log, made fit to be printed in another log.
//!
//! A runner carries out what a step prints: `::name::…` at the beginning of a
//! line, and `##[name]…` anywhere in one (actions/runner, `ActionCommand`). A
//! line that comes from another run must not give this one commands.

use std::fmt::Write;

/// Of a longer line only the beginning is shown.
const LONGEST_LINE: usize = 64 << 10;

/// What is put where a command would begin: a space without width, by which a
/// runner no longer takes it for one.
const APART: char = '\u{200b}';

/// Cuts a log into lines as it arrives. A carriage return ends a line too, as
/// it does for a runner.
#[derive(Debug, Default)]
pub struct Lines {
    line: Vec<u8>,
    /// Bytes of it that are not kept.
    left_out: usize,
    /// Whether the line before was ended by a carriage return.
    returned: bool,
}

impl Lines {
    /// Takes the next piece, and hands on each line that ends in it.
    pub fn feed(&mut self, piece: &[u8], each: &mut dyn FnMut(String)) {
        let mut rest = piece;
        while let Some(end) = memchr::memchr2(b'\n', b'\r', rest) {
            self.keep(&rest[..end]);
            // Of `\r\n`, the second ends an empty line, which is none.
            let is_second = rest[end] == b'\n' && self.returned && self.line.is_empty();
            if !is_second {
                self.end_line(each);
            }
            self.returned = rest[end] == b'\r';
            rest = &rest[end + 1..];
        }
        self.keep(rest);
    }

    /// The log is at its end.
    pub fn finish(mut self, each: &mut dyn FnMut(String)) {
        if !self.line.is_empty() {
            self.end_line(each);
        }
    }

    fn keep(&mut self, part: &[u8]) {
        let room = LONGEST_LINE.saturating_sub(self.line.len());
        self.line.extend_from_slice(&part[..part.len().min(room)]);
        self.left_out += part.len().saturating_sub(room);
    }

    fn end_line(&mut self, each: &mut dyn FnMut(String)) {
        let mut line = harmless(&String::from_utf8_lossy(&self.line));
        if self.left_out > 0 {
            let _ = write!(line, " … {} more bytes are left out", self.left_out);
        }
        each(line);
        self.line.clear();
        self.left_out = 0;
    }
}

/// The line without BOM, timestamp and marks of the runner, and without
/// anything that a runner would take for a command.
fn harmless(line: &str) -> String {
    let line = line.strip_prefix('\u{feff}').unwrap_or(line);
    let line = super::after_timestamp(line);
    let line = line.replace(has_effects_unseen, "");
    let line = line
        .replace("##[endgroup]", "")
        .replace("##[group]", "▸ ")
        .replace("##[error]", "Error: ")
        .replace("##[warning]", "Warning: ")
        .replace("##[notice]", "Notice: ")
        .replace("##[debug]", "Debug: ")
        .replace("##[command]", "$ ");
    // What is left of marks, and what replacing has only just made one.
    let mut line = line.replace("##[", &format!("#{APART}#["));
    if line.trim_start().starts_with("::") {
        line.insert(line.len() - line.trim_start().len(), APART);
    }
    line
}

/// Characters that terminals take for commands without an escape (C1), and those that write backwards
/// (<https://trojansource.codes>).
fn has_effects_unseen(c: char) -> bool {
    matches!(
        c,
        '\u{80}'..='\u{9f}' | '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(log: &[u8]) -> Vec<String> {
        let read = |size: usize| {
            let mut all = Vec::new();
            let mut lines = Lines::default();
            for piece in log.chunks(size) {
                lines.feed(piece, &mut |line| all.push(line));
            }
            lines.finish(&mut |line| all.push(line));
            all
        };
        let whole = read(1 << 20);
        assert_eq!(read(1), whole);
        whole
    }

    #[test]
    fn a_log_is_shown_without_times() {
        let log =
            "\u{feff}2026-01-01T00:00:00.1234567Z ##[group]Run make\r\n2026-01-01T00:00:01Z a\n\nb";
        assert_eq!(lines(log.as_bytes()), ["▸ Run make", "a", "", "b"]);
    }

    #[test]
    fn what_works_unseen_is_left_out() {
        let log = "a\u{9b}31mb \u{202e}c\u{2066}d\u{200f} \u{1b}[32mgreen\te\u{301}";
        assert_eq!(
            lines(log.as_bytes()),
            ["a31mb cd \u{1b}[32mgreen\te\u{301}"]
        );
    }

    /// As the runner reads them, to the letter.
    fn is_command(line: &str) -> bool {
        line.trim_start().starts_with("::") || line.contains("##[")
    }

    #[test]
    fn nothing_is_a_command_any_more() {
        for line in [
            "::set-output name=a::b",
            "  ::error::x",
            "\t\u{a0}::add-mask::x",
            "2026-01-01T00:00:00.1234567Z ::stop-commands::x",
            "a ##[set-env]b",
            "####[error][x]",
            "##[endgroup]##[add-path]x",
            "##[endgroup]::warning::x",
            "##[endgroup]##[##[endgroup]error]x",
            "#\u{feff}##[error]",
            "progress\r::set-env name=a::b",
            "progress\r\r\n::save-state::x",
            "##[##[group]",
            "##[end##[endgroup]group]",
        ] {
            for line in lines(line.as_bytes()) {
                assert!(!is_command(&line), "{line:?}");
                assert!(!line.contains(['\r', '\n']), "{line:?}");
            }
        }
    }

    #[test]
    fn long_lines_and_other_bytes_are_survived() {
        let long = vec![b'x'; 3 * LONGEST_LINE];
        let note = format!(" … {} more bytes are left out", 2 * LONGEST_LINE);
        let lines_of_it = lines(&[&long, b"\nshort\n".as_slice()].concat());
        assert_eq!(
            lines_of_it,
            ["x".repeat(LONGEST_LINE) + &note, "short".into()]
        );
        assert_eq!(lines(b"a\xffb"), ["a\u{fffd}b"]);
    }
}
