//! Imports as they are written, and the files they lead to.

use std::collections::BTreeMap;

use super::of_crate;

/// `from:line to` for each import of a crate made of these files.
fn imports(files: &[(&str, &str)]) -> Vec<String> {
    let files: BTreeMap<&str, &str> = files.iter().copied().collect();
    let found = of_crate("src/lib.rs", &files);
    found
        .iter()
        .map(|import| {
            let short = |path: &str| {
                path.trim_start_matches("src/")
                    .trim_end_matches(".rs")
                    .to_owned()
            };
            format!(
                "{}:{} {}",
                short(&import.from),
                import.line,
                short(&import.to)
            )
        })
        .collect()
}

const ROOT: (&str, &str) = ("src/lib.rs", "mod a;\nmod b;\nmod c;\n");

#[test]
fn each_way_of_writing_an_import_is_seen() {
    for written in [
        "use crate::b::B;",
        "use super::b::B;",
        "use crate::{c::{self as _x, C}, b::{B}};",
        "use crate::b;\nfn f() -> b::B {}",
        "use crate::b as other;\nfn f() -> other::B {}",
        "fn f() -> crate::b::B {}",
        "type T = Vec<super::b::B>;",
        "fn f() { m!(x, crate::b::B) }",
        "pub(crate) use crate::b::B;",
        "impl crate::b::B {}",
        "mod inside { use super::super::b::B; }",
    ] {
        let files = [
            ROOT,
            ("src/a.rs", written),
            ("src/b.rs", "pub struct B;"),
            ("src/c.rs", "pub struct C;"),
        ];
        let found = imports(&files);
        let is_found = found
            .iter()
            .any(|import| import.starts_with("a:") && import.ends_with(" b"));
        assert!(is_found, "{written}: {found:?}");
    }
}

#[test]
fn what_is_no_import_is_not_seen() {
    for written in [
        "// use crate::b::B;",
        "const TEXT: &str = \"crate::b::B\";",
        "#[cfg(test)]\nmod tests { use crate::b::B; }",
        "use b::B;",
        "use other::b;\nfn f() -> b::B {}",
        "fn f(b: u8) { B::new(b) }",
        "pub(crate) struct B;",
    ] {
        let files = [
            ROOT,
            ("src/a.rs", written),
            ("src/b.rs", "pub struct B;"),
            ("src/c.rs", ""),
        ];
        assert_eq!(imports(&files), [""; 0], "{written}");
    }
}

#[test]
fn a_name_that_is_passed_on_leads_to_where_it_is_defined() {
    let files = [
        ROOT,
        (
            "src/a.rs",
            "use crate::b::{Deep, Own};\nuse crate::c;\nfn f() -> c::Renamed {}",
        ),
        (
            "src/b.rs",
            "mod deep;\npub(crate) use deep::Deep;\npub(crate) struct Own;",
        ),
        ("src/b/deep.rs", "pub(crate) struct Deep;"),
        ("src/c.rs", "pub(crate) use crate::b::Deep as Renamed;"),
    ];
    assert_eq!(imports(&files), ["a:1 b", "a:1 b/deep", "c:1 b/deep"]);
}

#[test]
fn a_child_that_takes_from_its_parent_imports_it() {
    let files = [
        ("src/lib.rs", "mod a;"),
        (
            "src/a.rs",
            "mod child;\nuse child::Part;\npub(crate) struct Whole(Part);",
        ),
        (
            "src/a/child.rs",
            "use super::Whole;\npub(crate) struct Part(Box<Whole>);",
        ),
    ];
    assert_eq!(imports(&files), ["a:2 a/child", "a/child:1 a"]);
}
