//! Taking out of glue and module what no page ever calls, and shortening the names between the two.
//!
//! wasm-bindgen's glue holds functions that only its own way of starting the module needs, and gives each function between page
//! and module a name with a hash, which no compression can shorten. The glue is generated, always in the same shape; whatever has
//! another shape than expected is an error, never a guess.

mod bare;
mod dated;

pub(crate) use bare::bare;

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Result, ensure};
use walrus::Module;

/// What ends the glue. Its own ways to fetch and start the module are not used: the loader does both, with the hash checked.
const EXPORTS_LINE: &str = "export { initSync, __wbg_init as default };";

/// What ends it here instead: the loader calls the glue as a function, once for each module it starts.
const RETURN_LINE: &str =
    "return { imports: __wbg_get_imports, finish: __wbg_finalize_init, mount };";

/// Slims both halves together. They fit only each other afterwards, as before. The glue becomes an expression, a function
/// that gives `{ imports, finish, mount }`.
pub(crate) fn slim(module: &mut Module, glue: &str) -> Result<String> {
    let mut blocks = Blocks::read(&dated::without(glue)?)?;
    let _ = module.exports.remove("__wbindgen_realloc");
    loop {
        walrus::passes::gc::run(module);
        let imported = module.imports.iter().map(|import| import.name.clone());
        blocks.keep_imports(&imported.collect());
        let unreferenced = blocks.remove_unreferenced();
        if unreferenced.is_empty() {
            break;
        }
        // A wrapper around an export that nobody calls: the export goes with it.
        for name in unreferenced {
            if is_closure(&name) {
                let _ = module.exports.remove(&name);
            }
        }
    }
    blocks.sort_imports();
    let glue = rename(module, &blocks.write());
    Ok(format!("() => {{\n'use strict';\n{glue}}}"))
}

/// Whether an export calls a Rust closure: `wasm_bindgen`, in some builds a hash, and then this.
fn is_closure(export: &str) -> bool {
    export.starts_with("wasm_bindgen_") && export.contains("__convert__closures")
}

/// Gives every import, and every export with a hash in its name, a name of two or three characters.
fn rename(module: &mut Module, glue: &str) -> String {
    let mut names = BTreeMap::new();
    for (number, import) in module.imports.iter_mut().enumerate() {
        let short = format!("$i{number}");
        names.insert(std::mem::replace(&mut import.name, short.clone()), short);
        names.insert(import.module.clone(), "./w".to_owned());
        import.module = "./w".to_owned();
    }
    for (number, export) in module.exports.iter_mut().enumerate() {
        if is_closure(&export.name) {
            let short = format!("$e{number}");
            names.insert(std::mem::replace(&mut export.name, short.clone()), short);
        }
    }
    replace_words(glue, &names)
}

fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '_' | '$')
}

/// Replaces whole identifiers, and the module's name, which stands alone in its quotes.
fn replace_words(text: &str, names: &BTreeMap<String, String>) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let quoted = rest.strip_prefix('"').and_then(|rest| rest.split_once('"'));
        if let Some((name, after)) = quoted
            && name.starts_with("./")
            && let Some(short) = names.get(name)
        {
            out.push('"');
            out.push_str(short);
            out.push('"');
            rest = after;
            continue;
        }
        if !is_word(first) {
            out.push(first);
            rest = &rest[first.len_utf8()..];
            continue;
        }
        let end = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
        let word = &rest[..end];
        out.push_str(names.get(word).map_or(word, String::as_str));
        rest = &rest[end..];
    }
    out
}

/// The glue in its top-level pieces, in order.
struct Blocks(Vec<Block>);

struct Block {
    text: String,
    /// What it defines, if it is a function or constant that may go when nobody names it.
    defines: Option<String>,
}

impl Blocks {
    /// A piece begins in the first column and ends before the next that does, or after a closing brace there.
    fn read(glue: &str) -> Result<Blocks> {
        ensure!(
            glue.contains(EXPORTS_LINE),
            "the glue no longer ends with `{EXPORTS_LINE}`"
        );
        let glue = glue.replace(EXPORTS_LINE, RETURN_LINE);
        let mut blocks: Vec<Block> = Vec::new();
        let mut in_comment = false;
        for line in glue.lines() {
            let begins = !in_comment
                && line
                    .chars()
                    .next()
                    .is_some_and(|c| !c.is_whitespace() && !matches!(c, '}' | ')'));
            if line.starts_with("/*") {
                in_comment = true;
            }
            if in_comment {
                in_comment = !line.contains("*/");
                continue;
            }
            if begins {
                blocks.push(Block {
                    text: String::new(),
                    defines: defined(line),
                });
            }
            if let Some(block) = blocks.last_mut() {
                block.text.push_str(line);
                block.text.push('\n');
            }
        }
        Ok(Blocks(blocks))
    }

