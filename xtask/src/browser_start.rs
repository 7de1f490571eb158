//! Starting the built widget once in headless Chromium under the strictest policy a page may set.

use std::path::Path;

use anyhow::{Context, Result};

use crate::workspace::Workspace;
use crate::{shell, tools};

/// Fails unless Chromium fetched, verified and ran the widget in `directory` without any violation.
pub(crate) fn check(workspace: &Workspace, browser: &Path, directory: &Path) -> Result<()> {
    let node = tools::node::find(workspace)?;
    shell::run(
        workspace
            .command(node)
            .arg(workspace.path("tests/e2e/start-widget.mjs"))
            .arg(directory)
            .env("CALYPSO_CHROMIUM", browser),
    )
    .context("the built widget does not start in Chromium")
}
