//! Sixty-four ask for the same thing at the same moment, round after round: one checkout, one invoice, and the same bytes for everybody.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use calypso_sandbox::WallClock;
use checkout::Timestamp;

use super::caller::{Answer, Caller};
use super::calls::Calls;
use super::made::Made;
use super::size::Size;
use crate::support::{CREATE, Gateway, Home, TestProxy, text};

const AT_ONCE: usize = 64;
const BODY: &str = r#"{"price":{"amount":"25.00","currency":"EUR"},"description":"Order 1001"}"#;

/// A clock that stands still while everybody is answered: an answer says what time it is.
fn stepping() -> (Arc<AtomicI64>, WallClock) {
    let hands = Arc::new(AtomicI64::new(WallClock::system().now().millis()));
    let read = Arc::clone(&hands);
    let clock = WallClock::new(move || Timestamp::from_millis(read.load(Ordering::SeqCst)));
    (hands, clock)
}

/// Everybody asks at once, each the next of the proxies; the one answer all of them get.
async fn everybody<F>(callers: &[Caller], ask: impl Fn(Caller) -> F) -> Vec<u8>
where
    F: Future<Output = Answer> + Send + 'static,
{
    let asked: Vec<_> = (0..AT_ONCE)
        .map(|place| tokio::spawn(ask(callers[place % callers.len()].clone())))
        .collect();
    let mut answers = Vec::new();
    for answer in asked {
        let answer = answer.await.unwrap().unwrap();
        assert!(
            (200..300).contains(&answer.status),
            "{} {}",
            answer.status,
            answer.text()
        );
        answers.push(answer.bytes);
    }
    answers.dedup();
    let shown: Vec<_> = answers
        .iter()
        .map(|bytes| String::from_utf8_lossy(bytes))
        .collect();
    assert_eq!(answers.len(), 1, "{shown:#?}");
    answers.remove(0)
}

/// So many rounds on so many proxies that share a database.
async fn rounds(usual: u64, replicas: usize, home: Home) {
    let size = Size::of("same-key", usual);
    let (hands, clock) = stepping();
    let calls = Calls::default();
    let gateway = Gateway::with(clock, |router| calls.before(router)).await;
    let made = Made::default();
    made.listen(&gateway);
    let shop = TestProxy::at_home(home, gateway, |config| {
        config.limits.network_choices_per_hour = 0;
        config.limits.connections_per_network = 10 * AT_ONCE;
    })
    .await;
    let mut beside = Vec::new();
    for _ in 1..replicas {
        beside.push(shop.beside().await);
    }
    let addresses = beside.iter().map(|other| other.address);
    let callers: Vec<Caller> = std::iter::once(shop.address)
        .chain(addresses)
        .map(Caller::of)
        .collect();
    for round in 0..size.count {
        hands.store(WallClock::system().now().millis(), Ordering::SeqCst);
        let key = format!("{}-{round}", size.seed);
        let made = everybody(&callers, |caller| {
            let key = key.clone();
            async move { caller.make(BODY, &key).await }
        })
        .await;
        let made: serde_json::Value = serde_json::from_slice(&made).unwrap();
        let id = text(&made, "/id");
        everybody(&callers, |caller| {
            let id = id.to_owned();
            async move { caller.choose(&id, "USDT_TRX").await }
        })
        .await;
    }
    let books = shop.books().await;
    let kept = u32::try_from(size.count).unwrap();
    assert_eq!(
        (books.checkouts, books.attempts(), books.invoices()),
        (kept, kept, kept)
    );
    let rounds = usize::try_from(size.count).unwrap();
    assert_eq!(made.count(), rounds, "the gateway makes one a round");
    let asked = calls.of(CREATE);
    assert_eq!(asked, rounds, "the gateway is asked once a round");
    println!(
        "{AT_ONCE} × {rounds} requests for a checkout and as many for its invoice, to {replicas} proxies: {kept} checkouts, {kept} \
         invoices, {asked} calls that make one, all answers of a round equal"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn sixty_four_with_one_key_are_one_on_a_file() {
    rounds(20, 1, Home::file()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sixty_four_with_one_key_are_one_on_postgres() {
    rounds(10, 1, Home::postgres().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sixty_four_with_one_key_are_one_to_two_proxies_on_postgres() {
    rounds(10, 2, Home::postgres().await).await;
}
