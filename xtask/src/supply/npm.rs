//! What the npm lock file may hold: hashed packages with a permissive licence, none of which runs a script of its own.

use std::path::Path;

use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;

/// Licences of tools that check and build and are not shipped.
const LICENCES: &[&str] = &[
    "Apache-2.0",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "ISC",
    "MIT",
    "MPL-2.0",
    "Unlicense",
];

/// Reads `package-lock.json` and `.npmrc`.
///
/// # Errors
/// With each package that has no SHA-512, another licence, or is something else than a development tool.
pub(super) fn check(root: &Path) -> Result<()> {
    let read = |name: &str| {
        std::fs::read_to_string(root.join(name)).with_context(|| format!("{name} cannot be read"))
    };
    ensure!(
        read(".npmrc")?
            .lines()
            .any(|line| line.trim() == "ignore-scripts=true"),
        ".npmrc must say `ignore-scripts=true`: no package runs a script of its own when it is installed"
    );
    let lock: Value = serde_json::from_str(&read("package-lock.json")?)
        .context("package-lock.json is not JSON")?;
    let found = findings(&lock)?;
    if found.is_empty() {
        return Ok(());
    }
    bail!("package-lock.json:\n  {}", found.join("\n  "))
}

fn findings(lock: &Value) -> Result<Vec<String>> {
    let packages = lock["packages"]
        .as_object()
        .context("package-lock.json has no `packages`")?;
    let mut found = Vec::new();
    for (path, package) in packages {
        // The empty path is this project itself.
        let Some(name) = path.rsplit_once("node_modules/").map(|(_, name)| name) else {
            continue;
        };
        if !package["integrity"]
            .as_str()
            .is_some_and(|hash| hash.starts_with("sha512-"))
        {
            found.push(format!(
                "{name}: expected a SHA-512 in `integrity`, there is {}",
                package["integrity"]
            ));
        }
        if !package["license"]
            .as_str()
            .is_some_and(|licence| LICENCES.contains(&licence))
        {
            found.push(format!(
                "{name}: expected one of the licences {}, there is {}",
                LICENCES.join(", "),
                package["license"]
            ));
        }
        if package["dev"] != true {
            found.push(format!(
                "{name}: is not a development tool; nothing of npm's may be shipped"
            ));
        }
        if package["link"] == true || package["resolved"].is_string() {
            found.push(format!(
                "{name}: comes from elsewhere than the registry npm is set up with"
            ));
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::findings;

    #[test]
    fn a_hashed_tool_with_a_permissive_licence_passes() {
        let lock = json!({"packages": {"": {}, "node_modules/a": {"integrity": "sha512-x", "license": "MIT", "dev": true}}});
        assert_eq!(findings(&lock).unwrap(), Vec::<String>::new());
    }

    #[test]
    fn each_flaw_of_a_package_is_named() {
        for (package, part) in [
            (json!({"license": "MIT", "dev": true}), "SHA-512"),
            (
                json!({"integrity": "sha1-x", "license": "MIT", "dev": true}),
                "SHA-512",
            ),
            (
                json!({"integrity": "sha512-x", "license": "GPL-3.0", "dev": true}),
                "GPL-3.0",
            ),
            (json!({"integrity": "sha512-x", "dev": true}), "licences"),
            (
                json!({"integrity": "sha512-x", "license": "MIT"}),
                "shipped",
            ),
            (
                json!({"integrity": "sha512-x", "license": "MIT", "dev": true, "link": true}),
                "elsewhere",
            ),
            (
                json!({"integrity": "sha512-x", "license": "MIT", "dev": true, "resolved": "git+ssh://x"}),
                "elsewhere",
            ),
        ] {
            let lock = json!({"packages": {"node_modules/a/node_modules/b": package}});
            let found = findings(&lock).unwrap();
            assert!(
                found.len() == 1 && found[0].starts_with("b: ") && found[0].contains(part),
                "{found:?}"
            );
        }
    }
}
