//! `calypso-proxy`: the signing proxy as a program.

mod cli;

use std::path::PathBuf;
use std::process::ExitCode;

use calypso_proxy::EventsAsked;
use clap::{Args, Parser, Subcommand};
use cli::attestation::Deed as Attest;
use cli::webhook::Deed;
use mimalloc::MiMalloc;
use uuid::Uuid;

/// Every request takes and gives back a hundred small pieces of memory, which the system's allocator is slow at.
#[global_allocator]
static MEMORY: MiMalloc = MiMalloc;

/// Keeps the Calypso secret on the merchant's side, decides the price, and remembers.
///
/// Buyers' pages talk to this proxy; the proxy talks to the gateway. Put something that speaks TLS in front of it.
#[derive(Parser)]
#[command(
    name = "calypso-proxy",
    version,
    propagate_version = true,
    max_term_width = 100
)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serves until it is told to stop (SIGINT or SIGTERM), then lets open requests finish. SIGHUP has files of keys read again.
    ///
    /// Logs go to standard error: one line each, or JSON with CALYPSO_PROXY_LOG_FORMAT=json. What is logged is set by RUST_LOG,
    /// by default `info`.
    Serve {
        #[command(flatten)]
        with: WithConfig,
        #[command(flatten)]
        time: Time,
    },
    /// Brings the database's tables up to date, and says from which version to which.
    ///
    /// `serve` does so by itself. With several proxies on one database this makes it a step of its own, before the new ones start.
    Migrate {
        #[command(flatten)]
        with: WithConfig,
    },
    /// Copies everything from the configured SQLite file to an empty PostgreSQL database, and reads each row back before it is kept.
    ///
    /// Stop the proxy first: a file that another program has open is refused. When anything goes wrong, the target stays empty.
    Copy {
        #[command(flatten)]
        with: WithConfig,
        /// The URL of the target, such as postgres://user:password@host:5432/name. Where others on this computer may see it, give it by
        /// the environment variable instead.
        #[arg(
            long,
            value_name = "URL",
            env = "CALYPSO_COPY_TO",
            hide_env_values = true
        )]
        to: String,
    },
    /// Copies everything that is committed now from the configured SQLite file to a new file, while the proxy goes on, and reads the copy
    /// through before it gets its name.
    ///
    /// A file that is there is never overwritten. PostgreSQL is backed up with `pg_dump`; docs/RUNBOOK.md has both ways, and how a backup
    /// is restored.
    Backup {
        #[command(flatten)]
        with: WithConfig,
        /// The new file.
        #[arg(long, value_name = "FILE")]
        to: PathBuf,
    },
    /// Tells what is right and wrong with a configuration, without serving: values, database, widget files, gateway.
    ///
    /// Ends with 0 when everything is right, with 1 when something is wrong.
    Check {
        #[command(flatten)]
        with: WithConfig,
        #[command(flatten)]
        time: Time,
    },
    /// Compares the books with the gateway: reads each invoice and customer again, and prints what differs.
    ///
    /// Every invoice on which money was seen is read, or with a time every one priced in it; one call at a time. What is new by it is taken
    /// in, as from a buyer's look. Ends with 0 when nothing differs, with 1 when something does, with 2 when not all could be read.
    Reconcile {
        #[command(flatten)]
        with: WithConfig,
        #[command(flatten)]
        time: Time,
        /// Compares one store only.
        #[arg(long, value_name = "NAME")]
        store: Option<String>,
        /// From when on, such as 2026-05-04T12:00:00Z.
        #[arg(long, value_name = "TIME")]
        from: Option<String>,
        /// Until when, this moment not included.
        #[arg(long, value_name = "TIME")]
        to: Option<String>,
        /// Asks no gateway: looks whether the books agree with themselves.
        #[arg(long, conflicts_with_all = ["store", "from", "to"])]
        offline: bool,
    },
    /// The key that signs what buyers are shown, and receipts.
    Attestation {
        #[command(subcommand)]
        deed: Attestation,
    },
    /// The gateway's webhooks: has it tell this proxy of payments by itself.
    Webhook {
        #[command(subcommand)]
        deed: Webhook,
    },
    /// The events that your own server is told: what became of each, sending one again, and what they are signed with.
    Event {
        #[command(subcommand)]
        deed: Event,
    },
}

#[derive(Subcommand)]
enum Event {
    /// Prints a new secret to sign events with: lead it into a file that only the proxy can read, and name that file in
    /// `events.secret_files`.
    Secret,
    /// Sends a signed test event to `events.url` and says what came of it.
    ///
    /// Ends with 0 when it was taken, with 1 when it was not.
    Test {
        #[command(flatten)]
        with: WithConfig,
        #[command(flatten)]
        of: WithStore,
    },
    /// Lists events, the newest first, 100 at a time.
    List {
        #[command(flatten)]
        with: WithConfig,
        #[command(flatten)]
        of: WithStore,
        /// Only those of this type, such as checkout.paid.
        #[arg(long = "type", value_name = "TYPE")]
        kind: Option<String>,
        /// Only those in this state: pending, delivered, dead or unsent.
        #[arg(long)]
        state: Option<String>,
        /// Only those of this checkout.
        #[arg(long, value_name = "ID")]
        checkout: Option<String>,
        /// Goes on where the list before has ended, as that says.
        #[arg(long)]
        cursor: Option<String>,
    },
    /// Has events sent again from the beginning of the schedule, each with its id and the same body.
    Replay {
        #[command(flatten)]
        with: WithConfig,
        #[command(flatten)]
        of: WithStore,
        /// The events, as `list` names them.
        #[arg(required = true, value_name = "EVENT")]
        ids: Vec<String>,
    },
}

