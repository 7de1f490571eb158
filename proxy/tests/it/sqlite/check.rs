//! `calypso-proxy check` beside files of other versions.

use rusqlite::Connection;

use crate::program::{check, listing, write_config};
use crate::support::Gateway;

#[tokio::test]
async fn check_leaves_a_file_of_an_older_and_of_a_newer_program_as_it_is() {
    let gateway = Gateway::start().await;
    let directory = tempfile::tempdir().unwrap();
    let config = write_config(directory.path(), &gateway.base, 0);
    let listing = || listing(directory.path());
    for (version, expected) in [(1, "ok    database:"), (9999, "WRONG database:")] {
        let database = directory.path().join("proxy.sqlite3");
        drop(std::fs::remove_file(&database));
        Connection::open(&database)
            .unwrap()
            .execute_batch(&format!(
                "PRAGMA journal_mode = WAL; CREATE TABLE checkouts (id); PRAGMA user_version = {version}"
            ))
            .unwrap();
        let before = listing();
        let said = String::from_utf8(check(&config).await.stdout).unwrap();
        assert!(
            said.contains(expected) && said.contains(&version.to_string()),
            "{said}"
        );
        assert_eq!(listing(), before);
    }
}
