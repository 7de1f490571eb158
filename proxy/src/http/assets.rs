//! The widget's own files: read once at start, served to any page.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::rejection::PathRejection;
use axum::extract::{self, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use checkout::ErrorCode;
use sha2::{Digest, Sha256};

use super::answer::has;
use crate::config::shown;
use crate::inner::Inner;
use crate::refusal::Refusal;

/// Files whose name holds their hash never change.
const IMMUTABLE: &str = "public, max-age=31536000, immutable";
/// The loader keeps its name, so a new version must be noticed soon.
const SHORT: &str = "public, max-age=300";

/// The widget's files by the path they are served under. Only what was found at start exists, so no path can lead elsewhere.
pub(crate) struct Assets(HashMap<String, Asset>);

struct Asset {
    content_type: &'static str,
    cache: &'static str,
    plain: Encoded,
    brotli: Option<Encoded>,
    gzip: Option<Encoded>,
}

struct Encoded {
    bytes: Bytes,
    tag: String,
}

/// Why the directory with the widget cannot be served.
#[derive(Debug, thiserror::Error)]
pub enum AssetsError {
    /// A file or directory cannot be read.
    #[error(
        "cannot read the widget's files: {}: {reason}; build them with `cargo xtask build`",
        shown::path(path)
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
        shown::path(path)
    )]
    NoDirectory {
        /// What was named.
        path: PathBuf,
    },
    /// The directory has no file of a kind the widget cannot do without.
    #[error(
        "{} holds no `.{extension}` file; build the widget with `cargo xtask build`",
        shown::path(path)
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

    fn answer(&self, request: &HeaderMap) -> Response {
        let (encoding, encoded) = match (&self.brotli, &self.gzip) {
            (Some(brotli), _) if accepts(request, "br") => (Some("br"), brotli),
            (_, Some(gzip)) if accepts(request, "gzip") => (Some("gzip"), gzip),
            _ => (None, &self.plain),
        };
        let mut response = if has(request, &encoded.tag) {
            StatusCode::NOT_MODIFIED.into_response()
        } else {
            let mut response = encoded.bytes.clone().into_response();
            response.headers_mut().insert(
                header::CONTENT_TYPE,
                HeaderValue::from_static(self.content_type),
            );
            if let Some(encoding) = encoding {
                response
                    .headers_mut()
                    .insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
            }
            response
        };
        let headers = response.headers_mut();
        headers.insert(
            header::ETAG,
            HeaderValue::from_str(&encoded.tag)
                .expect("hexadecimal digits in quotes make a header value"),
        );
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(self.cache));
        headers.insert(header::VARY, HeaderValue::from_static("Accept-Encoding"));
        // Integrity hashes work across origins only for answers that any origin may read.
        headers.insert(
            header::ACCESS_CONTROL_ALLOW_ORIGIN,
            HeaderValue::from_static("*"),
        );
        headers.insert(
            "cross-origin-resource-policy",
            HeaderValue::from_static("cross-origin"),
        );
        response
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

/// Whether the request accepts an encoding: named, or by `*`, and not with `q=0`.
fn accepts(request: &HeaderMap, encoding: &str) -> bool {
    let values = request
        .get_all(header::ACCEPT_ENCODING)
        .iter()
        .filter_map(|value| value.to_str().ok());
    let items: Vec<(&str, bool)> = values
        .flat_map(|value| value.split(','))
        .map(weighed)
        .collect();
    let of = |name: &str| {
        items
            .iter()
            .find(|(item, _)| item.eq_ignore_ascii_case(name))
            .map(|(_, wanted)| *wanted)
    };
    of(encoding).or_else(|| of("*")).unwrap_or(false)
}

/// One item of `Accept-Encoding`: its name, and whether it is wanted at all.
fn weighed(item: &str) -> (&str, bool) {
    let mut parts = item.split(';').map(str::trim);
    let name = parts.next().unwrap_or_default();
    let refused = parts.any(|part| {
        let weight = part.strip_prefix("q=").or_else(|| part.strip_prefix("Q="));
        weight.is_some_and(|weight| {
            weight.trim().starts_with('0') && weight.trim().chars().all(|c| matches!(c, '0' | '.'))
        })
    });
    (name, !refused)
}

fn find(inner: &Inner, path: &str, request: &HeaderMap) -> Result<Response, Refusal> {
    match inner.assets.0.get(path) {
        Some(asset) => Ok(asset.answer(request)),
        None if inner.assets.0.is_empty() => Err(Refusal::new(
            ErrorCode::NotFound,
            "this proxy serves no widget: the key `assets` of its configuration is not set",
        )),
        None => Err(Refusal::new(
            ErrorCode::NotFound,
            "the widget has no file of this name; an older page may name a version that is gone",
        )),
    }
}

/// `GET /calypso-pay.js`
pub(super) async fn loader(
    State(inner): State<Arc<Inner>>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    find(&inner, "/calypso-pay.js", &headers)
}

/// `GET /integrity.json`
pub(super) async fn integrity(
    State(inner): State<Arc<Inner>>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    find(&inner, "/integrity.json", &headers)
}

/// `GET /assets/{file}`
pub(super) async fn hashed(
    State(inner): State<Arc<Inner>>,
    file: Result<extract::Path<String>, PathRejection>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let name = file.map_or_else(|_| String::new(), |path| path.0);
    find(&inner, &format!("/assets/{name}"), &headers)
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderMap, HeaderValue, header};

    use super::accepts;

    #[test]
    fn encodings_are_negotiated_by_name_and_weight() {
        for (value, brotli, gzip) in [
            ("br, gzip", true, true),
            ("gzip, deflate, br;q=0.9", true, true),
            ("GZIP", false, true),
            ("br;q=0, gzip", false, true),
            ("br;q=0.000, *", false, true),
            ("*", true, true),
            ("*;q=0", false, false),
            ("gzip;q=0, *", true, false),
            ("identity", false, false),
            ("", false, false),
            ("brotli", false, false),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT_ENCODING, HeaderValue::from_static(value));
            assert_eq!(
                (accepts(&headers, "br"), accepts(&headers, "gzip")),
                (brotli, gzip),
                "{value:?}"
            );
        }
        assert!(!accepts(&HeaderMap::new(), "br"));
    }
}
