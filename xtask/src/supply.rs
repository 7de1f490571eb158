//! Where our packages come from and what is known against them: `cargo deny` for Rust, our own reading of the lock file for npm.

mod advisories;
mod age;
mod npm;

use anyhow::Result;

use crate::workspace::Workspace;
use crate::{shell, tools};

pub(crate) use advisories::{Options, run};

/// Checks every package of both lock files.
///
/// # Errors
/// With the list of what was found.
pub(crate) fn check(workspace: &Workspace) -> Result<()> {
    npm::check(workspace.root())?;
    let deny = tools::cargo_subcommand::find(workspace, &tools::cargo_subcommand::DENY)?;
    let copy = advisories::read(workspace)?;
    advisories::lay_out(workspace, &copy)?;
    println!(
        "{} advisories as of {} (commit {})",
        copy.advisories.len(),
        copy.date,
        &copy.commit[..12]
    );
    age::check(workspace, &copy.date)?;
    // All packages, those of other systems too: cargo deny reads the manifest of each.
    shell::run(workspace.cargo().args(["fetch", "--locked", "--quiet"]))?;
    shell::run(
        workspace
            .command(deny)
            .args(["--offline", "--locked", "--workspace", "check"]),
    )
}
