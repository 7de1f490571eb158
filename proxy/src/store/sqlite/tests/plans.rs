//! Lists go by an index: their work does not grow with the number of checkouts.

use rusqlite::Connection;

use super::open;
use crate::store::sqlite::lists::{PLACES, PLACES_OF_ORDER};

#[tokio::test]
async fn no_list_passes_over_all_checkouts() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("s.sqlite3");
    drop(open(&path).await.unwrap());
    let file = Connection::open(&path).unwrap();
    for (query, index) in [
        (PLACES, "checkouts_by_creation"),
        (PLACES_OF_ORDER, "checkouts_by_external_id"),
    ] {
        let mut statement = file
            .prepare(&format!("EXPLAIN QUERY PLAN {query}"))
            .unwrap();
        let count = statement.parameter_count();
        let values = ["1", "1", "1", "1", "1", "1"];
        let values = rusqlite::params_from_iter(values.iter().take(count));
        let plan = statement.query_map(values, |row| row.get::<_, String>("detail"));
        let plan: Vec<String> = plan.unwrap().map(Result::unwrap).collect();
        assert_eq!(plan.len(), 1, "nothing is sorted: {plan:?}");
        let by_index = format!("SEARCH checkouts USING COVERING INDEX {index} (");
        assert!(plan[0].starts_with(&by_index), "{plan:?}");
        assert!(plan[0].contains("created_at"), "{plan:?}");
    }
}
