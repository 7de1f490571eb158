//! Compresses what is served, once and at the highest level instead of at each request: `compress FILE…` writes `FILE.br` and `FILE.gz`.
//!
//! A program of its own, so that `cargo xtask demo`, which compresses nothing, does not wait for brotli to be compiled (decision 0032).

mod form;

use std::path::{Path, PathBuf};
use std::{env, fs};

use anyhow::{Context, Result};

fn main() -> Result<()> {
    for path in env::args_os().skip(1).map(PathBuf::from) {
        let content =
            fs::read(&path).with_context(|| format!("{} cannot be read", path.display()))?;
        write_beside(&path, "br", &form::brotli(&content)?)?;
        write_beside(&path, "gz", &form::gzip(&content)?)?;
    }
    Ok(())
}

fn write_beside(path: &Path, ending: &str, content: &[u8]) -> Result<()> {
    let beside = format!("{}.{ending}", path.display());
    fs::write(&beside, content).with_context(|| format!("{beside} could not be written"))
}
