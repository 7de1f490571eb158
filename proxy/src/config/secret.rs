//! Secrets come from the environment or from a file of their own, never from the configuration file.

use std::path::Path;

use secrecy::SecretString;
use secrecy::zeroize::Zeroizing;

use super::environment::Environment;
use super::error::{ConfigError, Note};
use super::values::Values;
use super::wiped;
use crate::input::redacted;

/// The longest file a secret is read from.
const MOST_BYTES: u64 = 64 * 1024;

/// One of the secrets.
pub(super) struct Secret {
    /// Its key, with dots.
    pub(super) key: &'static str,
    /// The key of the file that may hold it.
    pub(super) file_key: &'static str,
    /// The variable that may hold it.
    pub(super) variable: String,
    /// What it is for.
    pub(super) about: &'static str,
}

impl Secret {
    /// Takes the secret, which must be there.
    pub(super) fn read(
        &self,
        base: &Path,
        environment: &Environment,
        values: &mut Values,
    ) -> Option<SecretString> {
        let secret = self.read_optional(base, environment, values)?;
        if secret.is_none() {
            values.errors.push(ConfigError::SecretMissing {
                key: values.named(self.key),
                about: self.about,
                variable: self.variable.clone(),
            });
        }
        secret
    }

    /// Takes the secret, if it is there. The environment wins over the file, and that is said. The outer `None` stands for one that
    /// cannot be used.
    pub(super) fn read_optional(
        &self,
        base: &Path,
        environment: &Environment,
        values: &mut Values,
    ) -> Option<Option<SecretString>> {
        self.read_as(fault, base, environment, values)
    }

    /// As [`Secret::read_optional`], for one of another form: `fault` says why a text can be none.
    pub(super) fn read_as(
        &self,
        fault: fn(&str) -> Option<&'static str>,
        base: &Path,
        environment: &Environment,
        values: &mut Values,
    ) -> Option<Option<SecretString>> {
        let file = values.text(self.file_key);
        if let Some(secret) = environment.get(&self.variable) {
            if let (Some(_), Some(place)) = (&file, values.place(self.file_key)) {
                let text = format!(
                    "`{}`: environment variable {} wins; the file named in `{}` ({place}) is not read",
                    values.named(self.key),
                    self.variable,
                    values.named(self.file_key)
                );
                values.notes.push(Note::remark(text));
            }
            let place = format!("environment variable {}", self.variable);
            return checked(self.key, secret, &place, fault, values).map(Some);
        }
        if environment.is_empty(&self.variable) {
            values.notes.push(Note::remark(format!(
                "`{}`: environment variable {} is empty, which counts as not set",
                values.named(self.key),
                self.variable
            )));
        }
        let Some(file) = file else {
            // A file that was named by something else than a text has been complained about, and counts as none.
            return Some(None);
        };
        let (text, place) = file_text(self.file_key, &file, base, values)?;
        checked(self.key, &text, &place, fault, values).map(Some)
    }
}

/// The secret of a file that one of several keys, or one entry of a list, names.
pub(super) fn from_file(
    key: &'static str,
    file: &str,
    base: &Path,
    values: &mut Values,
) -> Option<SecretString> {
    let (text, place) = file_text(key, file, base, values)?;
    checked(key, &text, &place, fault, values)
}

/// The one line of a secret's file, and how messages name the file.
fn file_text(
    key: &'static str,
    file: &str,
    base: &Path,
    values: &mut Values,
) -> Option<(Zeroizing<String>, String)> {
    let path = base.join(file);
    values.files.push(path.clone());
    match wiped::text(&path, MOST_BYTES, "a file of one line") {
        Ok(mut text) => {
            if let Some(text) = open_to_others(&values.named(key), &path) {
                values.notes.push(Note::danger(text));
            }
            for end in ['\n', '\r'] {
                if text.ends_with(end) {
                    text.pop();
                }
            }
            Some((text, path.display().to_string()))
        }
        Err(reason) => {
            let reason = if looks_like_a_path(file, base) {
                format!(
                    "cannot take the secret from {}: {reason}",
                    redacted::path(&path)
                )
            } else {
                "names no file that can be read; its value is not shown, in case it is the secret itself: expected the path of a \
                 file that holds it"
                    .to_owned()
            };
            values.wrong(key, reason);
            None
        }
    }
}

fn checked(
    key: &'static str,
    text: &str,
    place: &str,
    fault: fn(&str) -> Option<&'static str>,
    values: &mut Values,
) -> Option<SecretString> {
    match fault(text) {
        None => Some(SecretString::from(text)),
        Some(reason) => {
            values.errors.push(ConfigError::Secret {
                key: values.named(key),
                place: place.to_owned(),
                reason: reason.to_owned(),
            });
            None
        }
    }
}

