//! Where a value was set, as messages say it.

use std::fmt;
use std::sync::Arc;

/// A line of the configuration file, or an environment variable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Place {
    /// The whole file.
    File(Arc<str>),
    /// A line of the file, counted from 1.
    Line(Arc<str>, usize),
    /// The variable's name.
    Variable(String),
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(file) => f.write_str(file),
            Self::Line(file, line) => write!(f, "{file}, line {line}"),
            Self::Variable(name) => write!(f, "environment variable {name}"),
        }
    }
}
