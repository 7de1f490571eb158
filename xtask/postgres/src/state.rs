//! What a server says of itself in its lock file.

use std::path::Path;

/// Which server wrote the file last, and how far it has come.
pub(crate) struct State {
    /// Its process id, directory and start; empty without a file. A killed server leaves its file behind.
    pub(crate) server: String,
    /// It takes connections.
    pub(crate) is_ready: bool,
}

/// Reads `postmaster.pid`; its lines are described in PostgreSQL's `miscadmin.h`.
pub(crate) fn read(data: &Path) -> State {
    let text = std::fs::read_to_string(data.join("postmaster.pid")).unwrap_or_default();
    let lines: Vec<&str> = text.lines().collect();
    State {
        server: lines[..lines.len().min(3)].join("\n"),
        is_ready: lines.get(7).is_some_and(|word| word.trim() == "ready"),
    }
}
