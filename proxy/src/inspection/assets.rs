//! Looking at the widget's files.

use std::path::Path;

use super::InspectionError;
use crate::assets::Assets;
use crate::input::redacted;

/// Looks whether the widget's files are complete.
///
/// # Errors
/// [`InspectionError::Assets`].
pub fn inspect_assets(directory: Option<&Path>) -> Result<String, InspectionError> {
    let Some(directory) = directory else {
        return Ok("widget: not served, the key `assets` is not set".to_owned());
    };
    Assets::load(directory)?;
    Ok(format!("widget: {} is complete", redacted::path(directory)))
}
