//! The committed copy of the RustSec advisories: facts only, dated, laid out for `cargo deny` without a network.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use serde::{Deserialize, Serialize};

use crate::shell;
use crate::workspace::Workspace;

/// Where the advisories come from; `deny.toml` names it too.
const SOURCE: &str = "https://github.com/rustsec/advisory-db";
/// The directory in which `cargo deny` looks for a copy of [`SOURCE`]: the last part of the address and its hash.
const DIRECTORY: &str = "advisory-db-3157b0e258782691";
const COPY: &str = "supply/advisories.toml";

/// Options of `cargo xtask advisories`.
#[derive(clap::Args)]
pub(crate) struct Options {
    /// A git checkout of <https://github.com/rustsec/advisory-db>, as new as can be had.
    #[arg(long, value_name = "DIRECTORY")]
    from: PathBuf,
}

/// All advisories of one commit of the database.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Copy {
    source: String,
    pub(super) commit: String,
    /// The day of the commit.
    pub(super) date: String,
    pub(super) advisories: Vec<Advisory>,
}

/// What one advisory says in facts; its text stands at `https://rustsec.org/advisories/{id}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Advisory {
    id: String,
    package: String,
    date: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    informational: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    withdrawn: Option<String>,
    #[serde(default)]
    patched: Vec<String>,
    #[serde(default)]
    unaffected: Vec<String>,
}

/// The head of an advisory's file in the database.
#[derive(Deserialize)]
struct Published {
    advisory: PublishedAdvisory,
    #[serde(default)]
    versions: PublishedVersions,
}

#[derive(Deserialize)]
struct PublishedAdvisory {
    id: String,
    package: String,
    date: String,
    informational: Option<String>,
    withdrawn: Option<String>,
}

#[derive(Deserialize, Default)]
struct PublishedVersions {
    #[serde(default)]
    patched: Vec<String>,
    #[serde(default)]
    unaffected: Vec<String>,
}

/// Writes the copy anew from a checkout of the database.
///
/// # Errors
/// When the checkout cannot be read, or one of its files is not an advisory.
pub(crate) fn run(workspace: &Workspace, options: &Options) -> Result<()> {
    let git = |arguments: &[&str]| {
        let mut command = workspace.command("git");
        command.arg("-C").arg(&options.from).args(arguments);
        shell::read(&mut command)
    };
    let commit = git(&["rev-parse", "HEAD"])?.trim().to_owned();
    let date = git(&["show", "--no-patch", "--format=%cs", "HEAD"])?
        .trim()
        .to_owned();
    let files = git(&["ls-tree", "-r", "--name-only", "HEAD", "crates/"])?;
    let mut advisories = Vec::new();
    for file in files.lines().filter(|file| file.ends_with(".md")) {
        let text = git(&["show", &format!("HEAD:{file}")])?;
        advisories.push(read_published(&text).with_context(|| format!("{file} is no advisory"))?);
    }
    ensure!(
        !advisories.is_empty(),
        "{} holds no advisory below crates/",
        options.from.display()
    );
    advisories.sort_by(|a, b| (&a.package, &a.id).cmp(&(&b.package, &b.id)));
    let copy = Copy {
        source: SOURCE.to_owned(),
        commit,
        date,
        advisories,
    };
    let path = workspace.path(COPY);
    fs::write(&path, write(&copy)?)
        .with_context(|| format!("{} cannot be written", path.display()))?;
    println!(
        "{} advisories as of {}, commit {}",
        copy.advisories.len(),
        copy.date,
        copy.commit
    );
    Ok(())
}

/// Reads the committed copy.
///
/// # Errors
/// When it is missing or is not what [`run`] writes.
pub(super) fn read(workspace: &Workspace) -> Result<Copy> {
    let path = workspace.path(COPY);
    let text =
        fs::read_to_string(&path).with_context(|| format!("{} cannot be read", path.display()))?;
    let copy: Copy = toml::from_str(&text).with_context(|| {
        format!(
            "{} is not what `cargo xtask advisories` writes",
            path.display()
        )
    })?;
    ensure!(
        copy.commit.len() == 40 && copy.commit.bytes().all(|b| b.is_ascii_hexdigit()),
        "{}: `commit` must be 40 hexadecimal digits, it is {:?}",
        path.display(),
        copy.commit
    );
    Ok(copy)
}

