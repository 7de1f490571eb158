//! One cluster: its directory, its port, and its server while that runs.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use uuid::Uuid;

use crate::owner::Owner;
use crate::port;
use crate::programs::Programs;
use crate::settings::Durability;
use crate::state;
use crate::supervisor::{Supervisor, last_words};

/// The superuser of each cluster.
pub(crate) const USER: &str = "postgres";

/// How often a server that does not answer yet is looked at, and how many times.
const LOOK: Duration = Duration::from_millis(20);
const LOOKS: u32 = 6000;

/// How often another port is tried after somebody else has taken the one we chose.
const PORTS: u32 = 20;

/// How a start went.
enum Start {
    Ready,
    PortTaken,
    /// Sessions of a killed server still hold its memory.
    OldServerThere,
}

/// A cluster in a temporary directory. Dropping it ends the server and removes the directory; so does our own death.
#[derive(Debug)]
pub struct Cluster {
    pub(crate) programs: Programs,
    pub(crate) owner: Owner,
    pub(crate) durability: Durability,
    pub(crate) directory: PathBuf,
    pub(crate) password: String,
    port: u16,
    server: Option<Supervisor>,
}

impl Cluster {
    /// Makes a cluster and starts it.
    ///
    /// # Errors
    /// When one of the programs fails, with what it said.
    pub fn start(programs: Programs, durability: Durability) -> Result<Cluster> {
        let owner = Owner::choose()?;
        let mut cluster = Cluster::unmade(programs, owner, durability, Uuid::new_v4().to_string())?;
        cluster.initialise()?;
        cluster.find_a_port()?;
        Ok(cluster)
    }

    /// The place for a cluster, with nothing in it.
    pub(crate) fn unmade(
        programs: Programs,
        owner: Owner,
        durability: Durability,
        password: String,
    ) -> Result<Cluster> {
        let name = format!("calypso-postgres-{}", Uuid::new_v4().simple());
        let directory = std::env::temp_dir().join(name);
        let mut make = owner.command(Path::new("mkdir"));
        run(make.args(["-m", "700"]).arg(&directory))?;
        Ok(Cluster {
            programs,
            owner,
            durability,
            directory,
            password,
            port: 0,
            server: None,
        })
    }

    fn initialise(&self) -> Result<()> {
        let password = self.directory.join("password");
        self.keep(&password, &self.password)?;
        let mut initdb = self.programs.command("initdb", self.owner);
        initdb
            .arg("--pgdata")
            .arg(self.data())
            .args(["--username", USER, "--pwfile"])
            .arg(&password)
            // Neither the computer's language nor its collation may decide what a test sees.
            .args(["--encoding", "UTF8", "--locale", "C"])
            // On loopback and for an hour: a password keeps other users out. The default, SCRAM, is made slow against guessing, and tests connect
            // thousands of times.
            .args(["--auth-host", "md5", "--auth-local", "reject"])
            .arg("--no-sync");
        run(&mut initdb)
    }

    /// Writes a file that belongs to the owner and that nobody else can read.
    pub(crate) fn keep(&self, path: &Path, text: &str) -> Result<()> {
        let mut keep = self.owner.command(Path::new("/bin/sh"));
        keep.args(["-c", "umask 077; cat >\"$1\"", "sh"])
            .arg(path)
            .stdin(std::process::Stdio::piped());
        let mut keep = keep.spawn().context("sh did not start")?;
        let mut input = keep.stdin.take().context("the input was piped")?;
        writeln!(input, "{text}").context("sh took nothing")?;
        drop(input);
        let status = keep.wait().context("sh was lost")?;
        ensure!(status.success(), "{} cannot be written", path.display());
        Ok(())
    }

    /// Starts the server for the first time, on a port that nobody else gets first.
    pub(crate) fn find_a_port(&mut self) -> Result<()> {
        for _ in 0..PORTS {
            self.port = port::free()?;
            match self.start_server()? {
                Start::Ready => return Ok(()),
                Start::PortTaken | Start::OldServerThere => self.end("QUIT")?,
            }
        }
        bail!("PostgreSQL found each of {PORTS} ports taken");
    }

