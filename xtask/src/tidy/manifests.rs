//! Rules about manifests and lock files: where packages come from and which part may use which.

/// The one place Rust packages come from.
const CRATES_IO: &str = "registry+https://github.com/rust-lang/crates.io-index";

/// Imports run one way: a part may use these parts of ours and no others (tests may use more).
const MAY_USE: &[(&str, &[&str])] = &[
    ("crates/checkout/Cargo.toml", &[]),
    ("crates/attest/Cargo.toml", &["checkout"]),
    ("crates/verifier/Cargo.toml", &["checkout"]),
    ("crates/calypso/Cargo.toml", &["checkout"]),
    ("crates/sandbox/Cargo.toml", &["calypso", "checkout"]),
    (
        "proxy/Cargo.toml",
        &["calypso", "calypso-attest", "checkout"],
    ),
    ("Cargo.toml", &["checkout"]),
    ("xtask/Cargo.toml", &[]),
    ("xtask/browser-runner/Cargo.toml", &[]),
    ("xtask/compress/Cargo.toml", &[]),
    ("xtask/postgres/Cargo.toml", &[]),
];

const PARTS: &[&str] = &[
    "calypso",
    "calypso-attest",
    "calypso-proxy",
    "calypso-sandbox",
    "calypso-verifier",
    "calypso-widget",
    "checkout",
    "xtask",
];

/// Adds a sentence for each broken rule of one file.
pub(super) fn check(path: &str, text: &str, broken: &mut Vec<String>) {
    let name = path.rsplit('/').next().unwrap_or(path);
    match name {
        "Cargo.lock" => cargo_lock(path, text, broken),
        "Cargo.toml" => cargo_toml(path, text, broken),
        "package-lock.json" => {
            for (number, line) in (1..).zip(text.lines()) {
                if line.contains("\"resolved\"") || line.contains("://") {
                    broken.push(format!(
                        "{path}:{number}: names a registry's address; npm must leave it out"
                    ));
                }
            }
        }
        "package.json" => package_json(path, text, broken),
        ".npmrc" if text.contains("registry=") || text.contains("//") => {
            broken.push(format!(
                "{path}: names a registry; that is each machine's own choice"
            ));
        }
        _ => {}
    }
}

fn cargo_lock(path: &str, text: &str, broken: &mut Vec<String>) {
    for (number, line) in (1..).zip(text.lines()) {
        let source = line
            .strip_prefix("source = ")
            .map(|source| source.trim_matches('"'));
        if source.is_some_and(|source| source != CRATES_IO) {
            broken.push(format!(
                "{path}:{number}: a package from elsewhere than crates.io: {line}"
            ));
        }
    }
}

fn cargo_toml(path: &str, text: &str, broken: &mut Vec<String>) {
    let manifest: toml::Table = match text.parse() {
        Ok(manifest) => manifest,
        Err(error) => {
            broken.push(format!("{path}: {error}"));
            return;
        }
    };
    // It changes how serde_json reads every number and breaks flattened and tagged types.
    if text.contains("arbitrary_precision") || text.contains("arbitrary-precision") {
        broken.push(format!(
            "{path}: serde_json's arbitrary_precision must stay off; take amounts as text"
        ));
    }
    let Some((_, may_use)) = MAY_USE.iter().find(|(part, _)| *part == path) else {
        broken.push(format!(
            "{path}: is not in the table of parts in xtask/src/tidy/manifests.rs"
        ));
        return;
    };
    let used = manifest.get("dependencies").and_then(toml::Value::as_table);
    for name in used.into_iter().flat_map(toml::Table::keys) {
        if PARTS.contains(&name.as_str()) && !may_use.contains(&name.as_str()) {
            broken.push(format!(
                "{path}: may not use {name}; imports run one way (ARCHITECTURE)"
            ));
        }
    }
    let inherits = manifest
        .get("lints")
        .and_then(|lints| lints.get("workspace"))
        .and_then(toml::Value::as_bool)
        .unwrap_or(false);
    if manifest.contains_key("package") && !inherits {
        broken.push(format!("{path}: must say [lints] workspace = true"));
    }
}

fn package_json(path: &str, text: &str, broken: &mut Vec<String>) {
    let manifest: serde_json::Value = match serde_json::from_str(text) {
        Ok(manifest) => manifest,
        Err(error) => {
            broken.push(format!("{path}: {error}"));
            return;
        }
    };
    for kind in ["dependencies", "devDependencies"] {
        for (name, version) in manifest[kind].as_object().into_iter().flatten() {
            let exact = version
                .as_str()
                .is_some_and(|version| version.starts_with(|c: char| c.is_ascii_digit()));
            if !exact {
                broken.push(format!(
                    "{path}: {name} must be pinned to one exact version, not {version}"
                ));
            }
        }
    }
    for script in ["preinstall", "install", "postinstall", "prepare"] {
        if manifest["scripts"].get(script).is_some() {
            broken.push(format!(
                "{path}: nothing may run at installation ({script})"
            ));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::check;

    fn broken(path: &str, text: &str) -> usize {
        let mut broken = Vec::new();
        check(path, text, &mut broken);
        broken.len()
    }

    #[test]
    fn packages_come_from_the_known_places_only() {
        assert_eq!(
            broken(
                "Cargo.lock",
                "source = \"registry+https://github.com/rust-lang/crates.io-index\"\n"
            ),
            0
        );
        assert_eq!(
            broken("Cargo.lock", "source = \"git+https://example.com/a\"\n"),
            1
        );
        assert_eq!(
            broken(
                "package-lock.json",
                "\"resolved\": \"https://example.com/a.tgz\"\n"
            ),
            1
        );
        assert_eq!(broken(".npmrc", "registry=https://example.com/\n"), 1);
        assert_eq!(broken(".npmrc", "audit=false\n"), 0);
    }

    #[test]
    fn parts_use_each_other_one_way_and_versions_are_exact() {
        let lints = "[lints]\nworkspace = true\n";
        let proxy = format!("[package]\nname='p'\n[dependencies]\ncalypso-sandbox = {{}}\n{lints}");
        assert_eq!(broken("proxy/Cargo.toml", &proxy), 1);
        let tests_only =
            format!("[package]\nname='p'\n[dev-dependencies]\ncalypso-sandbox = {{}}\n{lints}");
        assert_eq!(broken("proxy/Cargo.toml", &tests_only), 0);
        assert_eq!(broken("proxy/Cargo.toml", "[package]\nname='p'\n"), 1);
        assert_eq!(
            broken("package.json", r#"{"devDependencies":{"a":"^1.0.0"}}"#),
            1
        );
        assert_eq!(
            broken("package.json", r#"{"devDependencies":{"a":"1.0.0"}}"#),
            0
        );
    }
}
