//! The widget's own files, read once at start.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use axum::body::Bytes;
use sha2::{Digest, Sha256};

use crate::input::redacted;

/// Files whose name holds their hash never change.
const IMMUTABLE: &str = "public, max-age=31536000, immutable";
/// The loader keeps its name, so a new version must be noticed soon.
const SHORT: &str = "public, max-age=300";

/// The widget's files by the path they are served under. Only what was found at start exists, so no path can lead elsewhere.
pub(crate) struct Assets(HashMap<String, Asset>);

/// One file, in every encoding that lies beside it.
pub(crate) struct Asset {
    pub(crate) content_type: &'static str,
    pub(crate) cache: &'static str,
    pub(crate) plain: Encoded,
    pub(crate) brotli: Option<Encoded>,
    pub(crate) gzip: Option<Encoded>,
}

/// The bytes of one encoding, with their entity tag.
pub(crate) struct Encoded {
    pub(crate) bytes: Bytes,
    pub(crate) tag: String,
}

/// Why the directory with the widget cannot be served.
#[derive(Debug, thiserror::Error)]
pub enum AssetsError {
    /// A file or directory cannot be read.
    #[error(
        "cannot read the widget's files: {}: {reason}; build them with `cargo xtask build`",
        redacted::path(path)
    )]
    Unreadable {
        /// What was to be read.
        path: PathBuf,
        /// What the operating system said.
        reason: std::io::Error,
    },
    /// What was named is a file.
    #[error(
        "{} is no directory; name the one that `cargo xtask build` fills, dist/widget",
        redacted::path(path)
    )]
    NoDirectory {
        /// What was named.
        path: PathBuf,
    },
    /// The directory has no file of a kind the widget cannot do without.
    #[error(
        "{} holds no `.{extension}` file; build the widget with `cargo xtask build`",
        redacted::path(path)
    )]
    Incomplete {
        /// The directory that was searched.
        path: PathBuf,
        /// The ending that is missing.
        extension: &'static str,
    },
}

impl Assets {
    /// No widget at all.
    pub(crate) fn none() -> Self {
        Self(HashMap::new())
    }

    /// Reads `calypso-pay.js`, `integrity.json` and the hashed files in `assets/`, each with its `.br` and `.gz` where they exist.
    ///
    /// # Errors
    /// [`AssetsError`] when one of them is missing.
    pub(crate) fn load(directory: &Path) -> Result<Self, AssetsError> {
        let about = std::fs::metadata(directory).map_err(|reason| AssetsError::Unreadable {
            path: directory.to_owned(),
            reason,
        })?;
        if !about.is_dir() {
            return Err(AssetsError::NoDirectory {
                path: directory.to_owned(),
            });
        }
        let mut files = HashMap::new();
        for name in ["calypso-pay.js", "integrity.json"] {
            let kind = content_type(name).expect("both names have a known ending");
            files.insert(
                format!("/{name}"),
                Asset::read(&directory.join(name), kind, SHORT)?,
            );
        }
        let hashed = directory.join("assets");
        let unreadable = |reason| AssetsError::Unreadable {
            path: hashed.clone(),
            reason,
        };
        for entry in std::fs::read_dir(&hashed).map_err(unreadable)? {
            let name = entry.map_err(unreadable)?.file_name();
            let Some(name) = name.to_str() else { continue };
            if let Some(kind) = content_type(name) {
                files.insert(
                    format!("/assets/{name}"),
                    Asset::read(&hashed.join(name), kind, IMMUTABLE)?,
                );
            }
        }
        for extension in ["css", "wasm"] {
            if !files.keys().any(|path| {
                path.starts_with("/assets/") && path.ends_with(&format!(".{extension}"))
            }) {
                return Err(AssetsError::Incomplete {
                    path: hashed,
                    extension,
                });
            }
        }
        Ok(Self(files))
    }

    /// Whether no widget is served.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The file served under a path.
    pub(crate) fn get(&self, path: &str) -> Option<&Asset> {
        self.0.get(path)
    }
}

impl Asset {
    fn read(
        path: &Path,
        content_type: &'static str,
        cache: &'static str,
    ) -> Result<Self, AssetsError> {
        let plain = std::fs::read(path).map_err(|reason| AssetsError::Unreadable {
            path: path.to_owned(),
            reason,
        })?;
        let beside = |ending: &str| {
            let mut name = path.as_os_str().to_owned();
            name.push(ending);
            std::fs::read(name).ok()
        };
        let digest = hex::encode(&Sha256::digest(&plain)[..16]);
        let encoded = |bytes: Vec<u8>, suffix: &str| Encoded {
            bytes: bytes.into(),
            tag: format!("\"{digest}{suffix}\""),
        };
        Ok(Self {
            content_type,
            cache,
            brotli: beside(".br").map(|bytes| encoded(bytes, "-br")),
            gzip: beside(".gz").map(|bytes| encoded(bytes, "-gz")),
            plain: encoded(plain, ""),
        })
    }
}

fn content_type(name: &str) -> Option<&'static str> {
    match name.rsplit_once('.')?.1 {
        "js" => Some("text/javascript; charset=utf-8"),
        "wasm" => Some("application/wasm"),
        "css" => Some("text/css; charset=utf-8"),
        "json" => Some("application/json"),
        _ => None,
    }
}
