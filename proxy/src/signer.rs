//! Signing for a shop: with the key that pages and receipts are verified by.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use calypso_attest::{Kind, PublicKey, signing_input};
use ed25519_dalek::pkcs8::DecodePrivateKey as _;
use ed25519_dalek::{Signer as _, SigningKey};
use secrecy::zeroize::Zeroizing;
use sha2::{Digest, Sha256};

/// How a key file in the form of OpenSSL begins.
const PEM: &str = "-----BEGIN ";
/// How many bytes a seed has.
const SEED: usize = 32;
/// A seed with fewer different bytes was not made at random: with 32 of them it does not happen once in 10^30 seeds.
const FEWEST_DIFFERENT: usize = 12;

/// A key that signs. Its seed is never shown.
#[derive(Clone)]
pub struct Signer {
    key: SigningKey,
    public: PublicKey,
    kid: String,
}

/// Why a text is no key that signs. None of these quotes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SignerError {
    /// It is neither of the two forms.
    #[error(
        "is neither 32 bytes as 43 characters of base64url nor a PEM file with a private key: `calypso-proxy attestation new` makes one"
    )]
    Form,
    /// A PEM file with something else, such as an RSA key.
    #[error(
        "is a PEM file without an Ed25519 private key: `openssl genpkey -algorithm ed25519` makes one"
    )]
    OtherKey,
    /// The bytes were not made at random.
    #[error(
        "repeats a few bytes, so it can be guessed: `calypso-proxy attestation new` makes a better one"
    )]
    Guessable,
    /// The system gives no random bytes.
    #[error("cannot be made: the system gives no random bytes")]
    NoRandomness,
}

impl Signer {
    /// Reads a seed: 32 bytes in base64url without padding, or the PEM file that `openssl genpkey -algorithm ed25519` makes.
    ///
    /// # Errors
    /// [`SignerError`].
    pub fn parse(text: &str) -> Result<Self, SignerError> {
        if text.starts_with(PEM) {
            let key = SigningKey::from_pkcs8_pem(text).map_err(|_| SignerError::OtherKey)?;
            return Self::new(key);
        }
        let decoded = URL_SAFE_NO_PAD.decode(text).map(Zeroizing::new);
        let decoded = decoded.map_err(|_| SignerError::Form)?;
        let seed = <&[u8; SEED]>::try_from(decoded.as_slice()).map_err(|_| SignerError::Form)?;
        Self::new(SigningKey::from_bytes(seed))
    }

    /// A new seed, written out: the one moment at which it is text.
    ///
    /// # Errors
    /// [`SignerError::NoRandomness`].
    pub fn generate() -> Result<Zeroizing<String>, SignerError> {
        let mut seed = Zeroizing::new([0; SEED]);
        getrandom::fill(seed.as_mut_slice()).map_err(|_| SignerError::NoRandomness)?;
        Ok(Zeroizing::new(URL_SAFE_NO_PAD.encode(seed.as_slice())))
    }

    fn new(key: SigningKey) -> Result<Self, SignerError> {
        let mut different = [false; 256];
        for byte in key.as_bytes() {
            different[usize::from(*byte)] = true;
        }
        if different.iter().filter(|found| **found).count() < FEWEST_DIFFERENT {
            return Err(SignerError::Guessable);
        }
        let public = PublicKey::from_bytes(key.verifying_key().as_bytes());
        let public = public.map_err(|_| SignerError::Guessable)?;
        Ok(Self {
            kid: kid(&public),
            public,
            key,
        })
    }

    /// What pages verify with.
    #[must_use]
    pub fn public(&self) -> &PublicKey {
        &self.public
    }

    /// Signs a payload: the compact JWS.
    pub(crate) fn sign(&self, kind: Kind, payload: &str) -> String {
        let input = signing_input(kind, &self.kid, payload);
        let signature = self.key.sign(input.as_bytes()).to_bytes();
        let mut jws = input;
        jws.push('.');
        URL_SAFE_NO_PAD.encode_string(signature, &mut jws);
        jws
    }
}

impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Signer").field(&self.kid).finish()
    }
}

/// A public key as text: 43 characters of base64url, as `attest-key` takes it.
#[must_use]
pub fn written(public: &PublicKey) -> String {
    URL_SAFE_NO_PAD.encode(public.as_bytes())
}

/// The thumbprint of a public key (RFC 7638, for Ed25519 RFC 8037 appendix A.3), by which signatures and lists of keys name it.
#[must_use]
pub fn kid(public: &PublicKey) -> String {
    let x = written(public);
    let members = format!(r#"{{"crv":"Ed25519","kty":"OKP","x":"{x}"}}"#);
    URL_SAFE_NO_PAD.encode(Sha256::digest(members))
}

#[cfg(test)]
mod tests;
