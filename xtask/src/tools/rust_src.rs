//! The source of the standard library, which rustup adds: the shipped module is compiled together with it.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};

use crate::shell;
use crate::workspace::Workspace;

/// Where the source lies, without the `library` that everything in it begins with. Adds the component when it is missing:
/// rustup reads `rust-toolchain.toml` by itself only when it installs a toolchain.
pub(crate) fn ensure(workspace: &Workspace) -> Result<PathBuf> {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let sysroot = shell::read(workspace.command(rustc).args(["--print", "sysroot"]))?;
    let source = Path::new(sysroot.trim()).join("lib/rustlib/src/rust");
    let lock = source.join("library/Cargo.lock");
    if !lock.is_file() {
        eprintln!("the source of the standard library is missing: adding it");
        shell::run(
            workspace
                .command("rustup")
                .args(["component", "add", "rust-src"]),
        )
        .with_context(|| {
            format!(
                "the shipped widget is compiled together with the standard library, and {} is not there; \
                 add its source by hand: `rustup component add rust-src`, or your system's package of it",
                lock.display()
            )
        })?;
        ensure!(
            lock.is_file(),
            "`rustup component add rust-src` succeeded, but {} is not there: \
             is `rustc` in PATH another one than rustup's?",
            lock.display()
        );
    }
    Ok(source)
}
