//! How old the copy of the advisories is: against today for people, against the commit for the bound.

use anyhow::{Result, bail, ensure};

use crate::shell;
use crate::workspace::Workspace;

/// How many days the copy may be older than the commit that is checked.
///
/// It is the commit's day that counts and not today's: otherwise an old checkout, a release that is built again or a bisection would
/// fail because time went by, with nothing in it changed. Whoever goes on working on the code has a new commit soon, and is held to it.
const OLDEST: i64 = 180;
/// After how many days the step asks for a new copy.
const OLD: i64 = 60;

/// Says how old the copy of `date` is.
///
/// # Errors
/// When it is more than [`OLDEST`] days older than the commit checked out.
pub(super) fn check(workspace: &Workspace, date: &str) -> Result<()> {
    let copied = days(date)?;
    let mut git = workspace.command("git");
    // Without git, in an unpacked archive, nothing says how old the code is.
    let commit = shell::read(git.args(["show", "--no-patch", "--format=%cs", "HEAD"])).ok();
    let commit = commit.map(|day| days(day.trim())).transpose()?;
    println!("{}", said(date, copied, today()?, commit)?);
    Ok(())
}

fn said(date: &str, copied: i64, today: i64, commit: Option<i64>) -> Result<String> {
    let behind = commit.map_or(0, |commit| commit - copied);
    ensure!(
        behind <= OLDEST,
        "the advisories are of {date}, {behind} days before this commit, and may be {OLDEST}: renew them with `cargo xtask advisories`"
    );
    let age = today - copied;
    let advice = if age > OLD {
        "; what was found since is not in them: `cargo xtask advisories` renews them"
    } else {
        ""
    };
    Ok(format!("they are {age} days old{advice}"))
}

fn today() -> Result<i64> {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH)?;
    Ok(i64::try_from(since.as_secs() / 86_400)?)
}

/// The days from 1970-01-01 to a day such as `2026-08-21`.
fn days(date: &str) -> Result<i64> {
    let parts: Result<Vec<i64>, _> = date.split('-').map(str::parse).collect();
    let Ok(&[year, month @ 1..=12, day @ 1..=31]) = parts.as_deref() else {
        bail!("{date:?} is no day such as 2026-08-21");
    };
    // Years that begin in March end with the leap day.
    let (year, month) = if month > 2 {
        (year, month - 3)
    } else {
        (year - 1, month + 9)
    };
    let leaps = year / 4 - year / 100 + year / 400;
    Ok(year * 365 + leaps + (month * 153 + 2) / 5 + day - 1 - 719_468)
}

#[cfg(test)]
mod tests {
    use super::{days, said};

    #[test]
    fn days_are_counted() {
        for (date, count) in [
            ("1970-01-01", 0),
            ("1970-03-01", 59),
            ("2000-02-29", 11_016),
            ("2000-03-01", 11_017),
            ("2026-08-21", 20_686),
            ("2026-12-31", 20_818),
        ] {
            assert_eq!(days(date).unwrap(), count, "{date}");
        }
        for date in [
            "",
            "2026",
            "2026-13-01",
            "2026-01-00",
            "21.08.2026",
            "x-y-z",
        ] {
            assert!(days(date).is_err(), "{date}");
        }
    }

    #[test]
    fn the_commit_is_what_the_copy_must_keep_up_with() {
        let said = |today, commit| said("2026-01-01", 1000, today, commit);
        assert_eq!(said(1010, Some(1005)).unwrap(), "they are 10 days old");
        assert!(said(1100, Some(1100)).unwrap().contains("renews them"));
        assert!(said(1180, Some(1180)).is_ok());
        let late = said(1181, Some(1181)).unwrap_err().to_string();
        assert!(late.contains("181 days before this commit"), "{late}");
        // An old checkout, and one whose age is not known, pass for ever.
        assert!(said(9000, Some(1005)).is_ok());
        assert!(said(9000, None).unwrap().contains("8000 days old"));
    }
}
