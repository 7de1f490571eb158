//! PostgreSQL's own programs: where they lie on this computer.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::owner::Owner;

/// Where Debian keeps the programs of each version, outside `PATH`.
const DEBIAN: &str = "/usr/lib/postgresql";

/// Every program a cluster and its standby need.
const NEEDED: [&str; 4] = ["initdb", "postgres", "pg_basebackup", "pg_ctl"];

/// The programs of one version, all from the same directory.
#[derive(Debug, Clone)]
pub struct Programs {
    directory: PathBuf,
}

impl Programs {
    /// The newest version in Debian's place, or else the first directory of `PATH` that has all of them.
    #[must_use]
    pub fn find() -> Option<Programs> {
        let debian = debian_directories(Path::new(DEBIAN));
        let path = std::env::var_os("PATH").unwrap_or_default();
        debian
            .into_iter()
            .chain(std::env::split_paths(&path))
            .find(|directory| has_all(directory))
            .map(|directory| Programs { directory })
    }

    /// One of the programs, run as a user whom it accepts.
    pub(crate) fn command(&self, name: &str, owner: Owner) -> Command {
        owner.command(&self.path(name))
    }

    /// Where one of the programs lies.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.directory.join(name)
    }
}

/// The directories of all versions, the newest first.
fn debian_directories(root: &Path) -> Vec<PathBuf> {
    let mut versions: Vec<(u32, PathBuf)> = std::fs::read_dir(root)
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| {
            let version = entry.file_name().to_str()?.parse().ok()?;
            Some((version, entry.path().join("bin")))
        })
        .collect();
    versions.sort();
    versions.into_iter().rev().map(|(_, path)| path).collect()
}

fn has_all(directory: &Path) -> bool {
    NEEDED.iter().all(|name| directory.join(name).is_file())
}

#[cfg(test)]
mod tests {
    use super::debian_directories;

    #[test]
    fn the_newest_version_comes_first_by_its_number() {
        let root = tempfile::tempdir().expect("a temporary directory can be made");
        for version in ["9", "15", "17", "notes"] {
            std::fs::create_dir(root.path().join(version)).expect("a directory can be made");
        }
        let wanted: Vec<_> = ["17", "15", "9"]
            .iter()
            .map(|version| root.path().join(version).join("bin"))
            .collect();
        assert_eq!(debian_directories(root.path()), wanted);
    }
}
