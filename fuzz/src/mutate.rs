//! Inputs made of others, by chance from one seed.

use fastrand::Rng;

/// What parsers are sensitive to.
const PIECES: [&[u8]; 28] = [
    b"\0",
    b"\n",
    b"\r\n",
    b" ",
    b"\t",
    b"-",
    b"_",
    b".",
    b"..",
    b"/",
    b"//",
    b"\\",
    b"\"",
    b"'",
    b":",
    b"@",
    b"?",
    b"#",
    b"%2e",
    b"0",
    b"18446744073709551616",
    b"PK\x05\x06",
    b"\x1b[0m",
    b"\xff\xff\xff\xff",
    b"\xef\xbb\xbf",
    "é".as_bytes(),
    "\u{2028}".as_bytes(),
    b"{",
];

/// The longest input that is made.
const LONGEST: usize = 16 << 10;

/// So many inputs, each a few changes away from one of the seeds. The same
/// every time.
pub fn mutations(seeds: &[Vec<u8>], count: usize) -> impl Iterator<Item = Vec<u8>> {
    let mut rng = Rng::with_seed(2_026);
    (0..count).map(move |_| {
        let mut input = rng.choice(seeds).cloned().unwrap_or_default();
        for _ in 0..rng.usize(1..=6) {
            change(&mut input, seeds, &mut rng);
        }
        input.truncate(LONGEST);
        input
    })
}

fn change(input: &mut Vec<u8>, seeds: &[Vec<u8>], rng: &mut Rng) {
    let at = rng.usize(0..=input.len());
    let end = (at + rng.usize(0..=16)).min(input.len());
    match rng.u8(0..9) {
        0 => input.truncate(at),
        1 => drop(input.drain(at..end)),
        2 => input.extend_from_within(at..end),
        3 => insert(input, at, rng.choice(PIECES).unwrap_or_default()),
        4 => insert(input, at, &[rng.u8(..)]),
        5 => insert(input, at, rng.char(..).to_string().as_bytes()),
        6 => {
            if let Some(other) = rng.choice(seeds) {
                let from = rng.usize(0..=other.len());
                let to = (from + rng.usize(0..=64)).min(other.len());
                insert(input, at, &other[from..to]);
            }
        }
        7 => {
            if let Some(byte) = input.get_mut(at) {
                *byte = rng.u8(..);
            }
        }
        _ => {
            if let Some(byte) = input.get_mut(at) {
                *byte ^= 1 << rng.u8(0..8);
            }
        }
    }
}

fn insert(input: &mut Vec<u8>, at: usize, piece: &[u8]) {
    input.splice(at..at, piece.iter().copied());
}
