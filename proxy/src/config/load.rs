//! Reading a configuration: a file, and the environment over it.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::draft::Draft;
use super::environment::Environment;
use super::error::{ConfigErrors, Note};
use super::place::Place;
use super::settings::Config;
use super::values::Values;
use super::{check, file};

/// What was read: the configuration or everything that is wrong with it, and what is worth knowing besides.
#[derive(Debug)]
pub struct Reading {
    /// The configuration, or all of its mistakes.
    pub config: Result<Config, ConfigErrors>,
    /// The parts that can be used, to be looked at even when others cannot.
    pub draft: Draft,
    /// Remarks and dangers.
    pub notes: Vec<Note>,
    /// The configuration file, and every file of a secret that it names.
    pub files: Vec<PathBuf>,
}

impl Config {
    /// Reads a TOML file, then the environment variables `CALYPSO_PROXY_…` over it (`__` for the dot: `gateway.base_url` is
    /// `CALYPSO_PROXY_GATEWAY__BASE_URL`), and checks every value. Relative paths count from the file's directory.
    ///
    /// # Errors
    /// [`ConfigErrors`]: every mistake there is, each with the key and where it was set.
    pub fn load(path: &Path) -> Result<Self, ConfigErrors> {
        Self::read(path).config
    }

    /// Like [`Config::load`], with the environment given as pairs of name and value.
    ///
    /// # Errors
    /// As for [`Config::load`].
    pub fn load_with(
        path: &Path,
        environment: impl IntoIterator<Item = (String, String)>,
    ) -> Result<Self, ConfigErrors> {
        let environment = environment
            .into_iter()
            .map(|(name, value)| (name.into(), value.into()));
        Self::read_in(path, &Environment::of(environment)).config
    }

    /// Like [`Config::load`], with what is worth knowing besides.
    #[must_use]
    pub fn read(path: &Path) -> Reading {
        Self::read_in(path, &Environment::of_process())
    }

    fn read_in(path: &Path, environment: &Environment) -> Reading {
        let name: Arc<str> = path.display().to_string().into();
        let mut values = Values::new(Place::File(Arc::clone(&name)));
        let has_keys = match file::text(path) {
            Ok(text) => file::read(&name, &text, &mut values),
            Err(error) => {
                values.errors.push(error);
                false
            }
        };
        environment.read(&mut values);
        let base = path.parent().unwrap_or(Path::new(""));
        let draft = if has_keys {
            check::checked(&mut values, base, environment)
        } else {
            // Without the file every key would be missing, which is not what is wrong.
            Draft::default()
        };
        let mut files = vec![path.to_owned()];
        files.append(&mut values.files);
        let mut notes = values.notes;
        notes.extend(check::remarks(&draft));
        let config = match (draft.clone().whole(), values.errors) {
            (Some(config), errors) if errors.is_empty() => Ok(config),
            (_, errors) => Err(ConfigErrors::new(errors)),
        };
        Reading {
            config,
            draft,
            notes,
            files,
        }
    }
}
