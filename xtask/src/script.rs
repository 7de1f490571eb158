//! Taking comments and indentation out of a script we ship.

use anyhow::{Result, bail, ensure};

/// Removes comments that stand on lines of their own, indentation and empty lines. Everything else stays, so no knowledge of
/// JavaScript's grammar is needed; a template literal over several lines, the one place where indentation has a meaning,
/// is refused.
pub(crate) fn tighten(text: &str) -> Result<String> {
    let mut out = String::with_capacity(text.len());
    let mut in_comment = false;
    for (number, line) in (1..).zip(text.lines()) {
        let line = line.trim();
        if in_comment {
            if let Some(end) = line.find("*/") {
                ensure!(
                    line.len() == end + 2,
                    "line {number}: nothing may follow the end of a comment"
                );
                in_comment = false;
            }
            continue;
        }
        if line.is_empty() || line.starts_with("//") {
            continue;
        }
        if let Some(comment) = line.strip_prefix("/*") {
            match comment.find("*/") {
                None => {
                    in_comment = true;
                    continue;
                }
                Some(end) if end + 2 == comment.len() => continue,
                // A type annotation before an expression: the line stays whole.
                Some(_) => {}
            }
        }
        if line.matches('`').count() % 2 == 1 {
            bail!("line {number}: a template literal over several lines cannot be tightened");
        }
        out.push_str(line);
        out.push('\n');
    }
    ensure!(!in_comment, "a comment is not closed");
    Ok(out)
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
    fn what_could_change_its_meaning_is_refused() {
        assert!(tighten("a = `b\n  c`;").is_err());
        assert!(tighten("/* a\n */ b();").is_err());
        assert!(tighten("/* a").is_err());
    }
}
