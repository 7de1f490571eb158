//! Who is calling: a merchant's server by its key, a shop's page by its origin; and what its key has to open for this call.

use std::marker::PhantomData;
use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use checkout::RefusalCode;

use super::app_state::AppState;
use super::extract::Client;
use super::headers::single;
use super::wrong_keys::Guess;
use crate::app::{Caller, Shops, ShownKey};
use crate::config::Scope;
use crate::limits::bounds::MerchantCall;
use crate::limits::rush::{Act, UnderWay};
use crate::refusal::Refusal;

/// What a call needs of a merchant's key.
pub(super) trait Needs {
    /// The scope.
    const SCOPE: Scope;
}

/// For calls that make something for a buyer.
pub(super) struct Create;
/// For calls that change nothing.
pub(super) struct Read;
/// For all others.
pub(super) struct Everything;

impl Needs for Create {
    const SCOPE: Scope = Scope::Create;
}

impl Needs for Read {
    const SCOPE: Scope = Scope::Read;
}

impl Needs for Everything {
    const SCOPE: Scope = Scope::All;
}

/// The key that a request shows; `None` when it has no `Authorization` header. Many wrong keys are answered slowly.
///
/// # Errors
/// `merchant_key_wrong` unless `Authorization` is there once, as `Bearer` with the right key of a shop, or not at all; `rate_limited`
/// as of [`Guess`], and when the key calls too often; `scope_not_allowed` for a key that does not open what the call needs.
async fn key(
    parts: &Parts,
    app: &AppState,
    needed: Scope,
) -> Result<Option<Arc<ShownKey>>, Refusal> {
    if !parts.headers.contains_key(header::AUTHORIZATION) {
        return Ok(None);
    }
    let Client(network) = Client::of(app, &parts.extensions, &parts.headers);
    let guess = Guess::begin(app, network)?;
    let key = match shown(&parts.headers, &app.shops) {
        Ok(key) => key,
        Err(refusal) => return Err(guess.was_wrong(app, refusal).await),
    };
    app.bounds
        .merchant_call(&key.shop, &key.name, kind(needed))?;
    if !key.scope.opens(needed) {
        return Err(Refusal::new(
            RefusalCode::ScopeNotAllowed,
            format!(
                "this call needs a merchant key of the scope {needed}, or of all; the scope of the key `{}` is {}",
                key.name, key.scope
            ),
        ));
    }
    Ok(Some(key))
}

/// As what a call is counted.
fn kind(needed: Scope) -> MerchantCall {
    match needed {
        Scope::Create => MerchantCall::Create,
        Scope::Read => MerchantCall::Read,
        Scope::All => MerchantCall::Write,
    }
}

fn shown(headers: &HeaderMap, shops: &Shops) -> Result<Arc<ShownKey>, Refusal> {
    let wrong = || {
        Refusal::new(
            RefusalCode::MerchantKeyWrong,
            "the merchant key is not right; expected `Authorization: Bearer KEY`",
        )
    };
    let value = single(headers, &header::AUTHORIZATION).map_err(|()| wrong())?;
    let value = value.ok_or_else(wrong)?;
    let (scheme, given) = value.as_bytes().split_at_checked(7).ok_or_else(wrong)?;
    if !scheme.eq_ignore_ascii_case(b"bearer ") {
        return Err(wrong());
    }
    shops.key(given).ok_or_else(wrong)
}

/// Whose page calls. Origins that belong to no shop, but the proxy's own, were refused before.
fn page(headers: &HeaderMap, shops: &Shops) -> Caller {
    let origin = headers.get(header::ORIGIN);
    let origin = origin.and_then(|origin| origin.to_str().ok());
    let shop = origin.and_then(|origin| shops.of_origin(origin));
    shop.map_or(Caller::Nobody, |shop| Caller::Page(shop.id().clone()))
}

/// Whoever calls: a page, a program, or a merchant's server whose key opens what the call needs.
///
/// # Errors
/// Those of [`key`].
pub(super) struct Anyone<N> {
    pub(super) caller: Caller,
    needs: PhantomData<N>,
}

impl<N: Needs> FromRequestParts<AppState> for Anyone<N> {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, app: &AppState) -> Result<Self, Refusal> {
        let caller = match key(parts, app, N::SCOPE).await? {
            Some(key) => Caller::Merchant(key.shop.clone()),
            None => page(&parts.headers, &app.shops),
        };
        Ok(Self {
            caller,
            needs: PhantomData,
        })
    }
}

/// The server of a merchant, for calls that nobody else may make. A call that says nothing else needs a key that opens everything.
///
/// # Errors
/// `merchant_key_missing`, `overloaded`, and those of [`key`].
pub(super) struct Merchant<N = Everything> {
    /// The key that was shown.
    pub(super) key: Arc<ShownKey>,
    needs: PhantomData<N>,
    _under_way: UnderWay,
}

impl<N> Merchant<N> {
    /// Who it is among all callers.
    pub(super) fn caller(&self) -> Caller {
        Caller::Merchant(self.key.shop.clone())
    }
}

impl<N: Needs> FromRequestParts<AppState> for Merchant<N> {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, app: &AppState) -> Result<Self, Refusal> {
        let key = key(parts, app, N::SCOPE).await?.ok_or_else(|| {
            Refusal::new(
                RefusalCode::MerchantKeyMissing,
                "this call needs the merchant's key in `Authorization: Bearer KEY`",
            )
        })?;
        let under_way = app.rush.enter(&key.shop, Act::Serve)?;
        Ok(Self {
            key,
            needs: PhantomData,
            _under_way: under_way,
        })
    }
}
