//! `GET /v1/checkouts`: a shop's checkouts, for its server alone.

use axum::extract::RawQuery;
use axum::http::StatusCode;
use axum::response::Response;
use checkout::wire::CheckoutListView;
use checkout::{Phase, Timestamp};

use super::app_state::AppState;
use super::caller::{Merchant, Read};
use super::query::Query;
use super::{answer, limit, order};
use crate::checkouts::list_cursor::ListCursor;
use crate::checkouts::search::{Reach, Search};
use crate::input::printable::printable;
use crate::refusal::Refusal;

/// How many checkouts one call looks at, when it looks for states.
const LOOKED: u32 = 2_000;

/// Lists the checkouts that are looked for, the newest first, as they are stored.
pub(super) async fn list(
    app: AppState,
    merchant: Merchant<Read>,
    RawQuery(query): RawQuery,
) -> Result<Response, Refusal> {
    let mut query = Query::read(query.as_deref().unwrap_or_default())?;
    let search = search(&mut query)?;
    let after = query.take("cursor").map(|text| after(&text)).transpose()?;
    let most = limit::take(&mut query)?;
    query.finish()?;
    let reach = Reach {
        most,
        looked: LOOKED,
    };
    let shop = merchant.key.shop.clone();
    let found = app
        .store
        .checkouts(shop, search.clone(), app.clock.now(), after, reach);
    let found = found.await?;
    let mut checkouts = Vec::with_capacity(found.snapshots.len());
    for snapshot in &found.snapshots {
        let view = app.merchant_view(snapshot).await?;
        // A deadline may have passed since: no answer names a checkout in a state that was not asked for.
        if search.has_state(view.checkout.state) {
            checkouts.push(view);
        }
    }
    let cursor = found.more.map(|last| last.to_string());
    let body = answer::text(&CheckoutListView { checkouts, cursor })?;
    Ok(answer::json(StatusCode::OK, body))
}

/// # Errors
/// `field_invalid` for a parameter of the wrong form.
fn search(query: &mut Query) -> Result<Search, Refusal> {
    let states = query.take("state").map(|text| states(&text)).transpose()?;
    let external_id = query.take("externalId").map(order::external_id);
    let mut time = |name: &str| {
        let text = query.take(name);
        text.map(|text| time(name, &text)).transpose()
    };
    let (from, to) = (time("from")?, time("to")?);
    if from.zip(to).is_some_and(|(from, to)| from >= to) {
        return Err(Refusal::field("to", "is not later than `from`"));
    }
    Ok(Search {
        states: states.unwrap_or_default(),
        external_id: external_id.transpose()?,
        from,
        to,
    })
}

/// Several states with commas between them: a parameter that came twice would be read in two ways.
fn states(text: &str) -> Result<Vec<Phase>, Refusal> {
    let state = |word: &str| {
        word.parse::<Phase>().map_err(|_| {
            let all = Phase::ALL.map(Phase::as_str).join(", ");
            let said = printable(word);
            Refusal::field(
                "state",
                format!(
                    "names `{said}`: expected one or several of {all}, with commas between them"
                ),
            )
        })
    };
    text.split(',').map(state).collect()
}

fn time(name: &str, text: &str) -> Result<Timestamp, Refusal> {
    Timestamp::parse(text)
        .map_err(|error| Refusal::field(name, format!("is `{}`: {error}", printable(text))))
}

fn after(cursor: &str) -> Result<ListCursor, Refusal> {
    ListCursor::parse(cursor)
        .ok_or_else(|| Refusal::field("cursor", "is none that this call has answered"))
}
