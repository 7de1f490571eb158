//! Whether files of keys have changed since they were read.

use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// What of a file tells that it is another one, or was written to.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Stamp {
    modified: Option<SystemTime>,
    length: u64,
}

/// The files, and how they looked.
pub(crate) struct KeyFiles {
    files: Vec<PathBuf>,
    /// When they were read.
    read: Vec<Option<Stamp>>,
    /// At the last look.
    seen: Vec<Option<Stamp>>,
}

impl KeyFiles {
    /// These files, as they look now.
    pub(crate) fn new(files: Vec<PathBuf>) -> Self {
        let read = stamps(&files);
        Self {
            files,
            seen: read.clone(),
            read,
        }
    }

    /// Whether they are to be read again: they look otherwise than when they were read, and as at the last look, so nobody is writing to them just
    /// now.
    pub(crate) fn have_changed(&mut self) -> bool {
        let now = stamps(&self.files);
        let is_settled = now == self.seen;
        self.seen = now;
        is_settled && self.seen != self.read
    }
}

fn stamps(files: &[PathBuf]) -> Vec<Option<Stamp>> {
    files.iter().map(|file| stamp(file)).collect()
}

/// How a file looks; behind a link the file that is meant. None where there is none.
fn stamp(file: &Path) -> Option<Stamp> {
    let about = std::fs::metadata(file).ok()?;
    Some(Stamp {
        modified: about.modified().ok(),
        length: about.len(),
    })
}

#[cfg(test)]
mod tests {
    use super::KeyFiles;

    #[test]
    fn a_change_is_told_once_nobody_writes_any_more() {
        let directory = tempfile::tempdir().unwrap();
        let (one, other) = (directory.path().join("one"), directory.path().join("other"));
        std::fs::write(&one, "a").unwrap();
        let all = || vec![one.clone(), other.clone()];
        let mut files = KeyFiles::new(all());
        assert!(!files.have_changed());
        // Half of it, then the rest.
        std::fs::write(&one, "ab").unwrap();
        assert!(!files.have_changed());
        std::fs::write(&one, "abc").unwrap();
        assert!(!files.have_changed());
        assert!(files.have_changed());
        // As long as nobody has read it.
        assert!(files.have_changed());
        files = KeyFiles::new(all());
        assert!(!files.have_changed());
        // A file that comes, and one that goes.
        std::fs::write(&other, "x").unwrap();
        assert!(!files.have_changed());
        assert!(files.have_changed());
        files = KeyFiles::new(all());
        std::fs::remove_file(&one).unwrap();
        assert!(!files.have_changed());
        assert!(files.have_changed());
    }
}
