//! Text files that may hold a secret, read so that the copy is wiped from memory when it is dropped.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use secrecy::zeroize::Zeroizing;

/// Reads a file of UTF-8 text. `expected` says in an error what should be there.
///
/// # Errors
/// The reason, when it is a directory, longer than `most` bytes, other than UTF-8, or cannot be read.
pub(super) fn text(path: &Path, most: u64, expected: &str) -> Result<Zeroizing<String>, String> {
    let cannot = |error: std::io::Error| error.to_string();
    let about = std::fs::metadata(path).map_err(cannot)?;
    if about.is_dir() {
        return Err(format!("it is a directory, expected {expected}"));
    }
    let length = about.len();
    if length > most {
        return Err(format!(
            "it has {length} bytes, expected {expected} of at most {most}"
        ));
    }
    // As large as the file, so that nothing is moved while it grows and left behind.
    let room = usize::try_from(length).unwrap_or(0).saturating_add(1);
    let mut bytes = Zeroizing::new(Vec::with_capacity(room));
    File::open(path)
        .and_then(|file| file.take(most).read_to_end(&mut bytes))
        .map_err(cannot)?;
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        return Err("it is UTF-16, expected UTF-8: save it again".to_owned());
    }
    match std::str::from_utf8(&bytes) {
        Ok(text) => Ok(Zeroizing::new(text.to_owned())),
        Err(error) => {
            let at = error.valid_up_to();
            Err(format!("it is not UTF-8 text from byte {at} on"))
        }
    }
}
