//! From the values that were set to a configuration that can be used, with every complaint on the way.

use std::path::Path;

use url::Url;

use super::draft::Draft;
use super::environment::Environment;
use super::error::Note;
use super::path::path_of;
use super::values::Values;
use super::{database, limits, operations, paces, stores};
use crate::config::database::DatabasePlace;
use crate::config::origin::{Origin, is_loopback};
use crate::input::client::Topology;
use crate::input::redacted;

pub(super) fn checked(values: &mut Values, base: &Path, environment: &Environment) -> Draft {
    let listen = values.read("listen", |text| {
        text.parse().map_err(|_| {
            format!(
                "`{}` is not an address and port such as 127.0.0.1:8085",
                redacted::value(text)
            )
        })
    });
    let public_url = values.read("public_url", Origin::parse);
    let database = database::checked(values, base, environment);
    let assets = values.read_optional("assets", |path| path_of(path, base));
    let shops = stores::checked(values, public_url.as_ref(), base, environment);
    Draft {
        listen,
        public_url,
        database,
        assets,
        shops,
        paces: paces::paces(values),
        limits: limits::limits(values),
        operations: operations::operations(values),
    }
}

/// What is worth knowing about values that can be used.
pub(super) fn remarks(draft: &Draft) -> Vec<Note> {
    let mut notes = Vec::new();
    if let Some(listen) = draft.listen
        && listen.ip().is_unspecified()
    {
        notes.push(Note::remark(format!(
            "`listen`: {listen} takes plain HTTP from every network this computer is in; 127.0.0.1 takes it from a TLS server beside it only"
        )));
    }
    let is_one = draft.shops.len() == 1;
    for shop in &draft.shops {
        if shop.allowed_origins.as_ref().is_some_and(Vec::is_empty) {
            let of_store = match &shop.name {
                Some(name) if !is_one => format!(" for the store `{name}`"),
                _ => String::new(),
            };
            notes.push(Note::remark(format!(
                "`allowed_origins`: none listed{of_store}, so only pages of this proxy itself can show the widget"
            )));
        }
    }
    if let (Some(listen), Some(public)) = (draft.listen, &draft.public_url)
        && public.as_str().starts_with("http://")
        && listen.port() != 0
        && !public.as_str().ends_with(&format!(":{}", listen.port()))
    {
        notes.push(Note::remark(format!(
            "`public_url`: {public} has another port than `listen` ({listen}), so something must stand in front"
        )));
    }
    notes.extend(metrics_in_reach(draft));
    notes.extend(out_of_reach(draft));
    notes.extend(crowded(draft));
    notes.extend(read_by_others(draft));
    notes
}

/// Whether others than programs of this computer can read the meters.
fn metrics_in_reach(draft: &Draft) -> Option<Note> {
    let listen = draft.operations.metrics_listen?;
    (!listen.ip().is_loopback()).then(|| {
        Note::danger(format!(
            "`metrics.listen`: {listen} shows the meters to every network that reaches it, without a key; they tell how much this shop sells. \
             Expected an address of this computer, or of a network that only the operator's computers are in"
        ))
    })
}

/// Whether a gateway elsewhere is to reach this computer by an address that leads every computer to itself.
fn out_of_reach(draft: &Draft) -> Option<Note> {
    let public = draft.public_url.as_ref()?;
    let is_here = Url::parse(public.as_str()).is_ok_and(|url| is_loopback(&url));
    let mut gateways = draft.shops.iter().filter_map(|shop| shop.gateway.as_ref());
    let is_elsewhere = gateways.any(|gateway| !is_loopback(&gateway.base_url));
    (is_here && is_elsewhere).then(|| {
        Note::remark(format!(
            "`public_url`: {public} is an address of this computer, so neither buyers nor the gateway's webhooks reach this proxy from elsewhere"
        ))
    })
}

/// Whether everything that is stored, and the password, would go over a network as it is.
fn read_by_others(draft: &Draft) -> Option<Note> {
    let Some(DatabasePlace::Postgres(place)) = &draft.database else {
        return None;
    };
    place.is_open_on_the_way().then(|| {
        Note::danger(format!(
            "`database`: {place} is on another computer, and connections to it can be without TLS, so whoever is on the way reads and changes \
             what is stored; expected `?sslmode=verify-full` at the end of the URL, with `&sslrootcert=/path/ca.pem` for an authority of your own"
        ))
    })
}

/// Whether all buyers would look like one client: something stands in front, because this proxy speaks no TLS itself, and what that is
/// was not said.
fn crowded(draft: &Draft) -> Option<Note> {
    let public = draft.public_url.as_ref()?;
    let is_said = match &draft.limits.topology {
        Topology::Unknown => false,
        Topology::Proxies(proxies) => {
            let is_here = draft.listen.is_some_and(|listen| listen.ip().is_loopback());
            !(proxies.is_empty() && is_here)
        }
    };
    (public.as_str().starts_with("https://") && !is_said).then(|| {
        Note::danger(
            "`limits.trusted_proxies` does not name what speaks TLS in front of this proxy, so all buyers look like one client, and any of \
             them can use up what all may do; expected the address it calls from, such as [\"127.0.0.1\"]"
                .to_owned(),
        )
    })
}