/// Why a text can be no secret, if it cannot. Each of these was sent by somebody as a secret, and answered with «wrong signature».
pub(super) fn fault(text: &str) -> Option<&'static str> {
    let inside = text.trim();
    let quoted =
        |quote: char| inside.len() > 1 && inside.starts_with(quote) && inside.ends_with(quote);
    if text.contains('\u{feff}') {
        Some("begins with or holds a byte order mark (U+FEFF): save the file as UTF-8 without one")
    } else if inside.is_empty() {
        Some("is empty, expected one line with the secret")
    } else if text.trim_end_matches(['\r', '\n']).contains(['\n', '\r']) {
        Some("has more than one line, expected one with nothing but the secret")
    } else if text != inside {
        Some("begins or ends with blanks, which would count as part of it: take them away")
    } else if quoted('"') || quoted('\'') || quoted('`') {
        Some("stands in quotes, which would count as part of it: take them away")
    } else if inside.chars().any(char::is_control) {
        Some("holds control characters, expected one line of text")
    } else if inside.starts_with("CALYPSO_PROXY_") || inside.starts_with("export ") {
        Some("is an assignment NAME=secret, expected the secret alone")
    } else if is_placeholder(inside) {
        Some("is the placeholder of an example, expected your own")
    } else {
        None
    }
}

/// Whether a value was copied from an example without being filled in.
pub(super) fn is_placeholder(text: &str) -> bool {
    let inside = text.trim_start_matches("0x");
    let filled = inside.trim_matches(['.', '…', '*', '<', '>', 'x', 'X', '_', '-', ' ']);
    (filled.is_empty() && !text.is_empty())
        || (text.starts_with('<') && text.ends_with('>'))
        || text.contains('…')
        || text.contains("...")
}

/// Whether the value names a place on this disk, so that it is worth showing; a secret that was written there by mistake does not.
fn looks_like_a_path(file: &str, base: &Path) -> bool {
    if file.starts_with("./") || file.starts_with("../") {
        return true;
    }
    // The first directory is there: `/run` of `/run/secrets/key`, `secrets` of `secrets/key`.
    let from = usize::from(file.starts_with('/'));
    let first = file[from..].find('/').map(|at| &file[..from + at]);
    first.is_some_and(|first| base.join(first).is_dir())
}

/// The danger that others on this computer can read the file, if they can.
#[cfg(unix)]
fn open_to_others(key: &str, path: &Path) -> Option<String> {
    use std::os::unix::fs::PermissionsExt as _;

    let mode = std::fs::metadata(path).ok()?.permissions().mode() & 0o777;
    let who = match (mode & 0o077, mode & 0o007) {
        (0, _) => return None,
        (_, 0) => "its group",
        _ => "everybody on this computer",
    };
    let path = path.display();
    Some(format!(
        "`{key}`: {path} has mode {mode:04o}, so {who} can reach the secret; expected 0600 or 0400: chmod 600 '{path}'"
    ))
}

#[cfg(not(unix))]
fn open_to_others(_: &str, _: &Path) -> Option<String> {
    None
}

#[cfg(test)]
mod tests {
    use super::{fault, is_placeholder};

    #[test]
    fn what_can_be_no_secret_is_named_without_being_shown() {
        for (text, expected) in [
            ("\u{feff}s3cret", "byte order mark"),
            ("s3cret\u{feff}", "byte order mark"),
            ("", "is empty"),
            (" \t", "is empty"),
            ("s3cret ", "blanks"),
            ("\ts3cret", "blanks"),
            ("s3cret\u{a0}", "blanks"),
            ("s3cret\n\n", "blanks"),
            ("s3cret\nmore", "more than one line"),
            ("\"s3cret\"", "quotes"),
            ("'s3cret'", "quotes"),
            ("s3\u{1b}cret", "control characters"),
            ("CALYPSO_PROXY_GATEWAY__SECRET=s3cret", "NAME=secret"),
            ("export SECRET=s3cret", "NAME=secret"),
            ("…", "placeholder"),
            ("<your secret>", "placeholder"),
        ] {
            let said = fault(text).unwrap_or_else(|| panic!("{text:?} was taken"));
            assert!(
                said.contains(expected) && !said.contains("s3cret"),
                "{text:?}: {said}"
            );
        }
        for text in ["s3cret", "a b", "\"half", "0123456789abcdef"] {
            assert_eq!(fault(text), None, "{text:?}");
        }
        assert!(is_placeholder("0x…") && is_placeholder("0x...") && is_placeholder("xxxx"));
        assert!(!is_placeholder(
            "0x5a4db0c0ffee00000000000000000000000a11ce"
        ));
    }
}
