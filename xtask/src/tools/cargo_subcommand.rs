//! Cargo's own kind of plug-ins, each in the one version that was tried: found, or built once into `target/tools`.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};

use crate::shell;
use crate::tools::in_path;
use crate::workspace::Workspace;

/// A program `cargo-NAME` of crates.io.
pub(crate) struct Subcommand {
    program: &'static str,
    version: &'static str,
    /// What its `--version` takes in front.
    asked_by: &'static [&'static str],
}

/// Checks licences, sources and advisories. Where it looks for the advisories depends on the version.
pub(crate) const DENY: Subcommand = Subcommand {
    program: "cargo-deny",
    version: "0.20.2",
    asked_by: &["--version"],
};

/// Changes the code in small ways and asks whether a test notices.
pub(crate) const MUTANTS: Subcommand = Subcommand {
    program: "cargo-mutants",
    version: "27.1.0",
    asked_by: &["mutants", "--version"],
};

/// The program in `PATH` when it has the right version, else one that is built once.
pub(crate) fn find(workspace: &Workspace, wanted: &Subcommand) -> Result<PathBuf> {
    let Subcommand {
        program, version, ..
    } = wanted;
    let root = workspace.target("tools").join(program);
    let ours = root.join("bin").join(program);
    let candidates = in_path(&[program]).into_iter().chain([ours.clone()]);
    if let Some(found) = candidates
        .into_iter()
        .find(|candidate| wanted.is(candidate))
    {
        return Ok(found);
    }
    eprintln!(
        "{program} {version} is missing: building it into target/tools, which takes a minute or two"
    );
    shell::run(
        workspace
            .cargo()
            // Unoptimised: it is built more often than it would save by running faster.
            .args(["install", program, "--version", version])
            .args(["--locked", "--debug", "--quiet", "--root"])
            .arg(&root),
    )
    .with_context(|| {
        format!("install it by hand: `cargo install {program} --version {version} --locked`")
    })?;
    ensure!(
        wanted.is(&ours),
        "cargo install left no {program} {version} at {}",
        ours.display()
    );
    Ok(ours)
}

impl Subcommand {
    fn is(&self, program: &Path) -> bool {
        Command::new(program)
            .args(self.asked_by)
            .output()
            .is_ok_and(|output| {
                String::from_utf8_lossy(&output.stdout).trim()
                    == format!("{} {}", self.program, self.version)
            })
    }
}
