//! Keeping Debian's package from making and starting a cluster of its own while it is installed.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

/// What the package's scripts read, if it is there when they run.
const SAID: &str = "create_main_cluster = false\n";

/// Installs while the package's settings, which lie in `settings`, say that no cluster is wanted. No package brings the directory that they
/// look into, so it is made before the first of them is there, and taken away again: what the owner of this computer installs later
/// is none of our business.
pub(super) fn during(settings: &Path, install: impl FnOnce() -> Result<()>) -> Result<()> {
    let directory = settings.join("createcluster.d");
    let file = directory.join("calypso-tests.conf");
    let was_there = directory.is_dir();
    fs::create_dir_all(&directory)
        .with_context(|| format!("{} cannot be made", directory.display()))?;
    fs::write(&file, SAID).with_context(|| format!("{} cannot be written", file.display()))?;
    let installed = install();
    fs::remove_file(&file).with_context(|| format!("{} cannot be removed", file.display()))?;
    if !was_there {
        // Somebody else may have put something there meanwhile; then it stays.
        drop(fs::remove_dir(&directory));
    }
    installed
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::{Path, PathBuf};
    use std::process::Command;

    use super::during;
    use crate::tools::apt::Apt;

    /// An apt-get that writes down what it is asked for, and what lies in `settings` meanwhile.
    fn fake(directory: &Path, settings: &Path, status: u8) -> PathBuf {
        let program = directory.join("apt-get");
        let text = format!(
            "#!/bin/sh\necho \"$DEBIAN_FRONTEND $*\" >> {0}/said\ncat {1}/createcluster.d/*.conf >> {0}/said\nexit {status}\n",
            directory.display(),
            settings.display()
        );
        let draft = directory.join("draft");
        fs::write(&draft, text).unwrap();
        // Another process writes what is to be run: a child of another test could inherit our hand on it, and a file that somebody writes does not start.
        let install = Command::new("install")
            .args(["-m", "700"])
            .args([&draft, &program])
            .status();
        assert!(install.unwrap().success());
        program
    }

    #[test]
    fn a_fresh_debian_gets_the_programs_and_no_cluster() {
        for status in [0, 1] {
            let directory = tempfile::tempdir().unwrap();
            // Nothing of PostgreSQL is there, not even its directory below /etc.
            let settings = directory.path().join("etc/postgresql-common");
            let program = fake(directory.path(), &settings, status);
            let apt = Apt::of(Some(program), true, "PostgreSQL", &["postgresql"]).unwrap();
            let done = during(&settings, || apt.install());
            assert_eq!(done.is_ok(), status == 0);
            let said = fs::read_to_string(directory.path().join("said")).unwrap();
            let mut expected =
                "noninteractive update --quiet\ncreate_main_cluster = false\n".to_owned();
            if status == 0 {
                expected += "noninteractive install --yes --quiet --no-install-recommends postgresql\n\
                             create_main_cluster = false\n";
            }
            assert_eq!(said, expected);
            assert!(!settings.join("createcluster.d").exists());
        }
    }

    #[test]
    fn what_somebody_has_set_there_stays() {
        let directory = tempfile::tempdir().unwrap();
        let theirs = directory.path().join("createcluster.d/theirs.conf");
        fs::create_dir(theirs.parent().unwrap()).unwrap();
        fs::write(&theirs, "").unwrap();
        during(directory.path(), || Ok(())).unwrap();
        let left: Vec<_> = fs::read_dir(theirs.parent().unwrap())
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .collect();
        assert_eq!(left, [theirs]);
    }

    #[test]
    fn whoever_may_not_install_gets_the_whole_command() {
        let command = "sudo apt-get update && sudo apt-get install --yes postgresql";
        for program in [Some(PathBuf::from("/usr/bin/apt-get")), None] {
            let refused = Apt::of(program, false, "PostgreSQL", &["postgresql"]);
            let said = refused.err().unwrap().to_string();
            assert!(said.contains(command), "{said}");
        }
    }
}
