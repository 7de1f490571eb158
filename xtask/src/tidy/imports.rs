//! Which file imports which: `use` lines and full paths, followed to the file that defines what they name.
//!
//! A name that a file only passes on (`pub use child::Name`) leads to where it is defined, so whoever takes it from there depends on the
//! child alone. `mod child;` is no import, and neither is passing on a child's name that the file itself does not use: both only say what
//! is in the room. Passing on a name from elsewhere is an import.

mod scan;
mod tokens;

use std::collections::{BTreeMap, BTreeSet};

use scan::{Scan, Use};

/// How many names in a row may be passed on before we give up on following them.
const DEEPEST: usize = 16;

/// That one file needs another.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Import {
    pub(super) from: String,
    /// Where it says so first.
    pub(super) line: usize,
    pub(super) to: String,
}

/// The imports among the files of every program, library and example of the workspace. Tests are left out: they stand above everything.
pub(super) fn of_workspace(files: &[(String, String)]) -> Vec<Import> {
    let all: BTreeMap<&str, &str> = files
        .iter()
        .map(|(path, text)| (path.as_str(), text.as_str()))
        .collect();
    let roots = all.keys().filter(|path| is_root(path));
    let mut imports: Vec<Import> = roots.flat_map(|root| of_crate(root, &all)).collect();
    imports.sort_unstable();
    imports.dedup();
    imports
}

fn is_root(path: &str) -> bool {
    let Some((directory, name)) = path.rsplit_once('/') else {
        return false;
    };
    let is_example = directory.ends_with("/examples") && name.ends_with(".rs");
    let is_main = matches!(name, "lib.rs" | "main.rs");
    is_example
        || (is_main
            && (directory == "src"
                || directory.ends_with("/src")
                || directory.contains("/examples/")))
}

/// The imports among the files of the crate whose root is `root`.
fn of_crate(root: &str, files: &BTreeMap<&str, &str>) -> Vec<Import> {
    let tree = Tree::read(root, files);
    let mut first: BTreeMap<(String, String), usize> = BTreeMap::new();
    for module in tree.modules.values().filter(|module| module.is_file) {
        for (line, to) in tree.imports(module) {
            if to != module.file {
                let known = first.entry((module.file.clone(), to)).or_insert(line);
                *known = line.min(*known);
            }
        }
    }
    let import = |((from, to), line)| Import { from, line, to };
    first.into_iter().map(import).collect()
}

/// The path of a module from its crate's root.
type Name = Vec<String>;

struct Module {
    name: Name,
    file: String,
    /// Whether the whole file is this module.
    is_file: bool,
}

/// The modules of one crate.
struct Tree {
    modules: BTreeMap<Name, Module>,
    scans: BTreeMap<String, Scan>,
}

/// Where a path leads.
enum Target {
    Module(Name),
    /// Something that this module defines.
    Item(Name),
}

impl Tree {
    fn read(root: &str, files: &BTreeMap<&str, &str>) -> Self {
        let mut tree = Self {
            modules: BTreeMap::new(),
            scans: BTreeMap::new(),
        };
        tree.add(&[], root.to_owned(), files);
        tree
    }

    fn add(&mut self, name: &[String], file: String, files: &BTreeMap<&str, &str>) {
        let Some(source) = files.get(file.as_str()) else {
            return;
        };
        let scan = scan::scan(source);
        for inline in &scan.inline {
            let name: Name = name.iter().chain(inline).cloned().collect();
            let module = Module {
                name: name.clone(),
                file: file.clone(),
                is_file: false,
            };
            self.modules.insert(name, module);
        }
        let children: Vec<Name> = scan
            .children
            .iter()
            .map(|(inside, child)| inside.iter().chain([child]).cloned().collect())
            .collect();
        // Files of a root's children lie beside it, those of any other in the directory named after it.
        let directory = match (name.is_empty(), file.rsplit_once('/')) {
            (true, Some((directory, _))) => directory,
            _ => file.trim_end_matches(".rs"),
        }
        .to_owned();
        self.scans.insert(file.clone(), scan);
        let module = Module {
            name: name.to_vec(),
            file,
            is_file: true,
        };
        self.modules.insert(name.to_vec(), module);
        for child in children {
            let file = format!("{directory}/{}.rs", child.join("/"));
            let name: Name = name.iter().chain(&child).cloned().collect();
            self.add(&name, file, files);
        }
    }

