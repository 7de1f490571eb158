//! The rule that docs/ARCHITECTURE.md shows the rooms as the table has them.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use super::floors;

const DOCUMENT: &str = "docs/ARCHITECTURE.md";
const BEGIN: &str = "<!-- rooms: made from xtask/src/tidy/floors/table.rs -->\n";
const END: &str = "<!-- end of rooms -->\n";

/// Adds a sentence when the document shows other rooms; writes it anew instead where `UPDATE_DOCS=1` is set.
pub(super) fn check(
    root: &Path,
    files: &[(String, String)],
    broken: &mut Vec<String>,
) -> Result<()> {
    let document = files.iter().find(|(path, _)| path == DOCUMENT);
    let text = document.map_or("", |(_, text)| text.as_str());
    let Some(wanted) = with_picture(text) else {
        broken.push(format!(
            "{DOCUMENT}: the rooms belong between `{}` and `{}`",
            BEGIN.trim(),
            END.trim()
        ));
        return Ok(());
    };
    if wanted == text {
        return Ok(());
    }
    if std::env::var_os("UPDATE_DOCS").is_some_and(|value| value == "1") {
        return fs::write(root.join(DOCUMENT), wanted)
            .with_context(|| format!("{DOCUMENT} cannot be written"));
    }
    broken.push(format!(
        "{DOCUMENT}: shows other rooms than the table; `UPDATE_DOCS=1 cargo xtask test --only tidy` writes them anew"
    ));
    Ok(())
}

/// The document with the table's rooms in it; `None` when it has no place for them.
fn with_picture(text: &str) -> Option<String> {
    let (before, rest) = text.split_once(BEGIN)?;
    let (_, after) = rest.split_once(END)?;
    Some(format!(
        "{before}{BEGIN}\n{}\n{END}{after}",
        floors::picture()
    ))
}

#[cfg(test)]
mod tests {
    use super::{BEGIN, END, with_picture};

    #[test]
    fn only_the_part_between_the_marks_is_written() {
        let text = format!("before\n{BEGIN}STALE\n{END}after\n");
        let written = with_picture(&text).unwrap();
        assert!(written.starts_with("before\n") && written.ends_with("after\n"));
        assert!(!written.contains("STALE") && written.contains("| room |"));
        assert_eq!(with_picture(&written).as_deref(), Some(written.as_str()));
        assert_eq!(with_picture("nothing"), None);
    }
}
