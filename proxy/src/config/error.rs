//! What is wrong with a configuration, all of it, and what is worth knowing about it.

use std::fmt;
use std::path::PathBuf;

/// One reason why a configuration cannot be used. Every message names the key and where it was set, and quotes no secret.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("cannot read the configuration file {path}: {reason}")]
    File {
        /// The path given.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// The file is no TOML. The line itself is not quoted: it may hold a secret that was put there by mistake.
    #[error("{place}, column {column}: this is not TOML: {reason}")]
    Syntax {
        /// The file and the line, counted from 1.
        place: String,
        /// The column, counted from 1.
        column: usize,
        /// What the parser expected.
        reason: String,
    },
    /// A key that there is not.
    #[error("`{key}` ({place}) is not a key of this configuration{hint}")]
    UnknownKey {
        /// The key, with dots.
        key: String,
        /// Where it was found.
        place: String,
        /// What was most likely meant.
        hint: String,
    },
    /// An environment variable that begins like the proxy's own variables and is not one of them.
    #[error("environment variable {name} is not one the proxy knows{hint}")]
    UnknownVariable {
        /// Its name.
        name: String,
        /// What was most likely meant.
        hint: String,
    },
    /// A key that must be set and is not.
    #[error("`{key}` is missing in {place}: {about}")]
    Missing {
        /// The key, with dots.
        key: String,
        /// The file, or the table's first line.
        place: String,
        /// What the key is.
        about: &'static str,
    },
    /// A key has a value that cannot be used.
    #[error("`{key}`{}: {reason}", of_place(place.as_deref()))]
    Value {
        /// The key, with dots.
        key: String,
        /// Where it was set.
        place: Option<String>,
        /// What was expected and what came.
        reason: String,
    },
    /// A secret stands in the configuration file itself.
    #[error(
        "`{key}` is a secret and must not stand in {place}: put it into a file only the proxy can read and name that file \
         in `{key}_file`, or set the environment variable {variable}"
    )]
    SecretInFile {
        /// The key, with dots.
        key: String,
        /// Where it was found.
        place: String,
        /// The variable that may hold it.
        variable: String,
    },
    /// A secret was given neither in the environment nor in a file.
    #[error(
        "`{key}` is missing, {about}: set the environment variable {variable}, or `{key}_file` to the path of a file that holds it"
    )]
    SecretMissing {
        /// The key, with dots.
        key: String,
        /// What it is for.
        about: &'static str,
        /// The variable that may hold it.
        variable: String,
    },
    /// A secret that cannot be one. It is never quoted.
    #[error("`{key}` ({place}): {reason}")]
    Secret {
        /// The key, with dots.
        key: String,
        /// The variable or the file it was taken from.
        place: String,
        /// What is wrong with it.
        reason: String,
    },
}

fn of_place(place: Option<&str>) -> String {
    place.map_or_else(String::new, |place| format!(" ({place})"))
}

/// Everything that is wrong with a configuration, in the order of its keys. There is at least one.
#[derive(Debug)]
pub struct ConfigErrors(Vec<ConfigError>);

impl ConfigErrors {
    pub(super) fn new(errors: Vec<ConfigError>) -> Self {
        Self(errors)
    }

    /// Each of them.
    pub fn iter(&self) -> impl Iterator<Item = &ConfigError> {
        self.0.iter()
    }
}

impl fmt::Display for ConfigErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, error) in self.0.iter().enumerate() {
            if index > 0 {
                writeln!(f)?;
            }
            write!(f, "{error}")?;
        }
        Ok(())
    }
}

impl std::error::Error for ConfigErrors {}

/// Something worth knowing about a configuration that can be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// The sentence.
    pub text: String,
    /// Whether it is a danger: `check` then ends with 1, although `serve` starts.
    pub is_danger: bool,
}

impl Note {
    pub(super) fn remark(text: String) -> Self {
        Self {
            text,
            is_danger: false,
        }
    }

    pub(super) fn danger(text: String) -> Self {
        Self {
            text,
            is_danger: true,
        }
    }
}
