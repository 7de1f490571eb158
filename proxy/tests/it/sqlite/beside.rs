//! Another program has the file open beside the running proxy: an operator who looks at the books, or makes a backup.

use std::fs::File;

use rustix::fs::{FlockOperation, fcntl_lock};

use crate::support::Gateway;
use crate::trials::caller::Caller;
use crate::trials::child::Child;

const ORDER: &str = r#"{"price":{"amount":"25.00","currency":"EUR"},"description":"Order 1001","externalId":"1001"}"#;

/// Programs with an SQLite before 3.51 take the log beside a file away when they close it and nobody else holds a lock on the file. A running
/// proxy would go on writing into a log that has no name any more, and all of that would be gone with its process.
#[tokio::test]
async fn the_running_proxy_is_known_to_whoever_else_has_its_file_open() {
    let gateway = Gateway::start().await;
    let directory = tempfile::tempdir().unwrap();
    let mut proxy = Child::prepared(directory.path(), &gateway.base, &[]);
    // On a file that it makes, and on one that was there.
    for key in ["first", "second"] {
        proxy.start().await;
        let caller = Caller::of(proxy.address);
        let file = directory.path().join("proxy.sqlite3");
        let file = File::options().read(true).write(true).open(file).unwrap();
        // What SQLite asks for before it takes a log away, in the same words to the operating system.
        let alone = fcntl_lock(&file, FlockOperation::NonBlockingLockExclusive);
        assert!(alone.is_err(), "nobody seems to have the file open");
        drop(file);
        caller.make(ORDER, key).await.unwrap().expect(201);
        proxy.kill();
    }
    let books = proxy.opened().await.books().await.unwrap();
    assert_eq!(books.checkouts, 2, "both were acknowledged");
}
