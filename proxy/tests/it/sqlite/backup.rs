//! `calypso-proxy backup`: what it refuses, and that nothing is left of what it refused.

use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use calypso_proxy::{BackupError, DatabasePlace, backup, migrate};

/// A database with tables, and nothing in them.
async fn database(directory: &Path) -> DatabasePlace {
    let place = DatabasePlace::from(directory.join("proxy.sqlite3"));
    migrate(&place).await.unwrap();
    place
}

fn names(directory: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(directory).unwrap();
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<String> = names.collect();
    names.sort();
    names
}

#[tokio::test]
async fn a_backup_is_one_file_for_its_owner_and_opens_as_a_database() {
    let directory = tempfile::tempdir().unwrap();
    let place = database(directory.path()).await;
    let to = tempfile::tempdir().unwrap();
    let file = to.path().join("backup.sqlite3");
    let told = backup(&place, &file).await.unwrap();
    assert!(
        told.tables > 10 && told.schema > 0 && told.bytes > 0,
        "{told:?}"
    );
    assert_eq!(names(to.path()), ["backup.sqlite3"]);
    let mode = file.metadata().unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let migrated = migrate(&DatabasePlace::from(file)).await.unwrap();
    assert_eq!((migrated.from, migrated.to), (told.schema, told.schema));
}

#[tokio::test]
async fn whatever_stands_at_its_name_stays() {
    let directory = tempfile::tempdir().unwrap();
    let place = database(directory.path()).await;
    let to = tempfile::tempdir().unwrap();
    let there = to.path().join("there");
    std::fs::write(&there, "precious").unwrap();
    std::os::unix::fs::symlink("/nowhere", to.path().join("link")).unwrap();
    std::fs::create_dir(to.path().join("directory")).unwrap();
    for name in ["there", "link", "directory"] {
        let refused = backup(&place, &to.path().join(name)).await.unwrap_err();
        assert!(
            matches!(refused, BackupError::Taken(_)),
            "{name}: {refused}"
        );
    }
    let itself = directory.path().join("proxy.sqlite3");
    let refused = backup(&place, &itself).await.unwrap_err();
    assert!(matches!(refused, BackupError::Taken(_)), "{refused}");
    assert_eq!(std::fs::read_to_string(&there).unwrap(), "precious");
    assert_eq!(names(to.path()), ["directory", "link", "there"]);
}

#[tokio::test]
async fn what_cannot_be_backed_up_is_named_and_leaves_nothing() {
    let directory = tempfile::tempdir().unwrap();
    let place = database(directory.path()).await;
    let to = tempfile::tempdir().unwrap();
    let file = to.path().join("backup.sqlite3");
    let from = |name: &str| DatabasePlace::from(directory.path().join(name));

    let refused = backup(&from("nothing"), &file).await.unwrap_err();
    assert!(matches!(refused, BackupError::NotThere(_)), "{refused}");
    std::fs::write(directory.path().join("empty"), "").unwrap();
    let refused = backup(&from("empty"), &file).await.unwrap_err();
    assert!(matches!(refused, BackupError::NotOurs(_)), "{refused}");
    std::fs::write(
        directory.path().join("text"),
        "not a database, but long enough",
    )
    .unwrap();
    let refused = backup(&from("text"), &file).await.unwrap_err();
    assert!(matches!(refused, BackupError::Store(_)), "{refused}");
    let nowhere = to.path().join("no-directory").join("backup");
    let refused = backup(&place, &nowhere).await.unwrap_err();
    assert!(
        matches!(refused, BackupError::Unwritable { .. }),
        "{refused}"
    );
    let postgres = DatabasePlace::postgres("postgres://somebody@db/calypso").unwrap();
    let refused = backup(&postgres, &file).await.unwrap_err();
    assert!(refused.to_string().contains("pg_dump"), "{refused}");
    assert_eq!(names(to.path()), [""; 0]);
    assert!(!directory.path().join("nothing").exists());
}

/// A page that the disk has changed is found in the copy, and no backup has it.
#[tokio::test]
async fn damage_is_not_backed_up() {
    let directory = tempfile::tempdir().unwrap();
    let place = database(directory.path()).await;
    let path = directory.path().join("proxy.sqlite3");
    let mut bytes = std::fs::read(&path).unwrap();
    let page = bytes.len() / 2 / 4096 * 4096;
    bytes[page..page + 200].fill(0xA5);
    std::fs::write(&path, bytes).unwrap();
    let to = tempfile::tempdir().unwrap();
    let refused = backup(&place, &to.path().join("backup")).await.unwrap_err();
    assert!(matches!(refused, BackupError::Damaged(_)), "{refused}");
    assert_eq!(names(to.path()), [""; 0]);
}
