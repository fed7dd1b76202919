//! The short run: every input that is kept, and mutations of them, the same
//! every time. Each target has a test, so that they run side by side.

use std::fs;
use std::panic::catch_unwind;
use std::path::{Path, PathBuf};

use return_dispatch_fuzz::{TARGETS, Target, mutations, target};

/// The files in `fuzz/{kind}/{name}`, in the order of their names.
fn files(kind: &str, name: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(kind).join(name);
    let mut files: Vec<_> = fs::read_dir(folder)
        .into_iter()
        .flatten()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    files
}

/// Checks each of these files, and hands out what is in them.
fn checked(kind: &str, target: &Target) -> Vec<Vec<u8>> {
    let check = |file: PathBuf| {
        let input = fs::read(&file).unwrap();
        // The reason is printed above by the panic itself.
        let result = catch_unwind(|| (target.check)(&input));
        assert!(result.is_ok(), "{} violates a property", file.display());
        input
    };
    files(kind, target.name).into_iter().map(check).collect()
}

fn run(name: &str) {
    let target = target(name).unwrap();
    let seeds = checked("seeds", &target);
    assert!(!seeds.is_empty(), "fuzz/seeds/{name} has no files");
    // These may be slow, so they are not mutated.
    checked("regressions", &target);
    for (number, input) in mutations(&seeds, target.mutations).enumerate() {
        let result = catch_unwind(|| (target.check)(&input));
        assert!(
            result.is_ok(),
            "mutation {number} violates a property; to keep it, write it to a file in fuzz/regressions/{name}:\n\"{}\"",
            input.escape_ascii()
        );
    }
}

macro_rules! targets {
    ($($name:ident)*) => {
        $(#[test] fn $name() { run(stringify!($name)); })*

        #[test]
        fn every_target_has_a_test() {
            assert_eq!(TARGETS.map(|target| target.name), [$(stringify!($name)),*]);
        }
    };
}

targets! { archive call headers inputs json lines redirects search times }
