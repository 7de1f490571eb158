//! What the page is told: the attribute that follows the payment, and the element's events.
//!
//! Nothing is borrowed while an event is fired: a listener may do with the element what it likes, for example remove it.

use super::Flow;
use crate::element_state::{News, State};
use crate::failure::Failure;
use crate::{events, resume, tab_memory};
use checkout::digits;
use wasm_bindgen::JsValue;

impl Flow {
    /// Tells what an answer changed.
    pub(super) fn tell_news(self, news: News, id: &str) {
        if news.is_first {
            self.reflect(news.state);
            self.fire("calypso-ready", &[]);
        }
        self.tell_change(news.previous);
        if news.became_paid {
            let Some(key) = self.with_polling(|polling| resume::paid_key(&polling.proxy, id))
            else {
                return;
            };
            if tab_memory::recall(&key).is_none() {
                let now = self.time_untracked().latest;
                tab_memory::remember(&key, &digits(now.millis().unsigned_abs()));
                self.fire("calypso-paid", &[]);
            }
        }
        if news.became_expired {
            self.fire("calypso-expired", &[]);
        }
    }

    /// Tells that the state is no longer the `previous` one, if it is not.
    pub(super) fn tell_change(self, previous: State) {
        if !self.is_there() {
            return;
        }
        let state = self.state();
        if state != previous {
            self.reflect(state);
            let (previous, state) = (
                JsValue::from_str(previous.as_str()),
                JsValue::from_str(state.as_str()),
            );
            self.fire(
                "calypso-change",
                &[("state", &state), ("previous", &previous)],
            );
        }
    }

    /// Tells the developer what went wrong.
    pub(super) fn tell_error(self, failure: &Failure) {
        let (code, message) = (
            JsValue::from_str(failure.code()),
            JsValue::from_str(failure.message()),
        );
        let mut detail = vec![("code", &code), ("message", &message)];
        let field = failure.field().map(JsValue::from_str);
        detail.extend(field.as_ref().map(|field| ("field", field)));
        if let Some(host) = self.with_polling(|polling| polling.host.clone()) {
            events::fire(&host, "calypso-error", &detail);
        }
    }

    /// Writes the state on the element.
    pub(super) fn reflect(self, state: State) {
        if let Some(host) = self.with_polling(|polling| polling.host.clone()) {
            // The attribute's name is valid, so this cannot be refused.
            let _ = host.set_attribute("data-state", state.as_str());
        }
    }

    /// Fires an event whose detail holds the checkout as the proxy sent it, `null` before the first answer.
    fn fire(self, name: &str, detail: &[(&str, &JsValue)]) {
        let Some((host, text)) =
            self.with_polling(|polling| (polling.host.clone(), polling.text.clone()))
        else {
            return;
        };
        let checkout = js_sys::JSON::parse(&text).unwrap_or(JsValue::NULL);
        let mut fields = detail.to_vec();
        fields.push(("checkout", &checkout));
        events::fire(&host, name, &fields);
    }
}
