//! What a program says while it runs, line by line.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use anyhow::{Context, Result};

/// A log that is being written.
pub(crate) struct Log {
    file: File,
    /// The beginning of a line whose end is not there yet.
    begun: Vec<u8>,
}

impl Log {
    /// Reads a log from its beginning.
    pub(crate) fn open(path: &Path) -> Result<Self> {
        Ok(Self {
            file: File::open(path).context("the log cannot be opened")?,
            begun: Vec::new(),
        })
    }

    /// The lines that were finished since the last call.
    pub(crate) fn new_lines(&mut self) -> Result<Vec<String>> {
        self.file
            .read_to_end(&mut self.begun)
            .context("the log cannot be read")?;
        let end = self.begun.iter().rposition(|byte| *byte == b'\n');
        let rest = self.begun.split_off(end.map_or(0, |end| end + 1));
        let whole = std::mem::replace(&mut self.begun, rest);
        let text = String::from_utf8_lossy(&whole);
        Ok(text.lines().map(str::to_owned).collect())
    }
}
