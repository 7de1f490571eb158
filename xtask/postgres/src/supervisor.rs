//! The shell that stands between us and a server, and ends it however we end.
//!
//! It reads from a pipe that only we write to. When we are killed the pipe closes, and the shell ends the server and removes the
//! cluster. It knows the server's process id, so that no other server is ever meant.

use std::fs::File;
use std::io::Write;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};

use anyhow::{Context, Result};

use crate::owner::Owner;

/// `$1` is the cluster's directory; the rest is the server with its arguments. `QUIT` is PostgreSQL's quickest orderly end. What ends it is sent
/// again until it has ended: a shell starts what runs beside it with `INT` and `QUIT` ignored, so one that comes before the server has its own
/// handlers is lost.
const SCRIPT: &str = r#"
directory=$1
shift
"$@" </dev/null >"$directory/log" 2>&1 &
server=$!
while read -r word; do
  case $word in
    keep) kept=1 ;;
    *) last=$word; kill -s "$word" "$server" ;;
  esac
done
if [ -z "$kept" ]; then
  last=QUIT
fi
while kill -s "$last" "$server"; do sleep 0.2; done &
again=$!
wait "$server"
kill "$again"
if [ -z "$kept" ]; then
  rm -rf "$directory"
fi
"#;

/// A running server and its shell.
#[derive(Debug)]
pub(crate) struct Supervisor {
    shell: Child,
    words: ChildStdin,
}

impl Supervisor {
    /// Starts the server. It gets a process group of its own: a Ctrl-C at the terminal reaches it through us alone.
    pub(crate) fn start(server: &Command, directory: &Path, owner: Owner) -> Result<Supervisor> {
        // Else the last words of the server before could be taken for this one's.
        let mut remove = owner.command(Path::new("rm"));
        let removed = remove.arg("-f").arg(directory.join("log")).status();
        removed.context("the log of the server before cannot be removed")?;
        let mut shell = owner.command(Path::new("/bin/sh"));
        shell
            .args(["-c", SCRIPT, "postgres"])
            .arg(directory)
            .arg(server.get_program())
            .args(server.get_args())
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .process_group(0);
        let mut shell = shell
            .spawn()
            .context("the shell around PostgreSQL did not start")?;
        let words = shell.stdin.take().context("the input was piped")?;
        Ok(Supervisor { shell, words })
    }

    /// Sends the server a signal.
    pub(crate) fn signal(&mut self, name: &str) -> Result<()> {
        writeln!(self.words, "{name}").context("the shell around PostgreSQL is gone")
    }

    /// Ends the server by a signal and waits for its end; the files stay.
    pub(crate) fn end(mut self, signal: &str) -> Result<()> {
        self.signal(signal)?;
        self.signal("keep")?;
        let Supervisor { mut shell, words } = self;
        drop(words);
        shell
            .wait()
            .context("the shell around PostgreSQL is lost")?;
        Ok(())
    }

    /// Ends the server, removes its files, and waits for both.
    pub(crate) fn throw_away(self) -> Result<()> {
        let Supervisor { mut shell, words } = self;
        drop(words);
        shell
            .wait()
            .context("the shell around PostgreSQL is lost")?;
        Ok(())
    }
}

/// The last lines that a server has written, for an error message.
pub(crate) fn last_words(directory: &Path) -> String {
    let log = File::open(directory.join("log")).and_then(std::io::read_to_string);
    let log = log.unwrap_or_default();
    let lines: Vec<&str> = log.lines().collect();
    lines[lines.len().saturating_sub(12)..].join("\n")
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::{Supervisor, last_words};
    use crate::owner::Owner;

    /// Ignores the signal at first, as whatever a shell has just started does, and ends by it a moment later.
    const LATE: &str = "$SIG{QUIT} = 'IGNORE'; $| = 1; print 'here'; sleep 1; $SIG{QUIT} = sub { exit }; sleep 1 while 1";

    #[test]
    fn a_signal_that_comes_too_early_is_not_lost() {
        let directory = tempfile::tempdir().unwrap();
        let mut server = Command::new("perl");
        server.args(["-e", LATE]);
        let server = Supervisor::start(&server, directory.path(), Owner::Ourselves).unwrap();
        while last_words(directory.path()) != "here" {
            std::thread::yield_now();
        }
        server.end("QUIT").unwrap();
        assert!(directory.path().join("log").is_file(), "the files stay");
    }
}
