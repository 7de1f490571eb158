//! The standard library for wasm32, which rustup adds.

use std::path::Path;

use anyhow::{Context, Result};

use crate::shell;
use crate::workspace::Workspace;

const TARGET: &str = "wasm32-unknown-unknown";

/// Adds the target when it is missing: rustup reads `rust-toolchain.toml` by itself only when it installs a toolchain.
pub(crate) fn ensure(workspace: &Workspace) -> Result<()> {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let library = shell::read(workspace.command(rustc).args([
        "--print",
        "target-libdir",
        "--target",
        TARGET,
    ]))?;
    if Path::new(library.trim()).is_dir() {
        return Ok(());
    }
    eprintln!("the standard library for {TARGET} is missing: adding it");
    shell::run(workspace.command("rustup").args(["target", "add", TARGET])).with_context(|| {
        format!("add the target by hand: `rustup target add {TARGET}`, or your system's package of that library")
    })
}
