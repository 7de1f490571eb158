//! Order tokens of one shop: who may have signed them, and what a token is worth.

use std::sync::{Arc, PoisonError, RwLock};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use checkout::{RefusalCode, Timestamp};
use jsonwebtoken::crypto::verify;
use jsonwebtoken::{Algorithm, DecodingKey};
use secrecy::ExposeSecret;

use super::claims::{Claims, SignedOrder};
use super::compact;
use crate::checkouts::shop_id::ShopId;
use crate::config::{OrderAlgorithm, OrderTokens};
use crate::refusal::Refusal;

/// What tokens are verified with, which can be exchanged while requests are served.
pub(in crate::app) struct Verifier(RwLock<Arc<Option<Keys>>>);

/// The one algorithm, and the keys that count.
struct Keys {
    algorithm: OrderAlgorithm,
    keys: Vec<DecodingKey>,
}

impl Verifier {
    /// With the keys of a shop.
    pub(in crate::app) fn of(config: Option<&OrderTokens>) -> Self {
        Self(RwLock::new(Arc::new(config.map(Keys::of))))
    }

    /// Takes other keys in the place of those there are.
    pub(in crate::app) fn exchange(&self, config: Option<&OrderTokens>) {
        let new = Arc::new(config.map(Keys::of));
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = new;
    }

    /// The order that a token of this shop says. Whether the token's time is over is not asked here.
    ///
    /// # Errors
    /// `order_tokens_not_configured`, `order_token_malformed`, `order_token_wrong`.
    pub(super) fn read(
        &self,
        token: &str,
        shop: &ShopId,
        now: Timestamp,
    ) -> Result<SignedOrder, Refusal> {
        let keys = Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner));
        let keys = (*keys).as_ref().ok_or_else(|| {
            Refusal::new(
                RefusalCode::OrderTokensNotConfigured,
                "this store takes no order tokens: set `order_tokens.algorithm` and `order_tokens.key_file` in the proxy's configuration",
            )
        })?;
        keys.read(token, shop, now)
    }
}

fn malformed(why: impl std::fmt::Display) -> Refusal {
    Refusal::new(
        RefusalCode::OrderTokenMalformed,
        format!("`order` is no order token: {why}"),
    )
}

fn wrong(why: &str) -> Refusal {
    Refusal::new(RefusalCode::OrderTokenWrong, why)
}

impl Keys {
    fn of(config: &OrderTokens) -> Self {
        let keys = config.keys.iter().filter_map(|key| {
            let text = key.expose_secret();
            match config.algorithm {
                OrderAlgorithm::Hs256 => DecodingKey::from_secret(text.as_bytes()).ok(),
                OrderAlgorithm::EdDsa => {
                    let key = URL_SAFE_NO_PAD.decode(text).ok()?;
                    Some(DecodingKey::from_ed_der(&key))
                }
            }
        });
        Self {
            algorithm: config.algorithm,
            keys: keys.collect(),
        }
    }

    fn read(&self, token: &str, shop: &ShopId, now: Timestamp) -> Result<SignedOrder, Refusal> {
        let name = self.algorithm.as_str();
        let claims = compact::claims(token, name).map_err(malformed)?;
        let algorithm = match self.algorithm {
            OrderAlgorithm::Hs256 => Algorithm::HS256,
            OrderAlgorithm::EdDsa => Algorithm::EdDSA,
        };
        // The signature alone is the library's business. The header was read above, and the claims are read below, both more strictly.
        let (message, signature) = token.rsplit_once('.').unwrap_or_default();
        let is_signed = self.keys.iter().any(|key| {
            let verified = verify(signature, message.as_bytes(), key, algorithm);
            verified.unwrap_or(false)
        });
        if !is_signed {
            return Err(wrong(
                "the order token is not signed by a key that this store takes",
            ));
        }
        let claims: Claims = compact::object(&claims)
            .map_err(|error| malformed(format_args!("its claims: {error}")))?;
        SignedOrder::of(claims, shop, now).map_err(|why| match why {
            Some(why) => malformed(why),
            None => wrong("the order token is another store's: `store` must be the name of the store whose page shows it"),
        })
    }
}

#[cfg(test)]
mod tests;