/// Lays the copy out as the database `cargo deny` expects: one file an advisory, and the mark of a fetch.
///
/// # Errors
/// When a file cannot be written.
pub(super) fn lay_out(workspace: &Workspace, copy: &Copy) -> Result<()> {
    // Not cargo's target directory, which may lie elsewhere: `deny.toml` names this place.
    let database = workspace.path("target/supply/advisories").join(DIRECTORY);
    if database.exists() {
        fs::remove_dir_all(&database)
            .with_context(|| format!("{} cannot be emptied", database.display()))?;
    }
    let write = |path: &Path, text: &str| {
        let parent = path.parent().context("a file lies in a directory")?;
        fs::create_dir_all(parent)
            .with_context(|| format!("{} cannot be made", parent.display()))?;
        fs::write(path, text).with_context(|| format!("{} cannot be written", path.display()))
    };
    write(&database.join(".git/FETCH_HEAD"), &copy.commit)?;
    for advisory in &copy.advisories {
        let path = database
            .join("crates")
            .join(&advisory.package)
            .join(format!("{}.md", advisory.id));
        write(&path, &published(advisory)?)?;
    }
    Ok(())
}

/// One advisory's line in the copy is one table, so that a renewal is read line by line.
fn write(copy: &Copy) -> Result<String> {
    let quoted = |text: &str| toml::Value::String(text.to_owned()).to_string();
    let mut out = String::from(
        "# Facts of the RustSec advisory database (dedicated to the public domain, CC0-1.0): one line an advisory.\n\
         # `cargo xtask advisories --from DIRECTORY` writes this file anew; the text of each stands at https://rustsec.org/advisories/.\n\n",
    );
    out += &format!("source = {}\n", quoted(&copy.source));
    out += &format!("commit = {}\n", quoted(&copy.commit));
    out += &format!("date = {}\n\nadvisories = [\n", quoted(&copy.date));
    for advisory in &copy.advisories {
        let table = toml::Value::try_from(advisory).context("an advisory is a table")?;
        out += &format!("  {table},\n");
    }
    out += "]\n";
    Ok(out)
}

/// The facts of an advisory's file: TOML between two fences, then its text.
fn read_published(text: &str) -> Result<Advisory> {
    let (_, rest) = text.split_once("```toml").context("no ```toml fence")?;
    let (head, _) = rest.split_once("```").context("the fence is not closed")?;
    let Published { advisory, versions } = toml::from_str(head)?;
    Ok(Advisory {
        id: advisory.id,
        package: advisory.package,
        date: advisory.date,
        informational: advisory.informational,
        withdrawn: advisory.withdrawn,
        patched: versions.patched,
        unaffected: versions.unaffected,
    })
}

/// The file that stands for an advisory in the database.
fn published(advisory: &Advisory) -> Result<String> {
    let mut head = toml::Table::new();
    let mut facts = toml::Table::new();
    let mut put = |key: &str, value: &str| facts.insert(key.to_owned(), value.into());
    put("id", &advisory.id);
    put("package", &advisory.package);
    put("date", &advisory.date);
    put(
        "url",
        &format!("https://rustsec.org/advisories/{}.html", advisory.id),
    );
    if let Some(kind) = &advisory.informational {
        put("informational", kind);
    }
    if let Some(day) = &advisory.withdrawn {
        put("withdrawn", day);
    }
    head.insert("advisory".to_owned(), facts.into());
    let versions: toml::Table = [
        ("patched".to_owned(), advisory.patched.clone().into()),
        ("unaffected".to_owned(), advisory.unaffected.clone().into()),
    ]
    .into_iter()
    .collect();
    head.insert("versions".to_owned(), versions.into());
    let head = toml::to_string(&head).context("an advisory is a table")?;
    Ok(format!("```toml\n{head}```\n\n# {}\n", advisory.id))
}

#[cfg(test)]
mod tests {
    use super::{Advisory, Copy, published, read_published, write};

    fn advisory() -> Advisory {
        Advisory {
            id: "RUSTSEC-2026-0001".to_owned(),
            package: "example".to_owned(),
            date: "2026-01-02".to_owned(),
            informational: Some("unsound".to_owned()),
            withdrawn: None,
            patched: vec![">= 1.2.3".to_owned()],
            unaffected: vec!["< 1.0".to_owned()],
        }
    }

    #[test]
    fn what_is_laid_out_reads_as_what_was_copied() {
        let advisory = advisory();
        assert_eq!(
            read_published(&published(&advisory).unwrap()).unwrap(),
            advisory
        );
    }

    #[test]
    fn the_copy_reads_as_it_was_written() {
        let copy = Copy {
            source: "https://example.org".to_owned(),
            commit: "0".repeat(40),
            date: "2026-01-03".to_owned(),
            advisories: vec![advisory()],
        };
        let text = write(&copy).unwrap();
        assert_eq!(toml::from_str::<Copy>(&text).unwrap(), copy, "{text}");
    }
}
