//! The rule about circles: no file imports another that needs it, directly or over others.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::imports::Import;

/// Adds a sentence for each knot of files, with a way around in it.
pub(super) fn check(imports: &[Import], broken: &mut Vec<String>) {
    let mut next: BTreeMap<&str, Vec<&Import>> = BTreeMap::new();
    for import in imports {
        next.entry(&import.from).or_default().push(import);
    }
    let mut told: BTreeSet<&str> = BTreeSet::new();
    for &file in next.keys() {
        if told.contains(file) {
            continue;
        }
        let Some(way) = way_around(file, &next) else {
            continue;
        };
        // Every file that is in a circle with one of these is told of with them.
        let knot: Vec<&str> = next
            .keys()
            .copied()
            .filter(|other| reaches(file, other, &next) && reaches(other, file, &next))
            .collect();
        told.extend(&knot);
        let steps: Vec<String> = way
            .iter()
            .map(|import| format!("{}:{} imports {}", import.from, import.line, import.to))
            .collect();
        broken.push(format!(
            "{file}: is in a circle of {} files: {}; move what both need to a file below them",
            knot.len(),
            steps.join(", ")
        ));
    }
}

/// The shortest way from a file back to it.
fn way_around<'a>(file: &str, next: &BTreeMap<&str, Vec<&'a Import>>) -> Option<Vec<&'a Import>> {
    let mut came: BTreeMap<&str, &'a Import> = BTreeMap::new();
    let mut queue = VecDeque::from([file]);
    while let Some(at) = queue.pop_front() {
        for &import in next.get(at).into_iter().flatten() {
            if came.contains_key(import.to.as_str()) {
                continue;
            }
            came.insert(&import.to, import);
            if import.to == file {
                let mut way = vec![import];
                while way[way.len() - 1].from != file {
                    way.push(came[way[way.len() - 1].from.as_str()]);
                }
                way.reverse();
                return Some(way);
            }
            queue.push_back(&import.to);
        }
    }
    None
}

fn reaches(from: &str, to: &str, next: &BTreeMap<&str, Vec<&Import>>) -> bool {
    let mut seen = BTreeSet::from([from]);
    let mut queue = VecDeque::from([from]);
    while let Some(at) = queue.pop_front() {
        for import in next.get(at).into_iter().flatten() {
            if import.to == to {
                return true;
            }
            if seen.insert(&import.to) {
                queue.push_back(&import.to);
            }
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::tidy::imports::Import;

    fn circles(imports: &[(&str, &str)]) -> Vec<String> {
        let imports: Vec<Import> = (1..)
            .zip(imports)
            .map(|(line, (from, to))| Import {
                from: (*from).to_owned(),
                line,
                to: (*to).to_owned(),
            })
            .collect();
        let mut broken = Vec::new();
        check(&imports, &mut broken);
        broken
    }

    #[test]
    fn a_house_without_circles_is_left_alone() {
        assert_eq!(
            circles(&[("a", "b"), ("a", "c"), ("b", "c"), ("c", "d")]),
            [""; 0]
        );
    }

    #[test]
    fn each_knot_is_told_once_with_a_way_around() {
        let told = circles(&[
            ("x", "a"),
            ("a", "b"),
            ("b", "c"),
            ("c", "a"),
            ("c", "b"),
            ("d", "e"),
            ("e", "d"),
        ]);
        assert_eq!(told.len(), 2, "{told:?}");
        assert!(
            told[0].starts_with(
                "a: is in a circle of 3 files: a:2 imports b, b:3 imports c, c:4 imports a;"
            ),
            "{told:?}"
        );
        assert!(told[1].contains("d:6 imports e, e:7 imports d"), "{told:?}");
    }
}
