//! `cargo run -p types -- FOLDER` writes every file beneath that folder.

#![forbid(unsafe_code)]

use std::{env, fs, path::Path, process::ExitCode};

use types::{Result, outputs::files};

fn main() -> ExitCode {
    match write() {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("{problem}");
            ExitCode::FAILURE
        }
    }
}

fn write() -> Result<()> {
    let folder = env::args_os().nth(1).ok_or("which folder?")?;
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    for (path, text) in files(&root)? {
        let file = Path::new(&folder).join(path);
        let written = file
            .parent()
            .map_or(Ok(()), fs::create_dir_all)
            .and_then(|()| fs::write(&file, text));
        written.map_err(|error| format!("{}: {error}", file.display()))?;
    }
    Ok(())
}