#[derive(Subcommand)]
enum Attestation {
    /// Prints a store's public key: what `attest-key` in the merchant's page is set to.
    Key {
        #[command(flatten)]
        with: WithConfig,
        #[command(flatten)]
        of: OfStore,
    },
    /// Writes a new key to a new file that only its owner can read, and prints its public half. Needs no configuration, and no network.
    New {
        /// The new file; what is there already is never overwritten.
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
}

#[derive(Args)]
struct OfStore {
    /// The store whose key is meant; needed when the configuration has several.
    #[arg(long, value_name = "NAME")]
    store: Option<String>,
}

#[derive(Subcommand)]
enum Webhook {
    /// Subscribes to webhooks and keeps the keys they are signed with in the database. Doing it again changes nothing.
    Register {
        #[command(flatten)]
        with: WithConfig,
        #[command(flatten)]
        of: WithStore,
        #[command(flatten)]
        to: Address,
        /// Makes another subscription with keys of its own beside those there are, to change keys without losing a delivery: both are
        /// taken until the old one is removed.
        #[arg(long)]
        new_keys: bool,
    },
    /// Lists the subscriptions, and whether this proxy takes their deliveries.
    List {
        #[command(flatten)]
        with: WithConfig,
        #[command(flatten)]
        of: WithStore,
    },
    /// Ends the subscriptions to this proxy, or one of them, and forgets their keys.
    Remove {
        #[command(flatten)]
        with: WithConfig,
        #[command(flatten)]
        of: WithStore,
        #[command(flatten)]
        to: Address,
        /// The one to end, as `list` names it.
        #[arg(long, conflicts_with = "url")]
        id: Option<Uuid>,
    },
}

#[derive(Args)]
struct WithStore {
    /// The store that is meant; needed when the configuration has several.
    #[arg(long, value_name = "NAME")]
    store: Option<String>,
}

#[derive(Args)]
struct Address {
    /// Where the gateway reaches this proxy: by default /webhooks/calypso at `public_url`.
    #[arg(long)]
    url: Option<String>,
}

#[derive(Args)]
struct WithConfig {
    /// The configuration file; `config.example.toml` documents every key, `config.stores.example.toml` several stores.
    ///
    /// Environment variables override it: CALYPSO_PROXY_LISTEN, CALYPSO_PROXY_GATEWAY__BASE_URL and so on. Secrets come from
    /// CALYPSO_PROXY_MERCHANT_KEY and CALYPSO_PROXY_GATEWAY__SECRET, or from the files the configuration names.
    #[arg(long, value_name = "FILE", env = "CALYPSO_PROXY_CONFIG")]
    config: PathBuf,
}

#[derive(Args)]
struct Time {
    /// Takes the time of checkouts, prices and expiries from the sandbox gateway at this address, such as http://127.0.0.1:8090/,
    /// so that moving its clock moves this proxy alike. Refused unless sandbox and gateway are on this computer.
    #[arg(long, value_name = "URL")]
    sandbox_clock: Option<String>,
}

fn main() -> ExitCode {
    match Arguments::parse().command {
        Command::Serve { with, time } => {
            cli::serve::run(&with.config, time.sandbox_clock.as_deref())
        }
        Command::Copy { with, to } => cli::copy::run(&with.config, &to),
        Command::Backup { with, to } => cli::backup::run(&with.config, &to),
        Command::Migrate { with } => cli::migrate::run(&with.config),
        Command::Check { with, time } => {
            cli::check::run(&with.config, time.sandbox_clock.as_deref())
        }
        Command::Reconcile {
            with,
            time,
            store,
            from,
            to,
            offline,
        } => {
            let asked = cli::reconcile::Asked {
                store,
                from,
                to,
                offline,
            };
            cli::reconcile::run(&with.config, time.sandbox_clock.as_deref(), &asked)
        }
        Command::Attestation { deed } => cli::attestation::run(match deed {
            Attestation::Key { with, of } => Attest::Key {
                config: with.config,
                store: of.store,
            },
            Attestation::New { file } => Attest::New { file },
        }),
        Command::Webhook { deed } => webhook(deed),
        Command::Event { deed } => event(deed),
    }
}

fn event(deed: Event) -> ExitCode {
    let (with, of, deed) = match deed {
        Event::Secret => return cli::event::secret(),
        Event::Test { with, of } => {
            return cli::event::test(&with.config, of.store.as_deref());
        }
        Event::List {
            with,
            of,
            kind,
            state,
            checkout,
            cursor,
        } => {
            let asked = EventsAsked {
                kind,
                state,
                checkout,
                cursor,
            };
            (with, of, cli::outbox::Deed::List(asked))
        }
        Event::Replay { with, of, ids } => (with, of, cli::outbox::Deed::Replay { ids }),
    };
    cli::outbox::run(&with.config, of.store.as_deref(), deed)
}

fn webhook(deed: Webhook) -> ExitCode {
    let (with, of, deed) = match deed {
        Webhook::Register {
            with,
            of,
            to,
            new_keys,
        } => {
            let deed = Deed::Register {
                url: to.url,
                with_new_keys: new_keys,
            };
            (with, of, deed)
        }
        Webhook::List { with, of } => (with, of, Deed::List),
        Webhook::Remove { with, of, to, id } => (with, of, Deed::Remove { url: to.url, id }),
    };
    cli::webhook::run(&with.config, of.store.as_deref(), deed)
}
