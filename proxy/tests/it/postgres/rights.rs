//! The role that can add to the books and change nothing in them, made as the documents say.

use calypso_proxy::DatabasePlace;
use url::Url;

use super::TestDatabase;
use super::blocking::blocking;
use super::database::client;
use crate::support::{TestProxy, text};

const DOCUMENT: &str = include_str!("../../../../docs/POSTGRESQL.md");
/// What the documents call the two roles.
const ROLES: [&str; 2] = ["calypso_owner", "calypso_proxy"];
const DAY: u64 = 24 * 3600;

/// The statements of the document's section about rights, for this test's own roles.
fn statements(names: &[String; 2]) -> Vec<String> {
    let section = DOCUMENT
        .split("\n### ")
        .find(|section| section.starts_with("Append-only"))
        .unwrap();
    let blocks = section.split("```sql\n").skip(1);
    let blocks = blocks.map(|block| {
        let mut block = block.split("```").next().unwrap().to_owned();
        for (name, own) in ROLES.iter().zip(names) {
            block = block.replace(name, own);
        }
        block.replace("'…'", "'secret'")
    });
    blocks.collect()
}

/// Two roles in the cluster, and what belongs to them in one database; gone with the test.
struct Roles {
    names: [String; 2],
    url: String,
}

impl Drop for Roles {
    fn drop(&mut self) {
        let (url, names) = (self.url.clone(), self.names.join(", "));
        blocking(async move || {
            let gone = format!("DROP OWNED BY {names} CASCADE; DROP ROLE {names}");
            client(&url).await.batch_execute(&gone).await.unwrap();
        });
    }
}

impl Roles {
    fn url_of(&self, index: usize) -> String {
        let mut url = Url::parse(&self.url).unwrap();
        url.set_username(&self.names[index]).unwrap();
        url.set_password(Some("secret")).unwrap();
        url.into()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proxy_serves_with_a_role_that_can_only_add_to_the_books() {
    let home = TestDatabase::without_tables().await;
    let roles = Roles {
        names: ROLES.map(|name| format!("{name}_{}", std::process::id())),
        url: home.url().to_owned(),
    };
    let database = Url::parse(home.url()).unwrap().path()[1..].to_owned();
    let [made, granted] = &statements(&roles.names)[..] else {
        panic!("two blocks were expected: what is made first, and what is granted after `migrate`");
    };
    let beside = client(home.url()).await;
    let made = made.replace("DATABASE calypso ", &format!("DATABASE {database} "));
    beside.batch_execute(&made).await.unwrap();
    let owner = DatabasePlace::postgres(&roles.url_of(0)).unwrap();
    calypso_proxy::migrate(&owner).await.unwrap();
    client(&roles.url_of(0))
        .await
        .batch_execute(granted)
        .await
        .unwrap();

    // Everything that a proxy does, it can do.
    let place = DatabasePlace::postgres(&roles.url_of(1)).unwrap();
    let mut shop = TestProxy::with(|config| config.database = place).await;
    let unchosen = shop.checkout().await;
    let (id, invoice) = shop.awaiting("BTC").await;
    let (address, amount) = (text(&invoice, "/address"), text(&invoice, "/amount"));
    shop.gateway.deposit(address, amount, "confirmed").await;
    shop.advance(60);
    shop.proxy.watch_once().await.unwrap();
    assert_eq!(shop.show(&id).await["state"], "completed");
    shop.restarted().await;
    shop.advance(3 * DAY);
    shop.proxy.watch_once().await.unwrap();
    let gone = shop.get(&format!("/v1/checkouts/{unchosen}")).await;
    assert_eq!(gone.status, 404, "{}", gone.text());
    let audit = shop.proxy.audit().await.unwrap();
    assert_eq!((audit.differences, audit.deposits), (vec![], 1));

    // The books themselves it cannot touch.
    let role = client(&roles.url_of(1)).await;
    for statement in [
        "UPDATE ledger SET received = '0'",
        "DELETE FROM ledger",
        "TRUNCATE ledger",
        "UPDATE history SET became = 'expired'",
        "DELETE FROM history",
        "TRUNCATE history",
        "DROP TABLE ledger",
        "ALTER TABLE history DROP COLUMN was",
        "UPDATE schema_version SET version = 0",
        "CREATE TABLE more (id BIGINT)",
    ] {
        let refused = role.batch_execute(statement).await.expect_err(statement);
        let code = refused.code().map(tokio_postgres::error::SqlState::code);
        assert_eq!(code, Some("42501"), "{statement}: {refused}");
    }
    assert_eq!(shop.books().await.deposits, 1);
}
