//! Reading what the meters say.

use std::collections::{BTreeMap, BTreeSet};

/// The series of a scrape with their values: name and labels as written.
pub(super) fn series(scrape: &str) -> BTreeMap<String, f64> {
    let lines = scrape
        .lines()
        .filter(|line| !line.starts_with('#') && !line.is_empty());
    lines
        .map(|line| {
            let (series, value) = line.rsplit_once(' ').unwrap();
            (series.to_owned(), value.parse().unwrap())
        })
        .collect()
}

/// The names in a scrape that a query can have, with those of the parts of histograms.
pub(super) fn names(scrape: &str) -> BTreeSet<String> {
    let of_series = |series: &String| series.split('{').next().unwrap().to_owned();
    series(scrape).keys().map(of_series).collect()
}

/// One meter.
#[derive(Default)]
pub(super) struct Family {
    pub(super) kind: String,
    pub(super) help: String,
    pub(super) labels: BTreeSet<String>,
}

/// Each meter, by its name.
pub(super) fn families(scrape: &str) -> BTreeMap<String, Family> {
    let mut families = BTreeMap::<String, Family>::new();
    let mut name = String::new();
    for line in scrape.lines() {
        if let Some(rest) = line.strip_prefix("# HELP ") {
            let (of, help) = rest.split_once(' ').unwrap();
            name = of.to_owned();
            families.entry(name.clone()).or_default().help = help.to_owned();
        } else if let Some(rest) = line.strip_prefix("# TYPE ") {
            let (of, kind) = rest.split_once(' ').unwrap();
            families.entry(of.to_owned()).or_default().kind = kind.to_owned();
        } else if let Some((_, labels)) = line.split_once('{') {
            // A value may hold a brace and a comma, but no label's name stands before anything else than `="`.
            let family = families.get_mut(&name).unwrap();
            let parts = labels
                .split("=\"")
                .map(|part| part.rsplit([',', '"']).next().unwrap());
            let names =
                parts.filter(|part| part.chars().all(|c| c.is_ascii_lowercase() || c == '_'));
            let names = names.filter(|part| !part.is_empty() && *part != "le");
            family.labels.extend(names.map(ToOwned::to_owned));
        }
    }
    families
}
