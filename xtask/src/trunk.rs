//! `cargo xtask trunk`: `trunk build` and `trunk serve` work as the README says.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use crate::optimise::Optimise;
use crate::test::screenshots;
use crate::widget_build::assemble;
use crate::workspace::Workspace;
use crate::{shell, tools};

/// The newest Trunk that compiles with our Rust; without its own lock file it does not build.
const TRUNK: &str = "0.21.14";

/// Installs Trunk into target/tools if it is missing, builds with it, serves with it, and looks at the page in Chromium.
pub(crate) fn run(workspace: &Workspace) -> Result<()> {
    tools::wasm_target::ensure(workspace)?;
    let tools = install(workspace)?;
    let mut path = vec![tools.join("bin")];
    path.extend(
        std::env::var_os("PATH")
            .iter()
            .flat_map(std::env::split_paths),
    );
    let path = std::env::join_paths(path).context("PATH is not a path list")?;

    let trunk = tools.join("bin/trunk");
    shell::run(call(workspace, &trunk).arg("build").env("PATH", &path))?;
    // Trunk builds the widget of its page; the proxy beside it serves one of its own.
    let widget = workspace.target("demo/widget");
    fs::create_dir_all(workspace.target("demo")).context("target/demo cannot be made")?;
    assemble(workspace, Optimise::Not, &widget)?;
    let mut node = screenshots::with_demo(workspace)?;
    shell::run(
        node.env("CALYPSO_WIDGET", &widget)
            .arg(workspace.path("tests/e2e/trunk-page.mjs"))
            .arg(&trunk)
            .env("PATH", &path),
    )
}

/// Trunk takes NO_COLOR for a flag of its own and stops at the value that everybody else uses, 1.
fn call(workspace: &Workspace, trunk: &Path) -> Command {
    let mut command = workspace.command(trunk);
    command.env_remove("NO_COLOR");
    command
}

fn install(workspace: &Workspace) -> Result<PathBuf> {
    let tools = workspace.target("tools");
    let trunk = tools.join("bin/trunk");
    let installed =
        trunk.is_file() && shell::read(call(workspace, &trunk).arg("--version"))?.contains(TRUNK);
    if !installed {
        eprintln!(
            "installing Trunk {TRUNK} into {}; this takes about ten minutes",
            tools.display()
        );
        shell::run(
            workspace
                .cargo()
                .args(["install", "trunk", "--locked", "--version", TRUNK, "--root"])
                .arg(&tools),
        )?;
    }
    // Trunk would fetch wasm-bindgen from the network; ours is pinned by Cargo.lock to the widget's version.
    shell::run(
        workspace
            .cargo()
            .args(["build", "--package", "browser-runner"]),
    )?;
    let wasm_bindgen = tools.join("bin/wasm-bindgen");
    fs::copy(workspace.target("debug/browser-runner"), &wasm_bindgen)
        .with_context(|| format!("{} could not be written", wasm_bindgen.display()))?;
    Ok(tools)
}
