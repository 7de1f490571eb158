//! PHP, the language of many shops: the examples for merchants are run with it.

use std::path::PathBuf;

use anyhow::{Context, Result};

use crate::tools::{apt, in_path};

/// The program, or Debian's package of it.
pub(crate) fn find() -> Result<PathBuf> {
    if let Some(php) = in_path(&["php"]) {
        return Ok(php);
    }
    apt::install("PHP", &["php-cli"])?;
    in_path(&["php"]).context("php is not in PATH after its installation")
}
