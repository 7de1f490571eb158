//! A PostgreSQL database for one test: a copy of a template, dropped with the test.

use std::sync::atomic::{AtomicU32, Ordering};

use tokio::sync::OnceCell;
use tokio_postgres::NoTls;
use url::Url;

/// Names a cluster on this computer in which tests may make databases.
const CLUSTER: &str = "CALYPSO_TEST_POSTGRES";

/// A database of its own.
pub(crate) struct TestDatabase {
    name: String,
    url: String,
}

impl TestDatabase {
    /// Makes one whose tables `migrate` has made. They are made once, in a template.
    pub(crate) async fn new(migrate: impl AsyncFn(&str)) -> Self {
        static TEMPLATE: OnceCell<String> = OnceCell::const_new();
        let template = TEMPLATE.get_or_init(async || {
            clean().await;
            let name = name("template");
            run(&format!("CREATE DATABASE {name}")).await;
            migrate(&url(&name)).await;
            name
        });
        Self::copied(template.await).await
    }

    /// Makes one without a table.
    pub(crate) async fn without_tables() -> Self {
        clean().await;
        Self::copied("template0").await
    }

    async fn copied(template: &str) -> Self {
        let name = name("test");
        run(&format!("CREATE DATABASE {name} TEMPLATE {template}")).await;
        let url = url(&name);
        Self { name, url }
    }

    pub(crate) fn url(&self) -> &str {
        &self.url
    }
}

impl Drop for TestDatabase {
    /// Drops the database beside whatever comes next. Nobody waits for it: the server lets each of its processes agree first, also one that
    /// is greeting a connection of this test, which gets no further while its thread waits here. What the end of the tests overtakes is
    /// dropped by the next ones.
    fn drop(&mut self) {
        let statement = format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name);
        std::thread::spawn(move || on_a_runtime(async move || run(&statement).await));
    }
}

/// Does something on a runtime of its own.
pub(super) fn on_a_runtime<T, F: Future<Output = T>>(work: impl FnOnce() -> F) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(work())
}

fn cluster() -> Url {
    let said = std::env::var(CLUSTER).unwrap_or_else(|_| {
        panic!("{CLUSTER} is not set: `cargo xtask postgres` starts a cluster and prints the line that sets it; `cargo xtask test` does both")
    });
    said.parse().unwrap()
}

fn url(name: &str) -> String {
    let mut url = cluster();
    url.set_path(name);
    url.into()
}

/// No other process that runs now makes this name.
fn name(what: &str) -> String {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    format!("calypso_{what}_{}_{number}", std::process::id())
}

pub(super) async fn client(url: &str) -> tokio_postgres::Client {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await.unwrap();
    tokio::spawn(connection);
    client
}

async fn run(statement: &str) {
    let client = client(cluster().as_str()).await;
    client.batch_execute(statement).await.unwrap();
}

/// Cleans up once, before this process makes its first database.
async fn clean() {
    static CLEANED: OnceCell<()> = OnceCell::const_new();
    CLEANED.get_or_init(drop_what_ended_tests_left).await;
}

/// Drops the databases of test processes that are gone, and those of a process that had this one's number.
async fn drop_what_ended_tests_left() {
    let client = client(cluster().as_str()).await;
    let query = "SELECT datname FROM pg_database WHERE datname LIKE 'calypso\\_te%'";
    for row in client.query(query, &[]).await.unwrap() {
        let name: String = row.get(0);
        let process = name.split('_').nth(2).and_then(|id| id.parse().ok());
        let is_over = process.is_some_and(|id: u32| {
            id == std::process::id()
                || (std::path::Path::new("/proc/self").exists()
                    && !std::path::Path::new(&format!("/proc/{id}")).exists())
        });
        if is_over {
            let statement = format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)");
            // Another test process may be quicker.
            drop(client.batch_execute(&statement).await);
        }
    }
}
