//! What is signed, and by which keys.

use serde::{Deserialize, Serialize};

/// `GET /v1/checkouts/{id}/receipt`: what was paid, signed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ReceiptView {
    /// A compact JWS over the facts (docs/ATTESTATION.md).
    pub receipt: String,
}

/// `GET /v1/attestation-keys`: the public keys of a store, as a JSON Web Key Set (RFC 7517).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttestationKeysView {
    /// The key that signs now, then those the configuration lists besides. Empty where the store signs nothing.
    pub keys: Vec<AttestationKeyView>,
}

/// A public key, as a JSON Web Key (RFC 8037).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttestationKeyView {
    /// Always `OKP`.
    pub kty: String,
    /// Always `Ed25519`.
    pub crv: String,
    /// The key: 32 bytes in base64url. It is what `attest-key` takes.
    pub x: String,
    /// Its thumbprint (RFC 7638), by which signatures name it.
    pub kid: String,
    /// Always `EdDSA`.
    pub alg: String,
}
