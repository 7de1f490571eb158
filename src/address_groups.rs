//! An address cut into groups of four, so that a person can compare it with what the wallet shows.

/// The groups of `address`, each of four characters but the last, which may be shorter. Together they are the address.
pub fn address_groups(address: &str) -> impl Iterator<Item = &str> {
    let mut rest = address;
    core::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let cut = rest.char_indices().nth(4).map_or(rest.len(), |(at, _)| at);
        // `get` where `split_at` would do: the panic of the latter, which cannot happen, would be shipped.
        let group = rest.get(..cut)?;
        rest = rest.get(cut..)?;
        Some(group)
    })
}

#[cfg(test)]
mod tests {
    use super::address_groups;
    use proptest::prelude::*;

    #[test]
    fn fours_and_a_rest() {
        let groups: Vec<&str> = address_groups("TQn9Y2khEsLJW1ChVWFMSMeRDow5KcbLSE").collect();
        assert_eq!(
            groups,
            [
                "TQn9", "Y2kh", "EsLJ", "W1Ch", "VWFM", "SMeR", "Dow5", "KcbL", "SE"
            ]
        );
        assert_eq!(address_groups("").count(), 0);
    }

    proptest! {
        #[test]
        fn nothing_is_lost_or_added(text in ".*") {
            let groups: Vec<&str> = address_groups(&text).collect();
            prop_assert_eq!(groups.concat(), text.as_str());
            for (index, group) in groups.iter().enumerate() {
                let length = group.chars().count();
                prop_assert!(length == 4 || (index + 1 == groups.len() && (1..4).contains(&length)));
            }
        }
    }
}
