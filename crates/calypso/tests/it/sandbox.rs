//! The client against the sandbox: two readings of one reference that must agree, with and without faults.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use axum::body::Bytes;
use axum::http::{HeaderMap, StatusCode};
use calypso::webhook::{Delivery, Event, EventKind, Service, Verifier, WebhookError, WebhookOrder};
use calypso::{
    BoundInvoice, Client, Credentials, Direction, Error, GatewayErrorCode, InvoiceKey, InvoiceKind,
    InvoiceRef, Paging, SingleFiatInvoice, SingleFiatWidget, SingleInvoice, UnlimitedInvoice,
    UnlimitedWidget, WidgetState,
};
use calypso_sandbox::{FaultKind, Sandbox, Settings};
use checkout::{Address, Amount, Currency, InterventionKind, InvoiceStatus};
use tokio::sync::mpsc;
use uuid::Uuid;

/// How long a client waits for an answer that comes in the end, however busy the computer is.
const PATIENT: Duration = Duration::from_secs(60);
/// The same for one that may never come.
const HASTY: Duration = Duration::from_secs(5);

struct Desk {
    client: Client,
    url: url::Url,
}

impl Desk {
    async fn new() -> Self {
        Self::waiting(PATIENT).await
    }

    /// A desk whose client waits so long for each answer.
    async fn waiting(timeout: Duration) -> Self {
        let settings = Settings {
            seed: 7,
            ..Settings::default()
        };
        let (key, secret, account) = (
            settings.key.clone(),
            settings.secret.clone(),
            settings.account.clone(),
        );
        let (address, _server) = Sandbox::new(settings).listen("127.0.0.1:0").await.unwrap();
        let url: url::Url = format!("http://{address}").parse().unwrap();
        let client = Client::builder(url.clone(), Credentials::new(key, secret), account)
            .timeout(timeout)
            .retry_pause(Duration::ZERO)
            .build()
            .unwrap();
        Self { client, url }
    }