    /// Removes the functions handed to the module that it does not ask for any more.
    fn keep_imports(&mut self, imported: &BTreeSet<String>) {
        for block in &mut self.0 {
            if !block.text.starts_with("function __wbg_get_imports()") {
                continue;
            }
            let mut kept = String::new();
            let mut dropping = false;
            for line in block.text.lines() {
                let name = line
                    .strip_prefix("        __wb")
                    .and_then(|rest| rest.split_once(": "))
                    .map(|(name, _)| format!("__wb{name}"));
                if let Some(name) = name {
                    dropping = !imported.contains(&name);
                }
                // The next line that is indented like an entry, or less, ends the last one.
                let is_end = line.starts_with("        }") && line.ends_with(',');
                if !dropping {
                    kept.push_str(line);
                    kept.push('\n');
                }
                if dropping && is_end {
                    dropping = false;
                }
            }
            block.text = kept;
        }
    }

    /// Puts the functions handed to the module beside those that look alike, which are shorter then once they are compressed.
    fn sort_imports(&mut self) {
        let is_entry = |line: &str| line.starts_with("        __wb");
        for block in &mut self.0 {
            let mut lines = block.text.split_inclusive('\n').peekable();
            let (mut text, mut entries) = (String::new(), Vec::new());
            while let Some(line) = lines.next() {
                if !is_entry(line) {
                    text.push_str(line);
                    continue;
                }
                let mut entry = line.to_owned();
                while !entry.ends_with("        },\n") && !entry.ends_with("        }),\n") {
                    let Some(line) = lines.next_if(|line| !is_entry(line)) else {
                        break;
                    };
                    entry.push_str(line);
                }
                entries.push(entry);
                if lines.peek().is_none_or(|line| !is_entry(line)) {
                    entries.sort_by(|one, other| body(one).cmp(body(other)));
                    text.extend(entries.drain(..));
                }
            }
            block.text = text;
        }
    }

    /// Removes functions and constants that nothing names, and says which.
    fn remove_unreferenced(&mut self) -> Vec<String> {
        let mut uses: BTreeMap<String, BTreeSet<usize>> = BTreeMap::new();
        for (index, block) in self.0.iter().enumerate() {
            for word in block.text.split(|c| !is_word(c)) {
                uses.entry(word.to_owned()).or_default().insert(index);
            }
        }
        let mut removed = Vec::new();
        let mut index = 0;
        self.0.retain(|block| {
            let own = index;
            index += 1;
            let Some(name) = &block.defines else {
                return true;
            };
            let is_used = uses[name].iter().any(|&user| user != own);
            if !is_used {
                removed.push(name.clone());
            }
            is_used
        });
        removed
    }

    /// The text, of which nothing is an export any more.
    fn write(&self) -> String {
        let inner = |block: &Block| {
            let text = block.text.as_str();
            text.strip_prefix("export ").unwrap_or(text).to_owned()
        };
        self.0.iter().map(inner).collect()
    }
}

/// An entry without its name.
fn body(entry: &str) -> &str {
    entry.split_once(": ").map_or(entry, |(_, body)| body)
}

fn defined(line: &str) -> Option<String> {
    let rest = line
        .strip_prefix("function ")
        .or_else(|| line.strip_prefix("async function "))
        .or_else(|| line.strip_prefix("const "))?;
    let end = rest.find(|c| !is_word(c))?;
    (end > 0).then(|| rest[..end].to_owned())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::{Blocks, EXPORTS_LINE, RETURN_LINE, replace_words};

    const GLUE: &str = "/**\n * What.\n */\nexport function mount(a) {\n    return wasm.mount(used(a));\n}\n\
        function __wbg_get_imports() {\n    const import0 = {\n        __proto__: null,\n        \
        __wbg_keep_1: function(a) {\n            a();\n        },\n        \
        __wbg_drop_2: function() { return handleError(function (a) {\n            only(a);\n        }, arguments); },\n    };\n}\n\
        function used(a) {\n    return a;\n}\nfunction only(a) {\n}\nconst CONSTANT = 1;\n\
        function __wbg_finalize_init(a) {\n}\nasync function __wbg_init() {\n    only();\n}\n";

    #[test]
    fn what_is_not_asked_for_goes_with_what_only_it_used() {
        let mut blocks = Blocks::read(&format!("{GLUE}{EXPORTS_LINE}\n")).unwrap();
        blocks.keep_imports(&["__wbg_keep_1".to_owned()].into());
        let mut removed = blocks.remove_unreferenced();
        removed.sort();
        assert_eq!(removed, ["CONSTANT", "__wbg_init"]);
        assert_eq!(blocks.remove_unreferenced(), ["only"]);
        let glue = blocks.write();
        assert!(glue.contains("function mount") && glue.contains("function used"));
        assert!(glue.ends_with(&format!("{RETURN_LINE}\n")), "{glue}");
        for gone in ["What.", "initSync", "export", "only"] {
            assert!(!glue.contains(gone), "{gone} in {glue}");
        }
    }

    #[test]
    fn glue_of_another_shape_is_refused() {
        assert!(Blocks::read("export default 1;").is_err());
    }

    #[test]
    fn whole_names_are_replaced_only() {
        let names = [("abc", "$1"), ("./m.js", "./w")];
        let names: BTreeMap<_, _> = names.map(|(a, b)| (a.to_owned(), b.to_owned())).into();
        assert_eq!(
            replace_words(r#"abc(abcd, x.abc) "./m.js" "abc" é"#, &names),
            r#"$1(abcd, x.$1) "./w" "$1" é"#
        );
    }
}
