//! The languages in which merchants have examples, beside Rust and JavaScript.

use std::process::Command;

use anyhow::Result;

use crate::tools::{go, php, python};
use crate::workspace::Workspace;

/// Finds or installs all of them.
pub(crate) fn ensure(workspace: &Workspace) -> Result<()> {
    php::find()?;
    go::find()?;
    python::install_packages(workspace)?;
    Ok(())
}

/// Tells a command where they are.
pub(crate) fn tell(workspace: &Workspace, command: &mut Command) -> Result<()> {
    command
        .env("CALYPSO_PHP", php::find()?)
        .env("CALYPSO_GO", go::find()?)
        .env("CALYPSO_PYTHON", python::install_packages(workspace)?);
    Ok(())
}
