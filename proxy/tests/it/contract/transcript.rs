//! What one call answered in every case that was tried, as the text of its snapshot.

use std::fmt::Write as _;

use checkout::RefusalCode;

use super::shop::Shop;
use super::snapshot;
use super::steady::{self, Steady};
use crate::api_reference::calls::{CALLS, Call, Who};
use crate::support::{Reply, SHOP};

/// Headers of every answer. Those with the value that all share are left out; one that is missing is said to be.
const EVERYWHERE: &[(&str, Option<&str>)] = &[
    ("content-length", None),
    (
        "content-security-policy",
        Some("default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"),
    ),
    ("cross-origin-resource-policy", Some("same-origin")),
    ("date", None),
    (
        "permissions-policy",
        Some("geolocation=(), camera=(), microphone=(), browsing-topics=()"),
    ),
    ("referrer-policy", Some("no-referrer")),
    ("x-content-type-options", Some("nosniff")),
    ("x-frame-options", Some("DENY")),
    ("x-request-id", None),
];

/// What was tried of one call so far.
pub(super) struct Transcript {
    name: String,
    call: Option<&'static Call>,
    text: String,
    steady: Steady,
    refusals: Vec<RefusalCode>,
}

/// The name of a call's snapshot.
pub(super) fn name(call: &Call) -> String {
    let path = call.path.trim_start_matches('/').replace(['/', '.'], "-");
    let path = path.replace(['{', '}'], "");
    let who = match call.who {
        Who::Merchant => "-by-the-merchant",
        Who::Page => "-by-a-page",
        Who::Buyer => "-by-a-buyer",
        Who::Gateway | Who::Anyone => "",
    };
    format!("{}-{path}{who}", call.method.to_lowercase())
}

impl Transcript {
    /// Of a call of the reference, whose every refusal must be tried.
    pub(super) fn of(method: &str, path: &str, who: Who) -> Self {
        let wanted = Who::words(who);
        let call = CALLS
            .iter()
            .find(|call| (call.method, call.path, call.who.words()) == (method, path, wanted))
            .unwrap_or_else(|| panic!("{method} {path} is not in the reference"));
        Self {
            call: Some(call),
            ..Self::named(&name(call))
        }
    }

    /// Of what is not a call of the reference.
    pub(super) fn named(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            call: None,
            text: String::new(),
            steady: Steady::default(),
            refusals: Vec::new(),
        }
    }

    /// Adds an answer.
    #[track_caller]
    pub(super) fn answered(&mut self, case: &str, status: u16, reply: &Reply) {
        assert_eq!(reply.status, status, "{case}: {}", reply.text());
        self.add(case, reply, &body(reply));
    }

    /// Adds an answer whose body is a file of the repository, which is not repeated here.
    #[track_caller]
    pub(super) fn answered_file(&mut self, case: &str, reply: &Reply, file: &str, text: &str) {
        assert_eq!(reply.status, 200, "{case}: {}", reply.text());
        assert_eq!(reply.text(), text);
        self.add(case, reply, &format!("<{file}>"));
    }

    /// Adds a refusal.
    #[track_caller]
    pub(super) fn refused(&mut self, case: &str, code: &str, reply: &Reply) {
        assert_eq!(reply.code(), code, "{case}: {}", reply.text());
        self.refusals.push(RefusalCode::from(code));
        self.add(&format!("{code}: {case}"), reply, &body(reply));
    }

    fn add(&mut self, case: &str, reply: &Reply, body: &str) {
        let headers = self.headers(reply);
        let request = reply.header("x-request-id");
        let body = steady::read(&body.replace(&request, "<request>"));
        let body = self.steady.ids(&body);
        write!(
            self.text,
            "== {case}\n{}\n{headers}\n{body}\n\n",
            reply.status
        )
        .unwrap();
    }

    fn headers(&mut self, reply: &Reply) -> String {
        let mut names: Vec<&str> = reply.headers.keys().map(|name| name.as_str()).collect();
        names.extend(EVERYWHERE.iter().map(|(name, _)| *name));
        names.sort_unstable();
        names.dedup();
        let mut lines = String::new();
        for name in names {
            let everywhere = EVERYWHERE.iter().find(|(known, _)| *known == name);
            if !reply.headers.contains_key(name) {
                // An answer without a body has no length to say.
                if name != "content-length" {
                    writeln!(lines, "{name}: (missing)").unwrap();
                }
                continue;
            }
            let value = reply.header(name);
            let is_usual =
                everywhere.is_some_and(|(_, usual)| usual.is_none_or(|usual| usual == value));
            if is_usual {
                continue;
            }
            // The tag of a checkout is made from its id too; the name of a file is as it is.
            let is_of_checkout = name == "etag" && value.len() > 30 && reply_is_checkout(reply);
            let value = if is_of_checkout { "<tag>" } else { &value };
            writeln!(lines, "{name}: {}", self.steady.ids(value)).unwrap();
        }
        lines
    }

    /// Adds the refusals that any call may end with, but for a broken store and too many requests.
    pub(super) async fn refused_everywhere(&mut self, shop: &Shop, path: &str) {
        let call = self.call.expect("a call of the reference");
        let rebound = [("host", "rebind.test")];
        let reply = shop.request(call.method, path, &rebound, None).await;
        self.refused("a foreign name", "host_not_allowed", &reply);
        let reply = shop.request("DELETE", path, &[], None).await;
        self.refused("a method it has not", "method_not_allowed", &reply);
        if path.starts_with("/v1/") {
            let foreign = [("origin", "https://evil.example")];
            let reply = shop.request(call.method, path, &foreign, None).await;
            self.refused("a page of another origin", "origin_not_allowed", &reply);
            let bearer = [("origin", SHOP), ("authorization", "Bearer k")];
            let reply = shop.request(call.method, path, &bearer, None).await;
            self.refused("a page with a key", "origin_not_allowed", &reply);
        }
    }

    /// Compares everything with the snapshot; fails when a refusal of the reference was not tried.
    #[track_caller]
    pub(super) fn compare(self) {
        for code in self.call.map_or(&[][..], |call| call.refusals) {
            let tried = self.refusals.contains(code);
            assert!(tried, "{}: no case is refused with {code}", self.name);
        }
        snapshot::compare(&self.name, self.text.trim_end());
    }
}

fn reply_is_checkout(reply: &Reply) -> bool {
    reply.header("vary").contains("Authorization")
}

fn body(reply: &Reply) -> String {
    let text = reply.text();
    if reply.header("content-type") == "application/json" {
        return steady::lines(text.trim_end());
    }
    text
}
