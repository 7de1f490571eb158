//! `calypso-proxy attestation key|new`

use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, bail};
use calypso_proxy::{Config, Signer, written};

/// What is to be done.
pub(crate) enum Deed {
    Key {
        config: PathBuf,
        store: Option<String>,
    },
    New {
        file: PathBuf,
    },
}

/// Does it and prints a public key. Ends with 1 when it could not be done.
#[expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "the key is this command's output"
)]
pub(crate) fn run(deed: Deed) -> ExitCode {
    let key = match deed {
        Deed::Key { config, store } => key(&config, store.as_deref()),
        Deed::New { file } => new(&file),
    };
    match key {
        Ok(key) => {
            println!("{key}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("calypso-proxy: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// The public key that signs for a store.
fn key(config: &Path, store: Option<&str>) -> anyhow::Result<String> {
    let read = Config::load(config);
    let config = read.context("the configuration cannot be used")?;
    let mut shops = config.shops.iter();
    let shop = match (store, shops.next(), shops.next()) {
        (None, Some(only), None) => only,
        (None, _, _) => bail!("the configuration has several stores: say which by `--store`"),
        (Some(store), _, _) => {
            let found = config.shops.iter().find(|shop| shop.name.as_str() == store);
            found.context("`--store` names no store of the configuration")?
        }
    };
    let attestation = shop.attestation.as_ref().with_context(|| {
        format!(
            "the store `{}` signs nothing: expected `attestation.key_file` in the configuration",
            shop.name
        )
    })?;
    Ok(written(attestation.signer.public()))
}

/// A new key in a new file.
fn new(path: &Path) -> anyhow::Result<String> {
    let seed = Signer::generate()?;
    let signer = Signer::parse(&seed)?;
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    let kept = options.open(path).and_then(|mut file| {
        file.write_all(seed.as_bytes())?;
        file.write_all(b"\n")?;
        file.sync_all()
    });
    kept.with_context(|| format!("cannot make {}", path.display()))?;
    Ok(written(signer.public()))
}
