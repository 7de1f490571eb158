//! Tron's addresses: base58check with a version that makes them start with `T`.

use super::{AddressError, base58check};

const VERSION: u8 = 0x41;

pub(super) fn parse(text: &str) -> Result<String, AddressError> {
    if base58check::version(text)? != VERSION {
        return Err(AddressError::WrongNetwork);
    }
    Ok(String::from(text))
}
