//! `cargo deny`, in the one version whose layout of the advisories we know.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};

use crate::shell;
use crate::tools::in_path;
use crate::workspace::Workspace;

const VERSION: &str = "0.20.2";

/// The program in `PATH` when it has the right version, else one that is built once into `target/tools`.
pub(crate) fn find(workspace: &Workspace) -> Result<PathBuf> {
    let ours = workspace.target("tools/cargo-deny/bin/cargo-deny");
    let candidates = in_path(&["cargo-deny"]).into_iter().chain([ours.clone()]);
    if let Some(found) = candidates.into_iter().find(|candidate| is_right(candidate)) {
        return Ok(found);
    }
    eprintln!(
        "cargo-deny {VERSION} is missing: building it into target/tools, which takes a minute or two"
    );
    shell::run(
        workspace
            .cargo()
            // Unoptimised: it is built more often than it would save by running faster.
            .args([
                "install",
                "cargo-deny",
                "--version",
                VERSION,
                "--locked",
                "--debug",
                "--quiet",
            ])
            .arg("--root")
            .arg(workspace.target("tools/cargo-deny")),
    )
    .with_context(|| {
        format!("install it by hand: `cargo install cargo-deny --version {VERSION} --locked`")
    })?;
    ensure!(
        is_right(&ours),
        "cargo install left no cargo-deny {VERSION} at {}",
        ours.display()
    );
    Ok(ours)
}

fn is_right(program: &Path) -> bool {
    Command::new(program)
        .arg("--version")
        .output()
        .is_ok_and(|output| {
            String::from_utf8_lossy(&output.stdout).trim() == format!("cargo-deny {VERSION}")
        })
}
