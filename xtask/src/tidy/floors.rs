//! The rule about rooms: a file imports from its own room and from those below, never upward.

mod table;

use std::collections::BTreeSet;

use super::imports::Import;
use table::{HOUSES, House, Room};

/// The table's own file, for sentences that say what to change.
const TABLE: &str = "xtask/src/tidy/floors/table.rs";

/// Adds a sentence for each import that leads upward, each file without a room and each line of the table that nothing needs.
pub(super) fn check(files: &[(String, String)], imports: &[Import], broken: &mut Vec<String>) {
    for house in HOUSES {
        house.check(files, imports, broken);
    }
}

/// The floors as `docs/ARCHITECTURE.md` shows them, the highest room first.
pub(super) fn picture() -> String {
    HOUSES
        .iter()
        .map(House::picture)
        .collect::<Vec<_>>()
        .join("\n")
}

impl House {
    fn check(&self, files: &[(String, String)], imports: &[Import], broken: &mut Vec<String>) {
        let mut used = BTreeSet::new();
        for import in imports {
            let (Some(from), Some(to)) = (self.inner(&import.from), self.inner(&import.to)) else {
                continue;
            };
            let (Some(here), Some(there)) = (self.room(from), self.room(to)) else {
                continue;
            };
            if self.floor(there) <= self.floor(here) {
                continue;
            }
            if let Some(at) = self
                .exceptions
                .iter()
                .position(|known| (known.from, known.to) == (from, to))
            {
                used.insert(at);
                continue;
            }
            broken.push(format!(
                "{}:{}: room `{}` imports upward from room `{}` ({to}); move what it needs down, hand it in as an argument, or give the \
                 reason for an exception in {TABLE}",
                import.from, import.line, here.name, there.name
            ));
        }
        for (at, exception) in self.exceptions.iter().enumerate() {
            if !used.contains(&at) {
                broken.push(format!(
                    "{TABLE}: the exception from {} to {} of {} is needed no more",
                    exception.from, exception.to, self.source
                ));
            }
        }
        self.check_rooms(files, broken);
    }

    /// Each file has a room, and each place of a room a file.
    fn check_rooms(&self, files: &[(String, String)], broken: &mut Vec<String>) {
        let ours: Vec<&str> = files
            .iter()
            .filter_map(|(path, _)| self.inner(path))
            .filter(|path| path.ends_with(".rs"))
            .collect();
        for path in &ours {
            if self.room(path).is_none() {
                broken.push(format!(
                    "{}/{path}: belongs to no room; say in {TABLE} whose it is",
                    self.source
                ));
            }
        }
        for place in self.rooms.iter().flat_map(|room| room.holds) {
            if !ours.iter().any(|path| holds(place, path)) {
                broken.push(format!("{TABLE}: {} has no file of `{place}`", self.source));
            }
        }
    }

    /// The path inside this house.
    fn inner<'a>(&self, path: &'a str) -> Option<&'a str> {
        path.strip_prefix(self.source)?.strip_prefix('/')
    }

    /// The room with the longest place that holds a file.
    fn room(&self, path: &str) -> Option<&Room> {
        let places = self
            .rooms
            .iter()
            .flat_map(|room| room.holds.iter().map(move |place| (room, place)));
        places
            .filter(|(_, place)| holds(place, path))
            .max_by_key(|(_, place)| place.len())
            .map(|(room, _)| room)
    }

    /// How high a room is.
    fn floor(&self, room: &Room) -> Option<usize> {
        self.rooms.iter().position(|known| known.name == room.name)
    }

    fn picture(&self) -> String {
        let mut picture = format!(
            "`{}`\n\n| room | holds | knows |\n| --- | --- | --- |\n",
            self.source
        );
        for room in self.rooms.iter().rev() {
            let holds: Vec<String> = room
                .holds
                .iter()
                .map(|place| format!("`{place}`"))
                .collect();
            picture.push_str(&format!(
                "| {} | {} | {} |\n",
                room.name,
                holds.join(" "),
                room.knows
            ));
        }
        for exception in self.exceptions {
            picture.push_str(&format!(
                "\nUpward all the same: `{}` imports `{}`, because {}\n",
                exception.from, exception.to, exception.reason
            ));
        }
        picture
    }
}

/// Whether a place, a file or directory without its ending, holds a file.
fn holds(place: &str, path: &str) -> bool {
    let rest = path.strip_prefix(place);
    rest.is_some_and(|rest| rest == ".rs" || rest.starts_with('/'))
}

#[cfg(test)]
mod tests;
