//! How inputs are laid out: as text that a person can write into `seeds/`.

use crate::script::Answer;

/// The first line, as text, and the rest.
pub(crate) fn first_line(input: &[u8]) -> (String, &[u8]) {
    let (line, rest) = match input.iter().position(|byte| *byte == b'\n') {
        Some(end) => (&input[..end], &input[end + 1..]),
        None => (input, &[][..]),
    };
    (String::from_utf8_lossy(line).into_owned(), rest)
}

/// Reads an answer as HTTP writes it: status, header fields, an empty line, body.
pub(crate) fn answer(input: &[u8]) -> Answer {
    let (status, mut rest) = first_line(input);
    let mut headers = Vec::new();
    loop {
        let (line, next) = first_line(rest);
        rest = next;
        // No HTTP client lets control characters through.
        let field = line.replace(|c: char| c.is_control(), " ");
        match field.split_once(':') {
            Some((name, value)) => {
                headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
            }
            None => break,
        }
    }
    Answer {
        status: status.trim().parse().unwrap_or(200),
        headers,
        body: rest.to_vec(),
    }
}

/// Cuts at each line that consists of this.
pub(crate) fn split_at_lines<'b>(input: &'b [u8], line: &str) -> Vec<&'b [u8]> {
    let mark = format!("\n{line}\n").into_bytes();
    let mut parts = Vec::new();
    let mut rest = input;
    while let Some(at) = rest.windows(mark.len()).position(|part| part == mark) {
        parts.push(&rest[..at]);
        rest = &rest[at + mark.len()..];
    }
    parts.push(rest);
    parts
}
