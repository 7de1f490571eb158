//! Real clusters: what they keep when they are killed, who follows whom, and that nothing of them is left.

use std::path::PathBuf;
use std::process::Command;

use throwaway_postgres::{Cluster, Durability, Programs};

fn programs() -> Programs {
    Programs::find()
        .expect("PostgreSQL's programs are installed by `cargo xtask test --only tools`")
}

/// Runs SQL by PostgreSQL's own client.
fn ask(cluster: &Cluster, sql: &str) -> Result<String, String> {
    let output = Command::new("psql")
        .args([
            "-XAtq",
            "-v",
            "ON_ERROR_STOP=1",
            "-d",
            &cluster.url("postgres"),
            "-c",
            sql,
        ])
        .output()
        .expect("psql comes with the server");
    let said = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim().to_owned();
    if output.status.success() {
        Ok(said(&output.stdout))
    } else {
        Err(said(&output.stderr))
    }
}

fn directories() -> Vec<PathBuf> {
    let entries = std::fs::read_dir(std::env::temp_dir()).expect("the directory can be read");
    let paths = entries.flatten().map(|entry| entry.path());
    paths
        .filter(|path| path.to_string_lossy().contains("calypso-postgres-"))
        .collect()
}

#[test]
fn what_was_committed_outlives_a_kill() {
    let mut cluster = Cluster::start(programs(), Durability::Durable).expect("it starts");
    assert_eq!(ask(&cluster, "SHOW fsync").as_deref(), Ok("on"));
    assert_eq!(ask(&cluster, "SHOW lc_collate").as_deref(), Ok("C"));
    ask(
        &cluster,
        "CREATE TABLE kept (n int); INSERT INTO kept VALUES (7)",
    )
    .expect("it writes");
    cluster.kill().expect("it was running");
    ask(&cluster, "SELECT 1").expect_err("nobody listens any more");
    cluster.start_again().expect("it recovers");
    assert_eq!(ask(&cluster, "SELECT n FROM kept").as_deref(), Ok("7"));
}

#[test]
fn a_standby_follows_and_takes_over() {
    let mut primary = Cluster::start(programs(), Durability::Durable).expect("it starts");
    let standby = primary.standby("second").expect("it follows");
    primary
        .configure("synchronous_standby_names = 'second'\nsynchronous_commit = 'remote_apply'")
        .expect("it reads its settings again");
    for _ in 0..500 {
        let state = ask(&primary, "SELECT sync_state FROM pg_stat_replication");
        if state.as_deref() == Ok("sync") {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    ask(
        &primary,
        "CREATE TABLE kept (n int); INSERT INTO kept VALUES (8)",
    )
    .expect("both wrote");
    assert_eq!(ask(&standby, "SELECT n FROM kept").as_deref(), Ok("8"));
    ask(&standby, "INSERT INTO kept VALUES (9)").expect_err("a standby takes no writes");
    primary.kill().expect("it was running");
    standby.promote().expect("it takes over");
    ask(&standby, "INSERT INTO kept VALUES (9)").expect("the new primary writes");
}

#[test]
fn nothing_is_left_of_a_cluster() {
    let cluster = Cluster::start(programs(), Durability::Quick).expect("it starts");
    let url = cluster.url("postgres");
    let ours: Vec<PathBuf> = directories()
        .into_iter()
        .filter(|path| {
            let pid = std::fs::read_to_string(path.join("data/postmaster.pid"));
            pid.is_ok_and(|text| text.lines().nth(3) == Some(&cluster.port().to_string()))
        })
        .collect();
    assert_eq!(ours.len(), 1, "{ours:?}");
    drop(cluster);
    assert!(!ours[0].exists());
    let gone = Command::new("psql")
        .args(["-d", &url, "-c", "SELECT 1"])
        .output();
    assert!(!gone.expect("psql comes with the server").status.success());
}
