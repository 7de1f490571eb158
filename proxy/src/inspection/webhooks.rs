//! Looking whether the gateway's webhooks come to this proxy.

use std::time::Duration;

use checkout::RefusalCode;
use checkout::wire::ErrorBody;
use url::Url;

use super::InspectionError;
use crate::config::GatewayConfig;
use crate::gateway::Gateway;
use crate::input::redacted;

const PATIENCE: Duration = Duration::from_secs(5);
/// How much of an answer is read.
const MOST_BYTES: usize = 4096;

/// Asks the gateway which webhooks it sends here, and calls the address as the gateway would, but without a signature: this proxy refuses
/// that by a name of its own, and nothing else does.
///
/// # Errors
/// [`InspectionError::Webhooks`], with what to do.
pub async fn inspect_webhooks(
    gateway: &GatewayConfig,
    url: &Url,
) -> Result<String, InspectionError> {
    let wrong = |text: String| Err(InspectionError::Webhooks(text));
    let Ok(client) = Gateway::new(gateway, "check") else {
        return Ok(
            "webhooks: not asked for, because the gateway's keys are not right yet".to_owned(),
        );
    };
    let all = match client.webhooks().await {
        Ok(all) => all,
        Err(error) => {
            return Ok(format!(
                "webhooks: the gateway does not say which it sends: {error}"
            ));
        }
    };
    let shown = shown(url);
    let mut here = all
        .iter()
        .filter(|webhook| Url::parse(&webhook.url).is_ok_and(|known| known == *url));
    let Some(webhook) = here.next() else {
        return Ok(format!(
            "webhooks: none to {shown}, so payments are learnt of by asking; `calypso-proxy webhook register` has the gateway tell them"
        ));
    };
    if webhook.blocked().is_some() {
        return wrong(format!(
            "the gateway has blocked {shown} after too many errors: mend what stands before this proxy, and unblock it in your account there"
        ));
    }
    match refusal(url).await {
        Answer::None => Ok(format!(
            "webhooks: the gateway sends them to {shown}, where nothing answers now, as it should not while this proxy is stopped"
        )),
        Answer::Ours => Ok(format!(
            "webhooks: the gateway sends them to {shown}, where this proxy answers"
        )),
        Answer::Other(status) => wrong(format!(
            "the gateway sends them to {shown}, where something else than this proxy answers with {status}: lead that path to `listen`"
        )),
    }
}

/// The address without what may be a secret in its host.
fn shown(url: &Url) -> String {
    let origin = url.origin().ascii_serialization();
    format!("{}{}", redacted::value(&origin), url.path())
}

enum Answer {
    /// Nobody could be reached.
    None,
    Ours,
    Other(u16),
}

async fn refusal(url: &Url) -> Answer {
    let client = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .timeout(PATIENCE)
        .build();
    let Ok(client) = client else {
        return Answer::None;
    };
    let Ok(mut answer) = client.post(url.clone()).body("").send().await else {
        return Answer::None;
    };
    let status = answer.status().as_u16();
    let mut body = Vec::new();
    while let Ok(Some(chunk)) = answer.chunk().await {
        body.extend_from_slice(&chunk);
        if body.len() > MOST_BYTES {
            break;
        }
    }
    let code = serde_json::from_slice::<ErrorBody>(&body).map(|body| body.error.code);
    if status == 401 && code.is_ok_and(|code| code == RefusalCode::WebhookNotSigned) {
        Answer::Ours
    } else {
        Answer::Other(status)
    }
}
