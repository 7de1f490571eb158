//! The copy of the checkout that is changed instead of it.

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::shell;
use crate::workspace::Workspace;

/// Makes `place` equal to the checkout, but for what git ignores. Files that are equal are not touched, so that cargo compiles only
/// what differs: also what a run that was broken off has left changed.
pub(super) fn bring_up_to_date(workspace: &Workspace, place: &Path) -> Result<Workspace> {
    let listed = shell::read(workspace.command("git").args([
        "ls-files",
        "-z",
        "--cached",
        "--others",
        "--exclude-standard",
    ]))?;
    let mut wanted = HashSet::new();
    for name in listed.split_terminator('\0') {
        let from = workspace.path(name);
        // One that is deleted and not committed is listed all the same.
        let Ok(content) = fs::read(&from) else {
            continue;
        };
        let to = place.join(name);
        if fs::read(&to).ok().as_ref() != Some(&content) {
            let folder = to.parent().context("a file lies in a folder")?;
            fs::create_dir_all(folder)
                .and_then(|()| fs::write(&to, content))
                .with_context(|| format!("{} cannot be written", to.display()))?;
        }
        wanted.insert(to);
    }
    remove_the_rest(place, &wanted)
        .with_context(|| format!("{} cannot be cleared", place.display()))?;
    Ok(Workspace::at(place.to_path_buf()))
}

fn remove_the_rest(folder: &Path, wanted: &HashSet<PathBuf>) -> std::io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            remove_the_rest(&path, wanted)?;
        } else if !wanted.contains(&path) {
            fs::remove_file(path)?;
        }
    }
    Ok(())
}
