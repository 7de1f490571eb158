//! A module that is called without glue.

use std::collections::BTreeSet;

use anyhow::{Result, ensure};
use walrus::Module;

/// What the loader calls of a module without glue.
const BARE: [&str; 3] = ["memory", "room", "judge"];

/// Leaves of a module what the loader calls by itself: memory, room for a text in it, and the function that takes the text.
/// Such a module may take nothing from the page.
pub(crate) fn bare(module: &mut Module) -> Result<()> {
    module.start = None;
    let exports: Vec<_> = module
        .exports
        .iter()
        .map(|export| (export.id(), export.name.clone()))
        .collect();
    let mut kept = BTreeSet::new();
    for (id, name) in exports {
        if BARE.contains(&name.as_str()) {
            kept.insert(name);
        } else {
            module.exports.delete(id);
        }
    }
    ensure!(
        kept.len() == BARE.len(),
        "expected the exports {BARE:?}, found of them {kept:?}"
    );
    walrus::passes::gc::run(module);
    let imports: Vec<_> = module.imports.iter().map(|import| &import.name).collect();
    ensure!(
        imports.is_empty(),
        "expected a module that takes nothing from the page, it takes {imports:?}"
    );
    Ok(())
}
