//! `gzip FROM TO` compresses a file, by Zopfli: slowly, and a twentieth smaller than others. The same bytes on any
//! machine, which zlib does not promise.

use std::env::args_os;
use std::error::Error;
use std::fs::{File, read};
use std::io::Write;

use zopfli::{Format, Options, compress};

fn main() -> Result<(), Box<dyn Error>> {
    let mut args = args_os().skip(1);
    let (Some(from), Some(to), None) = (args.next(), args.next(), args.next()) else {
        return Err("usage: gzip FROM TO".into());
    };
    let mut file = File::create(to)?;
    compress(Options::default(), Format::Gzip, &*read(from)?, &mut file)?;
    file.flush()?;
    Ok(())
}