    /// The lines of a file that need another one, and which.
    fn imports(&self, module: &Module) -> Vec<(usize, String)> {
        let scan = &self.scans[&module.file];
        let within =
            |inside: &[String]| -> Name { module.name.iter().chain(inside).cloned().collect() };
        let begun: BTreeSet<&str> = scan
            .mentions
            .iter()
            .map(|mention| mention.path[0].as_str())
            .collect();
        let mut found = Vec::new();
        for one in &scan.uses {
            if one.is_passed_on && self.is_signboard(module, scan, one) {
                continue;
            }
            match self.resolve(&within(&one.inside), &one.path, 0) {
                // The paths that begin with it say more exactly what is needed.
                Some(Target::Module(_)) if begun.contains(one.name.as_str()) => {}
                Some(target) => found.push((one.line, self.file(&target))),
                None => {}
            }
        }
        for mention in &scan.mentions {
            if let Some(target) = self.resolve(&within(&mention.inside), &mention.path, 0) {
                found.push((mention.line, self.file(&target)));
            }
        }
        found
    }

    /// Whether a `pub use` only shows what a child offers: it is then a part of the child's `mod`, and no need of this file.
    fn is_signboard(&self, module: &Module, scan: &Scan, one: &Use) -> bool {
        let Some((first, _)) = one.path.split_first() else {
            return false;
        };
        one.inside.is_empty()
            && self.is_child(&module.name, first)
            && !scan.words.contains(&one.name)
    }

    fn file(&self, target: &Target) -> String {
        let (Target::Module(name) | Target::Item(name)) = target;
        self.modules[name].file.clone()
    }

    /// Where a path leads that is written in the module `from`; `None` when it leaves the crate, or begins with a type or variable.
    fn resolve(&self, from: &[String], path: &[String], depth: usize) -> Option<Target> {
        let (first, mut rest) = path.split_first()?;
        let mut at = from.to_vec();
        match first.as_str() {
            "crate" => at.clear(),
            "self" => {}
            "super" => {
                at.pop()?;
                while let Some(("super", more)) =
                    rest.split_first().map(|(word, more)| (word.as_str(), more))
                {
                    at.pop()?;
                    rest = more;
                }
            }
            _ => return self.descend(from.to_vec(), path, depth, true),
        }
        self.descend(at, rest, depth, false)
    }

    /// Follows the rest of a path down from a module. A path that has only `begun` may also name another crate.
    fn descend(
        &self,
        mut at: Name,
        path: &[String],
        depth: usize,
        mut begun: bool,
    ) -> Option<Target> {
        for (index, segment) in path.iter().enumerate() {
            let mut child = at.clone();
            child.push(segment.clone());
            if self.modules.contains_key(&child) {
                at = child;
                begun = false;
                continue;
            }
            return match self.passed_on(&at, segment, &path[index + 1..], depth) {
                Some(target) => Some(target),
                None if begun => None,
                None => Some(Target::Item(at)),
            };
        }
        Some(Target::Module(at))
    }

    /// Where a name leads that a module only imports itself.
    fn passed_on(
        &self,
        module: &Name,
        name: &str,
        rest: &[String],
        depth: usize,
    ) -> Option<Target> {
        if depth == DEEPEST {
            return None;
        }
        let known = self.modules.get(module)?;
        let inside = &module[self.file_module(known).len()..];
        let is_it = |one: &&Use| one.inside == inside && one.name == name;
        let one = self.scans[&known.file].uses.iter().find(is_it)?;
        // `use a::a;` names itself only by its first segment, which then is another crate or a child.
        let path: Vec<String> = one.path.iter().chain(rest).cloned().collect();
        if path.first().is_some_and(|first| first == name) && !self.is_child(module, name) {
            return None;
        }
        self.resolve(module, &path, depth + 1)
    }

    fn is_child(&self, module: &[String], name: &str) -> bool {
        let child: Name = module.iter().cloned().chain([name.to_owned()]).collect();
        self.modules.contains_key(&child)
    }

    /// The name of the module that is the whole file.
    fn file_module(&self, module: &Module) -> Name {
        let mut name = module.name.clone();
        while self
            .modules
            .get(&name)
            .is_some_and(|module| !module.is_file)
        {
            name.pop();
        }
        name
    }
}

#[cfg(test)]
mod tests;