    /// The next calls of any path fail in the named way.
    async fn fault(&self, kind: FaultKind, times: u32) {
        let body = format!(r#"{{"kind":"{}","times":{times}}}"#, kind.as_str());
        self.control("faults", body).await;
    }

    /// A confirmed deposit arrives.
    async fn deposit(&self, address: &str, amount: &str) {
        let body = format!(r#"{{"address":"{address}","amount":"{amount}","stage":"confirmed"}}"#);
        self.control("deposits", body).await;
    }

    async fn control(&self, what: &str, body: String) {
        let url = self.url.join(&format!("/sandbox/v1/{what}")).unwrap();
        let request = reqwest::Client::new()
            .post(url)
            .header("content-type", "application/json");
        let answer = request.body(body).send().await.unwrap();
        assert!(
            answer.status().is_success(),
            "{what}: {}",
            answer.text().await.unwrap()
        );
    }
}

fn order(currency: &str) -> SingleFiatInvoice {
    SingleFiatInvoice::new(
        currency,
        Amount::parse("25.00").unwrap(),
        "EUR",
        "Order № 1001",
        Uuid::new_v4(),
    )
}

#[tokio::test]
async fn an_invoice_is_made_and_found_by_each_of_its_names() {
    let desk = Desk::new().await;
    for code in ["USDT_TRX", "BTC", "ETH", "XDG"] {
        let mut order = order(code);
        order.options.external_id = Some(format!("order-{code}"));
        order.options.links.return_url = Some("https://shop.example/done".parse().unwrap());
        let made = desk
            .client
            .create_single_fiat_invoice(&order)
            .await
            .unwrap();
        assert_eq!(
            (&made.kind, &made.state),
            (&InvoiceKind::SingleFiat, &InvoiceStatus::PendingPayment)
        );
        let network = Currency::find(code).unwrap().network;
        Address::parse(network, &made.address).expect("an address of its network");
        assert!(made.amount.is_some_and(|amount| !amount.is_zero()));
        assert!(made.expiration > made.created, "{made:?}");
        for which in [
            InvoiceRef::Id(made.id.clone()),
            InvoiceRef::IdempotencyKey(order.idempotency_key),
            InvoiceRef::ExternalId(format!("order-{code}")),
        ] {
            let found = desk.client.invoice(&which).await.unwrap();
            assert_eq!(
                (found.id, found.address),
                (made.id.clone(), made.address.clone())
            );
        }
        let again = desk
            .client
            .create_single_fiat_invoice(&order)
            .await
            .unwrap();
        assert_eq!(again.id, made.id, "one key, one invoice");
    }
}

#[tokio::test]
async fn a_key_used_for_something_else_is_named() {
    let desk = Desk::new().await;
    let mut order = order("BTC");
    desk.client
        .create_single_fiat_invoice(&order)
        .await
        .unwrap();
    order.fiat_amount = Amount::parse("24.99").unwrap();
    let error = desk
        .client
        .create_single_fiat_invoice(&order)
        .await
        .unwrap_err();
    assert!(
        matches!(
            error,
            Error::KeyReused {
                field: "fiatAmount",
                ..
            }
        ),
        "{error:?}"
    );
}

#[tokio::test]
async fn refusals_have_their_codes() {
    let desk = Desk::new().await;
    let missing = desk
        .client
        .invoice(&InvoiceRef::Id(Uuid::new_v4().to_string()))
        .await
        .unwrap_err();
    assert!(missing.is_not_found(), "{missing:?}");
    let error = desk
        .client
        .create_single_fiat_invoice(&order("NOT_A_COIN"))
        .await
        .unwrap_err();
    assert_eq!(
        error.code(),
        Some(&GatewayErrorCode::BadRequest),
        "{error:?}"
    );

    let with = |key: &str, secret: &str| {
        Client::builder(
            desk.url.clone(),
            Credentials::new(key, secret),
            desk.client.account(),
        )
        .build()
        .unwrap()
    };
    let error = with("another", "sandbox-secret")
        .rates(&["BTC"], &["EUR"])
        .await
        .unwrap_err();
    assert_eq!(error.code(), Some(&GatewayErrorCode::WrongKey), "{error:?}");
    let error = with("sandbox-key", "another")
        .rates(&["BTC"], &["EUR"])
        .await
        .unwrap_err();
    assert_eq!(
        error.code(),
        Some(&GatewayErrorCode::WrongSign),
        "{error:?}"
    );

    let years_ago = Arc::new(|| checkout::Timestamp::from_millis(1_700_000_000_000));
    let late = Client::builder(
        desk.url.clone(),
        Credentials::new("sandbox-key", "sandbox-secret"),
        desk.client.account(),
    )
    .clock(years_ago);
    let error = late
        .build()
        .unwrap()
        .rates(&["BTC"], &["EUR"])
        .await
        .unwrap_err();
    assert!(
        matches!(
            error,
            Error::ClockSkew {
                ahead_millis: Some(..-180_000),
                ..
            }
        ),
        "{error:?}"
    );
}

#[tokio::test]
async fn widgets_and_rates_are_understood() {
    let desk = Desk::new().await;
    let key = Uuid::new_v4();
    let order = SingleFiatWidget::new(
        ["USDT_TRX", "BTC"],
        Amount::parse("100").unwrap(),
        "EUR",
        "Order 1001",
        key,
    );
    let made = desk.client.create_single_fiat_widget(&order).await.unwrap();
    assert_eq!(
        (&made.state, made.crypto_currencies.len()),
        (&WidgetState::InProgress, 2)
    );
    assert_eq!(
        desk.client.find_single_fiat_widget(key).await.unwrap(),
        made
    );
    assert!(
        desk.client
            .find_single_fiat_widget(Uuid::new_v4())
            .await
            .unwrap_err()
            .is_not_found()
    );
    let rates = desk.client.rates(&["BTC", "ETH"], &["EUR"]).await.unwrap();
    assert_eq!(rates.len(), 2);
    let fiat = desk.client.fiat_rates(&["USD"], &["EUR"]).await.unwrap();
    assert_eq!((fiat[0].from.as_str(), fiat[0].to.as_str()), ("USD", "EUR"));
}

fn amount(text: &str) -> Amount {
    Amount::parse(text).unwrap()
}

#[tokio::test]
async fn every_kind_of_invoice_is_made_once() {
    let desk = Desk::new().await;
    let client = &desk.client;
    let key = Uuid::new_v4();
    let single = SingleInvoice::new(amount("0.001"), "ETH", "Order", key);
    let made = client.create_single_invoice(&single).await.unwrap();
    assert_eq!(
        (&made.kind, made.amount),
        (&InvoiceKind::Single, Some(amount("0.001")))
    );
    assert_eq!(
        client.create_single_invoice(&single).await.unwrap().id,
        made.id
    );
    let other = UnlimitedInvoice::new("ETH", "Order", key);
    let error = client.create_unlimited_invoice(&other).await.unwrap_err();
    assert!(
        matches!(error, Error::KeyReused { field: "type", .. }),
        "{error:?}"
    );

    let bound = BoundInvoice::new(amount("10"), "USDT", "Top-up", Uuid::new_v4());
    let made = client.create_bound_invoice(&bound).await.unwrap();
    assert_eq!(
        (made.kind, made.lower_bound),
        (InvoiceKind::Bound, Some(amount("10")))
    );
    let too_fine = BoundInvoice::new(amount("10.0000001"), "USDT", "Top-up", None);
    let error = client.create_bound_invoice(&too_fine).await.unwrap_err();
    assert_eq!(
        error.code(),
        Some(&GatewayErrorCode::BadRequest),
        "{error:?}"
    );

    let mut widget = UnlimitedWidget::new(["BTC", "ETH"], "Top-up", Uuid::new_v4());
    widget.options.external_id = Some("user-7".into());
    let made = client.create_unlimited_widget(&widget).await.unwrap();
    assert_eq!(made.external_id.as_deref(), Some("user-7"));
    assert_eq!(
        client
            .find_unlimited_widget(widget.idempotency_key.unwrap())
            .await
            .unwrap(),
        made
    );
}

#[tokio::test]
async fn deposits_of_a_top_up_are_listed() {
    let desk = Desk::new().await;
    let client = &desk.client;
    let mut order = UnlimitedInvoice::new("USDT_TRX", "Top-up", Uuid::new_v4());
    order.external_id = Some("user-7".into());
    let made = client.create_unlimited_invoice(&order).await.unwrap();
    assert_eq!((made.kind, made.amount), (InvoiceKind::Unlimited, None));
    let name = InvoiceKey::IdempotencyKey(order.idempotency_key);
    assert_eq!(
        client
            .deposit_history(&name, Paging::default())
            .await
            .unwrap()
            .items,
        []
    );
    for paid in ["1.5", "2.000001", "3"] {
        desk.deposit(&made.address, paid).await;
    }
    let seen = client.invoice(&name.clone().into()).await.unwrap();
    assert_eq!(
        (&seen.state, seen.total_debit_amount),
        (&InvoiceStatus::PendingPayment, amount("6.500001"))
    );
    let page = client
        .deposit_history(&name, Paging::default())
        .await
        .unwrap();
    assert_eq!(page.items.len(), 3);
    for deposit in &page.items {
        let one = client
            .deposit(&name, deposit.transaction().unwrap())
            .await
            .unwrap();
        assert_eq!(one, *deposit);
    }
    let paging = Paging {
        number: Some(0),
        size: Some(2),
        direction: Some(Direction::Desc),
    };
    assert_eq!(
        client
            .deposit_history(&name, paging)
            .await
            .unwrap()
            .items
            .len(),
        2
    );
    let listed = client
        .invoices_by_external_id("user-7", Paging::default())
        .await
        .unwrap();
    assert_eq!(listed.items.len(), 1);
    assert!(
        client
            .deposit(&name, &Uuid::new_v4().to_string())
            .await
            .unwrap_err()
            .is_not_found()
    );
}

#[tokio::test]
async fn a_wrong_amount_is_decided_by_the_merchant() {
    let desk = Desk::new().await;
    let client = &desk.client;
    let made = client
        .create_single_invoice(&SingleInvoice::new(
            amount("10"),
            "USDT_TRX",
            "Order",
            Uuid::new_v4(),
        ))
        .await
        .unwrap();
    let name = InvoiceKey::Id(made.id.clone());
    let error = client.return_to_paid(&name).await.unwrap_err();
    assert_eq!(
        error.code(),
        Some(&GatewayErrorCode::WrongState),
        "nothing to decide yet: {error:?}"
    );
    desk.deposit(&made.address, "11").await;
    let seen = client.invoice(&InvoiceRef::Id(made.id)).await.unwrap();
    assert_eq!(
        (&seen.state, &seen.intervention),
        (
            &InvoiceStatus::PendingIntervention,
            &Some(InterventionKind::Overpay)
        )
    );
    assert_eq!(seen.is_intervention_resolved, Some(false));
    let settled = client.return_to_paid(&name).await.unwrap();
    assert_eq!(settled.state, InvoiceStatus::Paid);
    assert_eq!(
        client.archive_invoice(&name).await.unwrap_err().code(),
        Some(&GatewayErrorCode::WrongState)
    );

    let unpaid = client
        .create_single_fiat_invoice(&order("BTC"))
        .await
        .unwrap();
    let archived = client
        .archive_invoice(&InvoiceKey::Id(unpaid.id))
        .await
        .unwrap();
    assert_eq!(archived.state, InvoiceStatus::Archived);
}

/// Whatever goes wrong once, or as often as the client tries: one key has one invoice, and a failure says whether there may be one.
#[tokio::test]
async fn every_fault_ends_in_one_invoice_or_a_named_error() {
    // The cases mostly wait for timeouts, so they wait together.
    let mut cases = tokio::task::JoinSet::new();
    for kind in FaultKind::ALL {
        for times in [1, 2, 9] {
            cases.spawn(one_invoice_despite(kind, times));
        }
    }
    while let Some(case) = cases.join_next().await {
        case.expect("no panic");
    }
}

async fn one_invoice_despite(kind: FaultKind, times: u32) {
    let is_silent = matches!(
        kind,
        FaultKind::Silence | FaultKind::TimeoutAfter | FaultKind::Drip
    );
    let desk = Desk::waiting(if is_silent { HASTY } else { PATIENT }).await;
    let order = order("USDT_TRX");
    desk.fault(kind, times).await;
    let first = desk.client.create_single_fiat_invoice(&order).await;
    let faults = desk.url.join("/sandbox/v1/faults").unwrap();
    reqwest::Client::new().delete(faults).send().await.unwrap();

    let key = InvoiceRef::IdempotencyKey(order.idempotency_key);
    let found = desk.client.invoice(&key).await;
    match &first {
        Ok(made) => assert_eq!(made.id, found.as_ref().unwrap().id, "{kind:?} × {times}"),
        Err(error) if found.is_ok() => assert!(
            error.may_have_taken_effect(),
            "{kind:?} × {times}: {error:?}"
        ),
        Err(_) => {}
    }
    // Being told to slow down is not answered with more requests, and another currency is never taken for ours.
    let named = matches!(
        (kind, &first),
        (FaultKind::Error429, Err(Error::NotJson { status: 429, .. }))
            | (
                FaultKind::UnknownCurrency,
                Err(Error::Contradiction {
                    field: "currency",
                    ..
                })
            )
    );
    assert!(
        times > 2 || first.is_ok() || named,
        "{kind:?} × {times}: {first:?}"
    );
    let again = desk
        .client
        .create_single_fiat_invoice(&order)
        .await
        .unwrap();
    if let Ok(found) = found {
        assert_eq!(again.id, found.id, "{kind:?} × {times}");
    }
    assert_ne!(again.state, InvoiceStatus::Paid);
}

/// A shop's receiver: it verifies by the pair that creating the subscription answered, and keeps what it accepted.
async fn receiver(
    verifier: Arc<OnceLock<Verifier>>,
) -> (
    url::Url,
    mpsc::UnboundedReceiver<Result<Delivery, WebhookError>>,
) {
    let (sender, received) = mpsc::unbounded_channel();
    let receive = async move |headers: HeaderMap, body: Bytes| {
        let delivery = verifier
            .get()
            .expect("subscribed first")
            .verify(&headers, &body);
        sender.send(delivery).expect("the test listens");
        StatusCode::OK
    };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/hooks", listener.local_addr().unwrap());
    let app = axum::Router::new().route("/hooks", axum::routing::post(receive));
    tokio::spawn(async move { axum::serve(listener, app).await });
    (url.parse().unwrap(), received)
}

#[tokio::test]
async fn deliveries_are_signed_with_the_pair_of_their_subscription() {
    let desk = Desk::new().await;
    let client = &desk.client;
    let verifier = Arc::new(OnceLock::new());
    let (url, mut received) = receiver(verifier.clone()).await;
    let id = Uuid::new_v4();
    let order = WebhookOrder::to_services(id, url.clone(), [Service::Invoice]);
    let made = client.create_webhook(&order).await.unwrap();
    verifier.set(Verifier::of([&made])).expect("set once");
    assert_eq!(
        verifier.get().map(Verifier::len),
        Some(1),
        "a pair came with the subscription"
    );
    assert_eq!(
        (
            made.request_id.as_str(),
            made.url.as_str(),
            &made.services[..]
        ),
        (&*id.to_string(), url.as_str(), &[Service::Invoice][..])
    );

    let mut order = SingleInvoice::new(amount("10"), "USDT_TRX", "Order", Uuid::new_v4());
    order.options.external_id = Some("order-1001".into());
    let invoice = client.create_single_invoice(&order).await.unwrap();
    desk.deposit(&invoice.address, "10").await;
    for expected in [
        EventKind::InvoiceCreated,
        EventKind::InvoiceFundsReceived,
        EventKind::InvoicePaid,
    ] {
        let waiting = tokio::time::timeout(Duration::from_secs(20), received.recv());
        let delivery = waiting
            .await
            .expect("a delivery in time")
            .unwrap()
            .expect("signed as documented");
        assert_eq!(
            (&delivery.kind, delivery.subscription.as_deref()),
            (&expected, Some(&*id.to_string()))
        );
        assert_eq!(delivery.invoice(), Some(InvoiceRef::Id(invoice.id.clone())));
        let Event::Invoice(event) = &delivery.event else {
            panic!("{delivery:?}")
        };
        assert_eq!(
            (event.amount, event.external_id.as_deref()),
            (Some(amount("10")), Some("order-1001"))
        );
        assert!(delivery.id.is_some() && delivery.created.is_some());
    }

    let changed = WebhookOrder::to_events(id, url, [EventKind::InvoiceExpired]);
    assert_eq!(
        client.change_webhook(&changed).await.unwrap().events,
        [EventKind::InvoiceExpired]
    );
    let listed = client.webhooks().await.unwrap();
    assert_eq!(
        (listed.len(), listed[0].public_key.as_deref()),
        (1, made.public_key.as_deref())
    );
    client.delete_webhook(id).await.unwrap();
    assert!(client.webhooks().await.unwrap().is_empty());
    assert!(client.delete_webhook(id).await.unwrap_err().is_not_found());
}
