//! The rules of this project that no compiler knows; each says what to do instead.

mod architecture;
mod circles;
mod citations;
mod decisions;
mod floors;
mod imports;
mod manifests;
mod paths;
mod source;
mod sql;

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};

/// Directories that hold nothing of ours.
const FOREIGN: &[&str] = &["target", "dist", "node_modules", ".git"];

/// Reads every text file of the checkout and fails with the list of all broken rules.
pub(crate) fn check(root: &Path) -> Result<()> {
    let mut files = Vec::new();
    collect(root, root, &mut files)?;
    let mut broken = Vec::new();
    for (path, text) in &files {
        source::check(path, text, &mut broken);
        manifests::check(path, text, &mut broken);
        sql::check(path, text, &mut broken);
    }
    citations::check(&files, &mut broken);
    paths::check(&files, &mut broken);
    decisions::check(&files, &mut broken);
    let imports = imports::of_workspace(&files);
    circles::check(&imports, &mut broken);
    floors::check(&files, &imports, &mut broken);
    architecture::check(root, &files, &mut broken)?;
    broken.sort();
    for rule in &broken {
        eprintln!("{rule}");
    }
    match broken.len() {
        0 => {
            println!("{} files are tidy", files.len());
            Ok(())
        }
        count => bail!("{count} rules are broken"),
    }
}

fn collect(root: &Path, directory: &Path, files: &mut Vec<(String, String)>) -> Result<()> {
    let entries = fs::read_dir(directory)
        .with_context(|| format!("{} cannot be read", directory.display()))?;
    for entry in entries {
        let entry = entry.with_context(|| format!("{} cannot be read", directory.display()))?;
        let path = entry.path();
        if entry.file_type().context("an entry has no type")?.is_dir() {
            let name = entry.file_name();
            if !FOREIGN.iter().any(|foreign| name == *foreign) {
                collect(root, &path, files)?;
            }
        } else if let Ok(text) = fs::read_to_string(&path) {
            let relative = path.strip_prefix(root).unwrap_or(&path);
            files.push((relative.to_string_lossy().replace('\\', "/"), text));
        }
    }
    Ok(())
}
