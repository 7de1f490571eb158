//! Making a script that we ship shorter: without its comments and indentation, or minified.

use std::fs;

use anyhow::{Context, Result, ensure};

use crate::workspace::Workspace;
use crate::{shell, tools};

/// Minifies a classic script with the pinned terser. Names of properties stay.
pub(crate) fn minify(workspace: &Workspace, name: &str, text: &str) -> Result<String> {
    let node = tools::node::find(workspace)?;
    let path = workspace.target("xtask").join(name);
    fs::create_dir_all(workspace.target("xtask")).context("target/xtask could not be made")?;
    fs::write(&path, text).with_context(|| format!("{} could not be written", path.display()))?;
    let minified = shell::read(
        workspace
            .command(node)
            .arg(workspace.path("node_modules/terser/bin/terser"))
            .arg(&path)
            .args([
                "--ecma",
                "2022",
                "--compress",
                "passes=3,unsafe_arrows",
                "--mangle",
            ]),
    )?;
    ensure!(!minified.trim().is_empty(), "terser left nothing of {name}");
    Ok(minified)
}

/// Removes comments that stand on lines of their own, indentation and empty lines. Everything else stays, so no knowledge of
/// JavaScript's grammar is needed but this: in a template literal over several lines indentation has a meaning and is kept.
/// A backtick therefore has to have its partner, in strings and comments behind code too.
pub(crate) fn tighten(text: &str) -> Result<String> {
    let mut out = String::with_capacity(text.len());
    let mut inside = Inside::Code;
    for (number, line) in (1..).zip(text.lines()) {
        let tight = line.trim();
        match inside {
            Inside::Comment => {
                if let Some(end) = tight.find("*/") {
                    ensure!(
                        tight.len() == end + 2,
                        "line {number}: nothing may follow the end of a comment"
                    );
                    inside = Inside::Code;
                }
                continue;
            }
            Inside::Code if tight.is_empty() || tight.starts_with("//") => continue,
            Inside::Code => match tight.strip_prefix("/*").map(|comment| comment.find("*/")) {
                Some(None) => {
                    inside = Inside::Comment;
                    continue;
                }
                Some(Some(end)) if end + 4 == tight.len() => continue,
                // A type annotation before an expression: the line stays whole.
                Some(Some(_)) | None => {}
            },
            Inside::Template => {}
        }
        let turns = line.matches('`').count() % 2 == 1;
        out.push_str(match (inside, turns) {
            (Inside::Template, _) => line,
            (_, true) => line.trim_start(),
            (_, false) => tight,
        });
        out.push('\n');
        if turns {
            inside = match inside {
                Inside::Template => Inside::Code,
                Inside::Code | Inside::Comment => Inside::Template,
            };
        }
    }
    ensure!(
        inside == Inside::Code,
        "a comment or a template literal is not closed"
    );
    Ok(out)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Inside {
    Code,
    Comment,
    Template,
}

#[cfg(test)]
mod tests {
    use super::tighten;

    #[test]
    fn comments_and_indentation_go_and_code_stays() {
        let text = "// what\n\n/**\n * @type {string}\n */\nif (a) {\n    /* one */\n    b(\"// c\"); // why\n}\n";
        assert_eq!(tighten(text).unwrap(), "if (a) {\nb(\"// c\"); // why\n}\n");
        assert_eq!(
            tighten("/** @type {A} */ (b).c();").unwrap(),
            "/** @type {A} */ (b).c();\n"
        );
    }

    #[test]
    fn a_template_over_several_lines_keeps_its_lines() {
        let text = "  a = `\n    // b \n\n  c`;\n  d();\n";
        assert_eq!(tighten(text).unwrap(), "a = `\n    // b \n\n  c`;\nd();\n");
    }

    #[test]
    fn what_could_change_its_meaning_is_refused() {
        assert!(tighten("a = `b\n  c;").is_err());
        assert!(tighten("/* a\n */ b();").is_err());
        assert!(tighten("/* a").is_err());
    }
}
