//! Upward imports and circles that are planted in a copy of the sources are refused; the sources themselves are not.

use std::path::Path;

use super::table::{HOUSES, House};
use crate::tidy::{circles, collect, imports};

/// A copy of every file of this repository.
fn copy() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let mut files = Vec::new();
    collect(root, root, &mut files).unwrap();
    files
}

/// What is said of a copy in which a line is added to one file.
fn planted(path: &str, line: &str) -> Vec<String> {
    let mut files = copy();
    let (_, text) = files.iter_mut().find(|(known, _)| known == path).unwrap();
    text.insert_str(0, line);
    let imports = imports::of_workspace(&files);
    let mut broken = Vec::new();
    super::check(&files, &imports, &mut broken);
    circles::check(&imports, &mut broken);
    broken
}

#[test]
fn an_upward_import_is_refused_by_both_rooms_and_what_to_do() {
    for line in [
        "use crate::app::planted;\n",
        "pub(crate) use crate::{store, app::{self as upstairs, planted}};\n",
        "fn planted() -> crate::app::Planted { todo }\n",
    ] {
        let said = planted("proxy/src/checkouts/price.rs", line);
        let expected = "proxy/src/checkouts/price.rs:1: room `checkouts` imports upward from room `app` (app.rs); move what it needs down";
        assert!(
            said.iter().any(|said| said.starts_with(expected)),
            "{line}: {said:?}"
        );
    }
}

/// In every house, for an import that is there.
#[test]
fn an_import_the_other_way_is_refused_as_a_circle() {
    let imports = imports::of_workspace(&copy());
    for house in HOUSES {
        let inner = |path: &str| house.inner(path).map(str::to_owned);
        let (import, from) = imports
            .iter()
            .find_map(|import| {
                inner(&import.to)?;
                // A root is no module that can be named.
                let from = inner(&import.from)
                    .filter(|from| !matches!(from.as_str(), "lib.rs" | "main.rs"))?;
                Some((import, from))
            })
            .unwrap();
        let module = from.trim_end_matches(".rs").replace('/', "::");
        let said = planted(&import.to, &format!("use crate::{module}::planted;\n"));
        let circle = said.iter().find(|said| said.contains("is in a circle of"));
        let circle = circle.unwrap_or_else(|| panic!("{}: {said:?}", import.to));
        assert!(
            circle.contains(&format!("{}:1 imports {}", import.to, import.from)),
            "{circle}"
        );
    }
}

#[test]
fn a_file_without_a_room_is_refused() {
    let mut files = copy();
    files.push(("proxy/src/helper_of_all.rs".to_owned(), String::new()));
    let mut broken = Vec::new();
    super::check(&files, &imports::of_workspace(&files), &mut broken);
    assert!(
        broken
            .iter()
            .any(|said| said.starts_with("proxy/src/helper_of_all.rs: belongs to no room")),
        "{broken:?}"
    );
}

#[test]
fn what_the_table_lists_for_nothing_is_refused() {
    let house = &HOUSES[0];
    let with = House {
        source: house.source,
        rooms: house.rooms,
        exceptions: &[super::table::Exception {
            from: "amount.rs",
            to: "wire.rs",
            reason: "of nothing.",
        }],
    };
    let files = copy();
    let mut broken = Vec::new();
    with.check(&files, &imports::of_workspace(&files), &mut broken);
    assert_eq!(broken.len(), 1, "{broken:?}");
    assert!(
        broken[0].contains("from amount.rs to wire.rs of crates/checkout/src is needed no more")
    );
}

#[test]
fn the_proxy_has_at_most_thirteen_floors() {
    let proxy = HOUSES
        .iter()
        .find(|house| house.source == "proxy/src")
        .unwrap();
    assert!(proxy.rooms.len() <= 13);
}
