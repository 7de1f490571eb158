//! Where things are: the checkout's root, cargo's target directory, and how cargo is called.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};

/// The places of one checkout of this repository.
pub(crate) struct Workspace {
    root: PathBuf,
    target: PathBuf,
}

impl Workspace {
    /// Asks cargo, so that `CARGO_TARGET_DIR` and a user's cargo configuration are honoured.
    pub(crate) fn find() -> Result<Workspace> {
        // Two checkouts may share a target directory, so what `cargo run` says counts more than where this was compiled.
        let ours =
            env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
        let root = Path::new(&ours)
            .parent()
            .context("xtask must lie one directory below the workspace's root")?
            .to_path_buf();
        let output = cargo()
            .current_dir(&root)
            .args(["metadata", "--no-deps", "--format-version", "1"])
            .output()
            .context("cargo metadata did not start")?;
        ensure!(
            output.status.success(),
            "cargo metadata failed: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        let metadata: serde_json::Value = serde_json::from_slice(&output.stdout)
            .context("cargo metadata printed something other than JSON")?;
        let target = metadata["target_directory"]
            .as_str()
            .context("cargo metadata named no target directory")?
            .into();
        Ok(Workspace { root, target })
    }

    /// A copy of a checkout, with a target directory of its own.
    pub(crate) fn at(root: PathBuf) -> Workspace {
        let target = root.join("target");
        Workspace { root, target }
    }

    /// The root of the checkout.
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// A path given from the root.
    pub(crate) fn path(&self, relative: &str) -> PathBuf {
        self.root.join(relative)
    }

    /// A path inside cargo's target directory.
    pub(crate) fn target(&self, relative: &str) -> PathBuf {
        self.target.join(relative)
    }

    /// Where the built widget goes.
    pub(crate) fn widget(&self) -> PathBuf {
        self.path("dist/widget")
    }

    /// Cargo, called in the root of the checkout.
    pub(crate) fn cargo(&self) -> Command {
        let mut command = cargo();
        command.current_dir(&self.root);
        command
    }

    /// Any other program, called in the root of the checkout.
    pub(crate) fn command(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        let mut command = Command::new(program);
        command.current_dir(&self.root);
        command
    }
}

/// The cargo that started us. What cargo told us about our own package is taken out of the environment:
/// build scripts that watch those variables would run again at each change between `cargo` and `cargo xtask`.
fn cargo() -> Command {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    for (name, _) in env::vars_os() {
        let told = name.to_str().is_some_and(|name| {
            name.starts_with("CARGO_PKG_")
                || name.starts_with("CARGO_MANIFEST_")
                || name == "CARGO_PRIMARY_PACKAGE"
        });
        if told {
            command.env_remove(name);
        }
    }
    command
}
