//! Go, with its standard library alone: the examples for merchants are built with it, and nothing is fetched for them.

use std::path::PathBuf;

use anyhow::{Context, Result};

use crate::tools::{apt, in_path};

/// The program, or Debian's package of it.
pub(crate) fn find() -> Result<PathBuf> {
    if let Some(go) = in_path(&["go"]) {
        return Ok(go);
    }
    apt::install("Go", &["golang-go"])?;
    in_path(&["go"]).context("go is not in PATH after its installation")
}