    /// Starts a server that was ended, on its old port.
    ///
    /// # Errors
    /// When it runs already, or does not come up.
    pub fn start_again(&mut self) -> Result<()> {
        for _ in 0..LOOKS {
            match self.start_server()? {
                Start::Ready => return Ok(()),
                Start::PortTaken => bail!("port {} has been taken by somebody else", self.port),
                // The sessions of a killed server notice its death one by one.
                Start::OldServerThere => self.end("QUIT")?,
            }
            std::thread::sleep(LOOK);
        }
        bail!("the sessions of the killed server do not end");
    }

    fn start_server(&mut self) -> Result<Start> {
        if self.server.is_some() {
            bail!("the server runs already");
        }
        let before = state::read(&self.data());
        let mut server = Command::new(self.programs.path("postgres"));
        server.arg("-D").arg(self.data());
        server.args(["-p", &self.port.to_string()]);
        for setting in self.durability.settings() {
            server.args(["-c", setting]);
        }
        self.server = Some(Supervisor::start(&server, &self.directory, self.owner)?);
        for _ in 0..LOOKS {
            let now = state::read(&self.data());
            if now.server != before.server && now.is_ready {
                return Ok(Start::Ready);
            }
            let said = last_words(&self.directory);
            if said.contains("could not create any TCP/IP sockets") {
                return Ok(Start::PortTaken);
            }
            if said.contains("pre-existing shared memory block") {
                return Ok(Start::OldServerThere);
            }
            std::thread::sleep(LOOK);
        }
        let said = last_words(&self.directory);
        bail!("PostgreSQL does not start; it says:\n{said}");
    }

    /// Kills the server with no chance to put anything in order. The files stay.
    ///
    /// # Errors
    /// When it does not run.
    pub fn kill(&mut self) -> Result<()> {
        self.end("KILL")
    }

    /// Ends the server in order; who is connected is sent away. The files stay.
    ///
    /// # Errors
    /// When it does not run.
    pub fn stop(&mut self) -> Result<()> {
        self.end("INT")
    }

    fn end(&mut self, signal: &str) -> Result<()> {
        let server = self.server.take().context("the server does not run")?;
        server.end(signal)
    }

    /// Writes a setting down, and has a running server read it.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn configure(&mut self, setting: &str) -> Result<()> {
        let path = self.data().join("postgresql.auto.conf");
        let mut file = std::fs::OpenOptions::new()
            .append(true)
            .open(&path)
            .with_context(|| format!("{} cannot be opened", path.display()))?;
        writeln!(file, "{setting}")
            .with_context(|| format!("{} cannot be written", path.display()))?;
        self.server
            .as_mut()
            .map_or(Ok(()), |server| server.signal("HUP"))
    }

    /// Where a database of this cluster is reached. It need not exist yet, but for `postgres`, which always does.
    #[must_use]
    pub fn url(&self, database: &str) -> String {
        format!(
            "postgres://{USER}:{}@127.0.0.1:{}/{database}",
            self.password, self.port
        )
    }

    /// Where a database is reached on this cluster, or else on another one that has this one's passwords, such as its standby.
    #[must_use]
    pub fn url_or(&self, other: &Cluster, database: &str) -> String {
        format!(
            "postgres://{USER}:{}@127.0.0.1:{},127.0.0.1:{}/{database}",
            self.password, self.port, other.port
        )
    }

    /// The port on 127.0.0.1.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }

    /// PostgreSQL's own files.
    pub(crate) fn data(&self) -> PathBuf {
        self.directory.join("data")
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        if let Some(server) = self.server.take() {
            // Nobody is left who could be told.
            drop(server.throw_away());
        }
        let mut remove = self.owner.command(Path::new("rm"));
        drop(run(remove.arg("-rf").arg(&self.directory)));
    }
}

/// Runs a program to its end, and says what it said when it fails.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let name = command.get_program().to_string_lossy().into_owned();
    let output = command
        .stdin(std::process::Stdio::null())
        .output()
        .with_context(|| format!("{name} did not start"))?;
    if !output.status.success() {
        bail!("{name}: {}", String::from_utf8_lossy(&output.stderr));
    }
    Ok(())
}
