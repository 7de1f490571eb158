//! What both pages share: the document around them, its policy, and its look.

use axum::http::HeaderValue;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
};
use axum::response::{IntoResponse, Response};
use url::Url;

use super::parameter::parameter;
use crate::invoice::Links;

const CSS: &str = include_str!("hosted.css");

/// How the link asked the page to look (gateway reference §1.1).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Look {
    is_dark: bool,
    hides_logo: bool,
}

impl Look {
    pub(super) fn read(query: &str) -> Self {
        Self {
            is_dark: parameter(query, "theme").as_deref() == Some("dark"),
            hides_logo: parameter(query, "logo").as_deref() == Some("false"),
        }
    }

    /// The parameters of a link to a page that looks alike, the first one after `start`.
    pub(super) fn query(&self, start: char) -> String {
        let mut text = String::new();
        for (wanted, parameter) in [
            (self.is_dark, "theme=dark"),
            (self.hides_logo, "logo=false"),
        ] {
            if wanted {
                text.push(if text.is_empty() { start } else { '&' });
                text.push_str(parameter);
            }
        }
        text
    }
}

/// A page in the making. Everything that is put in as text is escaped.
#[derive(Debug)]
pub(super) struct Frame {
    look: Look,
    title: String,
    refresh: Option<String>,
    /// The origin of the picture that is shown, which the policy then allows.
    picture: Option<String>,
    body: String,
}

impl Frame {
    pub(super) fn new(look: &Look, title: &str) -> Self {
        Self {
            look: look.clone(),
            title: title.to_owned(),
            refresh: None,
            picture: None,
            body: String::new(),
        }
    }

    pub(super) fn heading(&mut self, text: &str) {
        self.body.push_str(&format!("<h1>{}</h1>\n", escaped(text)));
    }

    pub(super) fn paragraph(&mut self, class: &str, text: &str) {
        self.body.push_str(&format!(
            "<p class=\"{}\">{}</p>\n",
            escaped(class),
            escaped(text)
        ));
    }

    /// Markup that is made of escaped parts.
    pub(super) fn markup(&mut self, markup: &str) {
        self.body.push_str(markup);
    }

    /// Loads another address in the place of this page after some seconds.
    pub(super) fn refresh(&mut self, address: String) {
        self.refresh = Some(address);
    }

    /// The merchant's logo, if it may be shown.
    pub(super) fn logo(&mut self, links: &Links) {
        let Some(logo) = links
            .logo_url
            .as_deref()
            .and_then(web)
            .filter(|_| !self.look.hides_logo)
        else {
            return;
        };
        self.picture = Some(logo.origin().ascii_serialization());
        self.markup(&format!(
            "<img class=\"logo\" src=\"{}\" alt=\"\" referrerpolicy=\"no-referrer\">\n",
            escaped(logo.as_str())
        ));
    }

    /// The ways out of the page that the merchant gave.
    pub(super) fn ways_out(&mut self, links: &Links) {
        for (link, text) in [
            (&links.return_url, "Back to the shop"),
            (&links.support_url, "Contact the shop"),
        ] {
            if let Some(link) = link.as_deref().and_then(web) {
                self.markup(&format!(
                    "<p class=\"out\"><a href=\"{}\">{text}</a></p>\n",
                    escaped(link.as_str())
                ));
            }
        }
    }
}

/// An address of the web; anything else that a merchant sent is not made a link.
fn web(text: &str) -> Option<Url> {
    let url = Url::parse(text).ok()?;
    (matches!(url.scheme(), "http" | "https") && url.has_host()).then_some(url)
}

impl IntoResponse for Frame {
    fn into_response(self) -> Response {
        let theme = if self.look.is_dark {
            " data-theme=\"dark\""
        } else {
            ""
        };
        let refresh = self.refresh.map_or_else(String::new, |address| {
            format!(
                "<meta http-equiv=\"refresh\" content=\"5;url={}\">\n",
                escaped(&address)
            )
        });
        let html = format!(
            "<!doctype html>\n<html lang=\"en\"{theme}>\n<head>\n<meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n{refresh}<title>{}</title>\n\
             <link rel=\"stylesheet\" href=\"/sandbox/hosted.css\">\n</head>\n<body>\n<main>\n\
             <p class=\"sandbox\">Sandbox: play money only. Never send real coins.</p>\n{}</main>\n</body>\n</html>\n",
            escaped(&self.title),
            self.body
        );
        let pictures = self.picture.unwrap_or_else(|| "'none'".to_owned());
        let policy = format!(
            "default-src 'none'; style-src 'self'; img-src {pictures}; form-action 'self'; base-uri 'none'; \
             frame-ancestors 'none'"
        );
        let mut response = html.into_response();
        let headers = response.headers_mut();
        for (name, value) in [
            (CONTENT_TYPE, "text/html; charset=utf-8"),
            (X_CONTENT_TYPE_OPTIONS, "nosniff"),
            // Its own form says where it comes from.
            (REFERRER_POLICY, "same-origin"),
            (CACHE_CONTROL, "no-store"),
        ] {
            headers.insert(name, HeaderValue::from_static(value));
        }
        let policy = HeaderValue::try_from(policy).expect("an origin is made of visible ASCII");
        headers.insert(CONTENT_SECURITY_POLICY, policy);
        response
    }
}

pub(super) async fn stylesheet() -> Response {
    let headers = [
        (CONTENT_TYPE, "text/css; charset=utf-8"),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (CACHE_CONTROL, "no-cache"),
    ];
    (headers, CSS).into_response()
}

/// A text that stays a text wherever it stands in a document.
pub(super) fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for sign in text.chars() {
        match sign {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            sign => safe.push(sign),
        }
    }
    safe
}
