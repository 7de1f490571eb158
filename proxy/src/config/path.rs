//! Paths of files and directories.

use std::path::Path;

/// A path counted from the configuration file's directory.
pub(super) fn path_of(text: &str, base: &Path) -> Result<std::path::PathBuf, String> {
    if text.trim().is_empty() {
        return Err("is empty, expected a path".to_owned());
    }
    if text.contains("://") || text.starts_with("sqlite:") {
        return Err("is a URL, expected a path".to_owned());
    }
    if text.starts_with('~') || text.starts_with('$') {
        return Err(
            "begins with `~` or `$`, which only a shell knows: expected the whole path".to_owned(),
        );
    }
    if text.chars().any(char::is_control) {
        return Err("holds control characters, expected a path".to_owned());
    }
    Ok(base.join(text))
}
