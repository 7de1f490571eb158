//! `cargo xtask reproducible`: two builds of the shipped widget in different directories are the same, byte for byte.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};

use crate::optimise::Optimise;
use crate::widget_build::assemble;
use crate::workspace::Workspace;
use crate::{shell, tools};

/// Copies the checkout to two places of different names and lengths, builds in both from nothing, and compares.
pub(crate) fn run(workspace: &Workspace) -> Result<()> {
    let files = shell::read(workspace.command("git").args([
        "ls-files",
        "-z",
        "--cached",
        "--others",
        "--exclude-standard",
    ]))
    .context("the list of files comes from git")?;
    let places = ["reproducible/one", "reproducible/of/another/length"];
    let places = places.map(|place| workspace.target(place));
    // Both before the first build, which takes minutes in which somebody may go on working.
    for place in &places {
        if place.exists() {
            fs::remove_dir_all(place).context("an earlier copy could not be removed")?;
        }
        copy(workspace.root(), place, &files)?;
    }
    let mut built = Vec::new();
    for place in places {
        let copy = Workspace::at(place);
        tools::node::install_packages(&copy)?;
        eprintln!("building in {}", copy.root().display());
        let widget = copy.path("dist/widget");
        fs::create_dir_all(copy.path("dist")).context("dist could not be made")?;
        assemble(&copy, Optimise::ForSize, &widget)?;
        let mut files = BTreeMap::new();
        read(&widget, "", &mut files)?;
        built.push(files);
    }
    let (one, other) = (&built[0], &built[1]);
    let names: Vec<_> = one.keys().collect();
    ensure!(
        one == other,
        "two builds of one source differ: the first made {names:?}, the second {:?}, and of equal names differ {:?}",
        other.keys().collect::<Vec<_>>(),
        one.iter()
            .filter(|(name, content)| other.get(*name).is_some_and(|there| there != *content))
            .map(|(name, _)| name)
            .collect::<Vec<_>>(),
    );
    ensure!(!names.is_empty(), "the builds made no file");
    println!("{} files, equal byte for byte:", names.len());
    for name in names {
        println!("  {name}");
    }
    Ok(())
}

fn copy(from: &Path, to: &Path, files: &str) -> Result<()> {
    for file in files.split('\0').filter(|file| !file.is_empty()) {
        let (source, target) = (from.join(file), to.join(file));
        // What git still lists and somebody has just removed.
        if !source.is_file() {
            continue;
        }
        let directory = target.parent().context("a file lies in a directory")?;
        fs::create_dir_all(directory)
            .with_context(|| format!("{} could not be made", directory.display()))?;
        fs::copy(&source, &target)
            .with_context(|| format!("{} could not be copied", source.display()))?;
    }
    Ok(())
}

fn read(directory: &Path, below: &str, files: &mut BTreeMap<String, Vec<u8>>) -> Result<()> {
    for entry in
        fs::read_dir(directory).with_context(|| format!("{} is missing", directory.display()))?
    {
        let entry = entry?;
        let name = format!("{below}{}", entry.file_name().to_string_lossy());
        if entry.file_type()?.is_dir() {
            read(&entry.path(), &format!("{name}/"), files)?;
        } else {
            files.insert(name, fs::read(entry.path())?);
        }
    }
    Ok(())
}
