//! What is left of a SQLite file whose log was torn, by a crash of the computer or a bad disk: a sound file with a beginning of all commits.
//!
//! A commit that was acknowledged is in the log and on disk; this says that what follows damage is cut off whole, and never believed in part.

use std::path::Path;

use calypso_proxy::Proxy;
use rusqlite::{Connection, OpenFlags};

use crate::dice::Dice;
use crate::support::{Gateway, TestProxy, config};
use crate::trials::Size;

const COMMITS: usize = 120;

/// What is done to the log, and in words.
fn mutilate(log: &mut Vec<u8>, dice: &mut Dice) -> String {
    let at = dice.place(log.len());
    match dice.roll(5) {
        0..=1 => {
            log.truncate(at);
            format!("cut off at {at}")
        }
        2..=3 => {
            let bit = dice.roll(8);
            log[at] ^= 1 << bit;
            format!("bit {bit} of byte {at} turned over")
        }
        _ => {
            let sector = at / 512 * 512;
            let end = (sector + 512).min(log.len());
            log[sector..end].fill(0);
            format!("sector at {sector} lost")
        }
    }
}

/// How many bytes at the beginning of a log belong to its present commits: behind them lie those of earlier rounds, which nobody reads.
/// The format is described at <https://www.sqlite.org/fileformat2.html#walformat>.
fn live(log: &[u8]) -> usize {
    let page = usize::try_from(u32::from_be_bytes(log[8..12].try_into().unwrap())).unwrap();
    let salts = &log[16..24];
    let frames = log[32..].chunks_exact(24 + page);
    let live = frames.take_while(|frame| frame[8..16] == *salts);
    32 + live.count() * (24 + page)
}

/// Whether the file is sound, and the checkouts in it in the order in which they were made. A file that was torn before its first
/// commit has none.
fn found(file: &Path) -> (String, Vec<String>) {
    let connection = Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_WRITE).unwrap();
    let sound = connection
        .query_row("PRAGMA integrity_check", [], |row| row.get(0))
        .unwrap();
    let Ok(mut rows) = connection.prepare("SELECT external_id FROM checkouts ORDER BY rowid")
    else {
        return (sound, Vec::new());
    };
    let ids = rows.query_map([], |row| row.get(0)).unwrap();
    (sound, ids.map(Result::unwrap).collect())
}

#[tokio::test]
async fn a_torn_log_leaves_a_beginning_of_all_commits() {
    let size = Size::of("torn-log", 100);
    let mut dice = size.dice();
    let shop = TestProxy::on_file(|_| {}).await;
    let mut made = Vec::new();
    for number in 0..COMMITS {
        let order = format!("order-{number}");
        let body = format!(
            r#"{{"price":{{"amount":"25.00","currency":"EUR"}},"description":"Order","externalId":"{order}"}}"#
        );
        shop.made(&body).await;
        made.push(order);
    }
    let file = std::fs::read(shop.database()).unwrap();
    let log = std::fs::read(shop.database().with_extension("sqlite3-wal")).unwrap();
    let log = &log[..live(&log)];
    assert!(log.len() > 100_000, "{} bytes of commits", log.len());
    let gateway = Gateway::start().await;
    let (mut all, mut some) = (0, 0);
    for number in 0..size.count {
        let directory = tempfile::tempdir().unwrap();
        let copy = directory.path().join("proxy.sqlite3");
        let mut torn = log.to_vec();
        let how = mutilate(&mut torn, &mut dice);
        std::fs::write(&copy, &file).unwrap();
        std::fs::write(copy.with_extension("sqlite3-wal"), &torn).unwrap();
        let (sound, left) = found(&copy);
        let about = format!("seed {}, number {number}: {how}", size.seed);
        assert_eq!(sound, "ok", "{about}");
        assert_eq!(left[..], made[..left.len()], "{about}");
        if left.len() == made.len() {
            all += 1;
        } else {
            some += 1;
        }
        // The program itself takes the file up where it ends.
        if number % 20 == 0 {
            let config = config(&gateway, copy);
            let clock = std::sync::Arc::new(calypso_proxy::SystemClock);
            let proxy = Proxy::open(config, clock).await.unwrap();
            let books = proxy.books().await.unwrap();
            assert_eq!(
                usize::try_from(books.checkouts).unwrap(),
                left.len(),
                "{about}"
            );
            assert_eq!(proxy.audit().await.unwrap().differences, [""; 0], "{about}");
        }
    }
    println!(
        "{} torn logs of {COMMITS} commits: each file is sound; {some} end earlier, {all} have everything",
        size.count
    );
    assert!(some > all, "the run has shown too little");
}
