//! Thousands of orders in which money, news, polls and crashes can come: doubled, late, reordered and at the same time. In the end each
//! shop has credited exactly what was sent to it.

mod world;

use std::path::Path;

use super::size::Size;
use crate::support::Home;
use world::World;

/// So many schedules are played on one database, one after the other.
const ON_ONE_DATABASE: u64 = 20;

/// Three changes at once meet each other as sixteen do, and each life has to make its connections anew, which is what costs a server most.
const CONNECTIONS: usize = 3;

/// Where the proxies remember.
#[derive(Clone, Copy)]
enum On {
    File,
    Postgres,
}

impl On {
    async fn home(self) -> Home {
        match self {
            Self::Postgres => Home::postgres().await,
            // No power is cut here, so nothing is gained by waiting for a disk.
            Self::File if Path::new("/dev/shm").is_dir() => {
                Home::File(tempfile::tempdir_in("/dev/shm").unwrap())
            }
            Self::File => Home::file(),
        }
    }
}

/// Plays every `of`th schedule, beginning with the one at `first`; how many deposits there were, and how many lives the proxy had.
async fn play(seed: u64, count: u64, first: u64, of: u64, on: On) -> (usize, usize) {
    let (mut deposits, mut lives) = (0, 0);
    let mine: Vec<u64> = (first..count)
        .step_by(usize::try_from(of).unwrap())
        .collect();
    for some in mine.chunks(usize::try_from(ON_ONE_DATABASE).unwrap()) {
        let mut world = World::new(on.home().await, CONNECTIONS).await;
        for number in some {
            world.play(seed, *number).await;
        }
        world.audit().await;
        deposits += world.deposits();
        lives += world.lives();
    }
    (deposits, lives)
}

/// As many at the same time as there are processors.
fn schedules(usual: u64, on: On) {
    let size = Size::of("schedules", usual);
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let threads = u64::try_from(threads.min(8)).unwrap();
    let players: Vec<_> = (0..threads)
        .map(|first| {
            let (seed, count) = (size.seed, size.count);
            std::thread::spawn(move || {
                let runtime = tokio::runtime::Builder::new_current_thread()
                    .enable_all()
                    .build()
                    .unwrap();
                runtime.block_on(play(seed, count, first, threads, on))
            })
        })
        .collect();
    let (mut deposits, mut lives) = (0, 0);
    for player in players {
        let (more, born) = player.join().unwrap();
        deposits += more;
        lives += born;
    }
    println!(
        "{} schedules: {deposits} deposits, {lives} lives of a proxy; each shop has credited what was sent to it",
        size.count
    );
    let count = usize::try_from(size.count).unwrap();
    assert!(
        deposits > count && lives > count / 2,
        "the run has shown too little"
    );
}

#[test]
fn whatever_the_order_credits_are_deposits_on_a_file() {
    schedules(30, On::File);
}

#[test]
fn whatever_the_order_credits_are_deposits_on_postgres() {
    schedules(20, On::Postgres);
}
