//! The loader's source: modules of their own in `npm/src`, joined into the one script that pages load.
//!
//! A classic script has no imports, and a module that imports would be several requests. So the files are put one after the other, each
//! after those that it imports, as a browser would run them.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};

/// The joined modules that `entry` needs, inside one function, so that nothing of them is a name of the page.
pub(crate) fn joined(entry: &Path) -> Result<String> {
    let mut modules = Modules::default();
    modules.add(entry)?;
    Ok(format!(
        "(() => {{\n'use strict';\n{}}})();\n",
        modules.text
    ))
}

#[derive(Default)]
struct Modules {
    text: String,
    /// Files that are being read, each imported by the one before it.
    open: Vec<PathBuf>,
    done: Vec<PathBuf>,
}

impl Modules {
    fn add(&mut self, path: &Path) -> Result<()> {
        let place =
            fs::canonicalize(path).with_context(|| format!("{} cannot be read", path.display()))?;
        if self.done.contains(&place) {
            return Ok(());
        }
        ensure!(
            !self.open.contains(&place),
            "{} imports itself over others",
            path.display()
        );
        self.open.push(place.clone());
        let text = fs::read_to_string(path)
            .with_context(|| format!("{} cannot be read", path.display()))?;
        let mut own = String::new();
        for (number, line) in (1..).zip(text.lines()) {
            let at = || format!("{}:{number}", path.display());
            match statement(line).with_context(at)? {
                Statement::Import(other) => self.add(&path.with_file_name("").join(other))?,
                Statement::Code(code) => {
                    own.push_str(code);
                    own.push('\n');
                }
            }
        }
        self.text.push_str(&own);
        self.open.pop();
        self.done.push(place);
        Ok(())
    }
}

enum Statement<'a> {
    /// The path of a module, relative to the file.
    Import(&'a str),
    Code(&'a str),
}

/// What a line means to the joined script. Only the plainest forms are known: an import in one line, and `export` before a declaration.
fn statement(line: &str) -> Result<Statement<'_>> {
    if line.starts_with("import ") || line.starts_with("import{") {
        let path = line
            .strip_suffix("';")
            .and_then(|line| line.rsplit_once('\''))
            .map(|(_, path)| path)
            .filter(|path| path.starts_with("./") || path.starts_with("../"));
        return path
            .map(Statement::Import)
            .context("an import of a file beside this one, in one line, was expected");
    }
    let Some(exported) = line.strip_prefix("export ") else {
        return Ok(Statement::Code(line));
    };
    if !["const ", "let ", "class ", "function ", "async function "]
        .iter()
        .any(|declaration| exported.starts_with(declaration))
    {
        bail!("only declarations are exported");
    }
    Ok(Statement::Code(exported))
}

#[cfg(test)]
mod tests {
    use super::joined;

    fn of(files: &[(&str, &str)]) -> anyhow::Result<String> {
        let directory = tempfile::tempdir().unwrap();
        for (name, text) in files {
            std::fs::write(directory.path().join(name), text).unwrap();
        }
        joined(&directory.path().join(files[0].0))
    }

    #[test]
    fn each_module_stands_once_and_after_what_it_imports() {
        let text = of(&[
            (
                "a.js",
                "import { b } from './b.js';\nimport './c.js';\nb(c);\n",
            ),
            (
                "b.js",
                "import { c } from './c.js';\nexport const b = (d) => d + c;\n",
            ),
            ("c.js", "export const c = 1;\n"),
        ])
        .unwrap();
        assert_eq!(
            text,
            "(() => {\n'use strict';\nconst c = 1;\nconst b = (d) => d + c;\nb(c);\n})();\n"
        );
    }

    #[test]
    fn what_cannot_be_joined_is_refused() {
        assert!(of(&[("a.js", "import './a.js';\n")]).is_err());
        assert!(of(&[("a.js", "import x from 'x';\n")]).is_err());
        assert!(of(&[("a.js", "export default 1;\n")]).is_err());
        assert!(of(&[("a.js", "export { a };\n")]).is_err());
        assert!(of(&[("a.js", "import './missing.js';\n")]).is_err());
    }
}
