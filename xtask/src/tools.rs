//! The programs the checks need beside cargo: found, installed through ordinary package managers, or named.

pub(crate) mod apt;
pub(crate) mod cargo_subcommand;
pub(crate) mod chromium;
mod go;
pub(crate) mod languages;
pub(crate) mod node;
mod php;
pub(crate) mod postgres;
mod python;
pub(crate) mod rust_src;
pub(crate) mod systemd;
pub(crate) mod wasm_target;

use std::path::PathBuf;

/// The first of these programs in `PATH`.
pub(crate) fn in_path(names: &[&str]) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    let directories: Vec<_> = std::env::split_paths(&path).collect();
    names
        .iter()
        .flat_map(|name| {
            directories
                .iter()
                .map(move |directory| directory.join(name))
        })
        .find(|candidate| candidate.is_file())
}
