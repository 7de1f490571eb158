//! A second hand in the PostgreSQL database of a running proxy.

use super::blocking::blocking;
use super::database::client;

/// Runs a statement beside the proxy.
pub(crate) fn meddle(url: &str, statement: &str) {
    let (url, statement) = (url.to_owned(), statement.to_owned());
    blocking(async move || client(&url).await.batch_execute(&statement).await.unwrap());
}

/// How many readings of the gateway proxies are making just now, as they have told each other.
pub(crate) fn readings_under_way(url: &str) -> i64 {
    let url = url.to_owned();
    blocking(async move || {
        let query = "SELECT count(*) FROM readings WHERE claimed_until > 0";
        let row = client(&url).await.query_one(query, &[]).await.unwrap();
        row.get(0)
    })
}

/// Notices whether the proxy has written anything since this was made.
pub(crate) struct Writes {
    url: String,
    before: Vec<(String, String)>,
}

impl Writes {
    pub(crate) fn from_now(url: &str) -> Self {
        let (url, before) = (url.to_owned(), marks(url.to_owned()));
        Self { url, before }
    }

    pub(crate) fn are_there(&self) -> bool {
        marks(self.url.clone()) != self.before
    }
}

/// Of each table but those about readings of the gateway, which say nothing of the books: how many rows it has and which transactions wrote them: different after every insert, update and delete.
fn marks(url: String) -> Vec<(String, String)> {
    blocking(async move || {
        let client = client(&url).await;
        let tables = "SELECT CAST(table_name AS TEXT) FROM information_schema.tables WHERE table_schema = 'public' AND table_name NOT IN ('readings', 'budgets') ORDER BY 1";
        let mut marks = Vec::new();
        for row in client.query(tables, &[]).await.unwrap() {
            let table: String = row.get(0);
            let mark = format!(
                "SELECT count(*) || ' ' || coalesce(sum(CAST(CAST(xmin AS TEXT) AS BIGINT)), 0) FROM {table}"
            );
            let mark: String = client.query_one(&mark, &[]).await.unwrap().get(0);
            marks.push((table, mark));
        }
        marks
    })
}
