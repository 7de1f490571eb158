//! Of what a secret was read from, nothing stays in memory.

use std::fs::File;
use std::io::BufRead as _;
use std::ops::Range;
use std::os::unix::fs::FileExt as _;

use calypso_proxy::Config;
use secrecy::zeroize::Zeroizing;

/// How much is read at a time.
const CHUNK: usize = 4 << 20;

/// A secret that a search finds: its own copies are all kept turned around.
struct Planted {
    turned: Vec<u8>,
}

impl Planted {
    fn new(seed: u8) -> Self {
        let letter = |place: u8| b'a' + (place.wrapping_mul(7) ^ seed) % 26;
        Self {
            turned: (0..192).map(|place| !letter(place)).collect(),
        }
    }

    /// A copy for whoever is to read it.
    fn text(&self) -> Zeroizing<String> {
        // Made at once in its full length, so that none of it is left behind as it grows.
        let mut bytes = vec![0; self.turned.len()];
        for (byte, turned) in bytes.iter_mut().zip(&self.turned) {
            *byte = !turned;
        }
        Zeroizing::new(String::from_utf8(bytes).unwrap())
    }

    /// How many copies there are in this process. Memory that was given back holds other things at its start, so the end counts.
    fn copies(&self) -> usize {
        let end = &self.turned[self.turned.len() - 64..];
        let memory = File::open("/proc/self/mem").unwrap();
        let maps = std::fs::read_to_string("/proc/self/maps").unwrap();
        let mut chunk = vec![0; CHUNK];
        // What was read is a copy too, so its own place is left out.
        let own = chunk.as_ptr().addr() as u64;
        let own = own..own + CHUNK as u64;
        let mut copies = 0;
        for range in maps.lines().filter_map(writable) {
            let parts = if range.contains(&own.start) {
                [range.start..own.start, own.end.min(range.end)..range.end]
            } else {
                [range, 0..0]
            };
            for mut part in parts {
                while !part.is_empty() {
                    let most = usize::try_from(part.end - part.start)
                        .unwrap_or(CHUNK)
                        .min(CHUNK);
                    let Ok(read) = memory.read_at(&mut chunk[..most], part.start) else {
                        break;
                    };
                    copies += occurrences(&chunk[..read], end);
                    if read < end.len() {
                        break;
                    }
                    // The next piece begins with what may be the beginning of one.
                    let is_last = read == most && most < CHUNK;
                    part.start += (read - if is_last { 0 } else { end.len() - 1 }) as u64;
                }
            }
        }
        chunk.fill(0);
        copies
    }
}

/// The place of a mapping that can be written to, by its line in the list of mappings.
fn writable(line: &str) -> Option<Range<u64>> {
    let (range, rights) = line.split_once(' ')?;
    let (from, to) = range.split_once('-')?;
    let place = |digits| u64::from_str_radix(digits, 16).unwrap();
    rights.starts_with("rw").then(|| place(from)..place(to))
}

/// How often the bytes that these are turned around stand in memory.
fn occurrences(memory: &[u8], turned: &[u8]) -> usize {
    let (mut rest, mut found) = (memory, 0);
    let (first, others) = turned.split_first().unwrap();
    // The one search for a byte that is fast in a test build.
    while rest.skip_until(!first).unwrap() > 0 {
        let matching = rest
            .iter()
            .zip(others)
            .filter(|(byte, turned)| **byte == !**turned);
        found += usize::from(matching.count() == others.len());
    }
    found
}

/// Set where the search is to take place.
const ALONE: &str = "CALYPSO_TEST_ALONE";

#[test]
fn a_secret_that_was_read_is_in_memory_once_and_then_not_at_all() {
    // In a process of its own, whose memory no other test moves while it is searched.
    if std::env::var_os(ALONE).is_none() {
        let test = "memory::a_secret_that_was_read_is_in_memory_once_and_then_not_at_all";
        let output = std::process::Command::new(std::env::current_exe().unwrap())
            .args(["--exact", test])
            .env(ALONE, "1")
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(
            output.status.success() && said.contains("1 passed"),
            "{said}"
        );
        return;
    }
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("proxy.toml");
    let (key, secret, strayed) = (Planted::new(3), Planted::new(14), Planted::new(25));
    std::fs::write(directory.path().join("secret"), &*secret.text()).unwrap();
    assert_eq!(
        (key.copies(), secret.copies()),
        (0, 0),
        "the search sees only what is there"
    );
    std::fs::write(&path, include_str!("../../config.example.toml")).unwrap();
    let config = Config::load_with(
        &path,
        [
            (
                "CALYPSO_PROXY_MERCHANT_KEY".to_owned(),
                std::mem::take(&mut *key.text()),
            ),
            (
                "CALYPSO_PROXY_GATEWAY__SECRET_FILE".to_owned(),
                "secret".to_owned(),
            ),
        ],
    )
    .unwrap();
    assert_eq!(
        (key.copies(), secret.copies()),
        (1, 1),
        "what the proxy works with"
    );
    drop(config);
    assert_eq!((key.copies(), secret.copies()), (0, 0));

    // One that was written into the file by mistake, which is refused.
    let mut text = Zeroizing::new(String::with_capacity(512));
    text.push_str("merchant_key = \"");
    text.push_str(&strayed.text());
    text.push_str("\"\n");
    std::fs::write(&path, text.as_bytes()).unwrap();
    drop(text);
    let refused = Config::load_with(&path, []).unwrap_err();
    assert!(refused.to_string().contains("merchant_key"), "{refused}");
    assert_eq!(strayed.copies(), 0);
}
