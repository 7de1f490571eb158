//! `cargo xtask screenshots`: every screen as a person sees it, in light, dark, narrow and right-to-left.

use anyhow::{Context, Result};

pub(crate) use super::node_steps::with_demo;
use crate::optimise::Optimise;
use crate::shell;
use crate::widget_build::build_and_start;
use crate::workspace::Workspace;

/// Options of `cargo xtask screenshots`.
#[derive(clap::Args)]
pub(crate) struct Options {
    /// Also renews the picture of the README, docs/images/widget.png.
    #[arg(long)]
    readme: bool,
    /// Uses the `dist/widget` of the last build.
    #[arg(long)]
    built: bool,
}

/// Drives the real demo through every phase and writes `target/screenshots/*.png`.
pub(crate) fn run(workspace: &Workspace, options: &Options) -> Result<()> {
    if !options.built {
        build_and_start(workspace, Optimise::ForSize)?;
    }
    let pictures = workspace.target("screenshots");
    if pictures.exists() {
        std::fs::remove_dir_all(&pictures).context("the last pictures could not be removed")?;
    }
    std::fs::create_dir_all(&pictures).context("target/screenshots cannot be made")?;
    let mut node = with_demo(workspace)?;
    node.arg(workspace.path("tests/e2e/screenshots.mjs"))
        .arg(&pictures);
    if options.readme {
        node.arg(workspace.path("docs/images/widget.png"));
    }
    shell::run(&mut node)?;
    eprintln!("look at {}", pictures.display());
    Ok(())
}
