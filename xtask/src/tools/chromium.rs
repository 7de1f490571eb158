//! Chromium and its driver: the browser of every check.

use std::path::PathBuf;

use anyhow::{Context, Result};

use crate::tools::{apt, in_path};

/// A browser and the driver that belongs to it.
pub(crate) struct Chromium {
    pub(crate) browser: PathBuf,
    pub(crate) driver: PathBuf,
}

/// Finds both, or installs both from the same source: their versions must match.
pub(crate) fn find() -> Result<Chromium> {
    if let Some(found) = look() {
        return Ok(found);
    }
    apt::install("Chromium or chromedriver", &["chromium", "chromium-driver"])?;
    look().context("chromium and chromedriver are still not in PATH after their installation")
}

fn look() -> Option<Chromium> {
    Some(Chromium {
        browser: in_path(&[
            "chromium",
            "chromium-browser",
            "google-chrome-stable",
            "google-chrome",
        ])?,
        driver: in_path(&["chromedriver", "chromium.chromedriver"])?,
    })
}
