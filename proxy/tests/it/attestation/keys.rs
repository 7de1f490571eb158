//! Where the key comes from: files and variables that can be used, and those that cannot.

use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Command, Output};

use super::{OTHER_PUBLIC, PUBLIC, SEED};

const PEM: &str = "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g\n-----END PRIVATE KEY-----\n";

fn program(words: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_calypso-proxy"));
    command.args(words);
    command.env("CALYPSO_PROXY_MERCHANT_KEY", "merchant-0123456789abcdef");
    command.env("CALYPSO_PROXY_GATEWAY__SECRET", "gateway-0123456789abcdef");
    command.output().unwrap()
}

fn said(output: &Output) -> String {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    text(&output.stdout) + &text(&output.stderr)
}

/// A configuration with these lines in the table of what is signed.
fn config(directory: &Path, lines: &str) -> String {
    let path = directory.join("proxy.toml");
    let text = format!(
        "listen = \"127.0.0.1:0\"\npublic_url = \"http://127.0.0.1:1\"\ndatabase = \"proxy.sqlite3\"\n[gateway]\nbase_url = \"http://127.0.0.1:1\"\n\
         account = \"0x5a4db0c0ffee00000000000000000000000a11ce\"\nkey = \"sandbox-key\"\n[attestation]\n{lines}\n"
    );
    std::fs::write(&path, text).unwrap();
    path.to_str().unwrap().to_owned()
}

fn kept(directory: &Path, text: &str, mode: u32) {
    let path = directory.join("seed");
    std::fs::write(&path, text).unwrap();
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
}

#[test]
fn either_form_of_a_key_file_gives_the_public_key_for_the_page() {
    let directory = tempfile::tempdir().unwrap();
    let config = config(directory.path(), "key_file = \"seed\"");
    for text in [PEM, SEED, &format!("{SEED}\n"), &format!("{SEED}\r\n")] {
        kept(directory.path(), text, 0o600);
        let output = program(&["attestation", "key", "--config", &config]);
        assert_eq!(said(&output), format!("{PUBLIC}\n"));
        assert!(output.status.success());
    }
}

#[test]
fn a_new_key_is_its_owners_alone_and_overwrites_nothing() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("seed");
    let file = path.to_str().unwrap();
    let made = program(&["attestation", "new", file]);
    assert!(made.status.success(), "{}", said(&made));
    let mode = std::fs::metadata(&path).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let config = config(directory.path(), "key_file = \"seed\"");
    let printed = program(&["attestation", "key", "--config", &config]);
    assert_eq!(said(&printed), said(&made), "both print the public key");
    let seed = std::fs::read_to_string(&path).unwrap();
    assert!(!said(&made).contains(seed.trim()));
    let again = program(&["attestation", "new", file]);
    assert!(!again.status.success() && said(&again).contains("cannot make"));
    assert_eq!(std::fs::read_to_string(&path).unwrap(), seed);
}

#[test]
fn what_cannot_be_used_is_named_and_never_shown() {
    let directory = tempfile::tempdir().unwrap();
    let other = format!("other_keys = [\"{OTHER_PUBLIC}\"]");
    let own = format!("key_file = \"seed\"\nother_keys = [\"{PUBLIC}\"]");
    let twice =
        format!("key_file = \"seed\"\nother_keys = [\"{OTHER_PUBLIC}\", \"{OTHER_PUBLIC}\"]");
    let weak = format!("key_file = \"seed\"\nother_keys = [\"{}\"]", "A".repeat(43));
    let inside = format!("key = \"{SEED}\"");
    let file = "key_file = \"seed\"";
    let guessed = "A".repeat(43);
    let rsa = PEM.replace("MC4CAQAwBQYDK2Vw", "MC4CAQAwBQYDK2Vu");
    for (lines, text, expected) in [
        (file, "secret-but-no-seed", "`attestation.key_file`"),
        (file, &guessed, "can be guessed"),
        (file, &rsa, "openssl genpkey -algorithm ed25519"),
        (file, "", "is empty"),
        (&other, SEED, "there is none"),
        (&own, SEED, "lists the key that signs"),
        (&twice, SEED, "lists a key twice"),
        (&weak, SEED, "`attestation.other_keys`"),
        (&inside, SEED, "is a secret and must not stand in"),
    ] {
        kept(directory.path(), text, 0o600);
        let config = config(directory.path(), lines);
        let output = program(&["attestation", "key", "--config", &config]);
        let said = said(&output);
        assert!(
            !output.status.success() && said.contains(expected),
            "{lines}: {said}"
        );
        assert!(
            !said.contains(SEED) && !said.contains("secret-but"),
            "{said}"
        );
    }
    let without = config(directory.path(), "");
    let output = program(&["attestation", "key", "--config", &without]);
    assert!(said(&output).contains("signs nothing"), "{}", said(&output));
}

#[test]
fn a_key_that_others_can_read_is_a_danger() {
    let directory = tempfile::tempdir().unwrap();
    let config = config(directory.path(), "key_file = \"seed\"");
    for mode in [0o644, 0o640, 0o604] {
        kept(directory.path(), PEM, mode);
        let output = program(&["check", "--config", &config]);
        let said = said(&output);
        let line = said
            .lines()
            .find(|line| line.contains("`attestation.key_file`"));
        assert!(
            line.is_some_and(|line| line.starts_with("WRONG") && line.contains("chmod 600")),
            "{said}"
        );
    }
}
