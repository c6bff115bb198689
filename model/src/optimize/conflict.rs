//! Which constraints cannot hold together: a smallest set of them, found by leaving them out one at a time.

/// Constraints, by their places, that cannot hold together while any of them could be left out: none where all of them
/// hold, or where even none of them is no help.
///
/// `holds` says whether there is a plan under some of the constraints, given as flags. Each is asked for once, so as many
/// questions as constraints and two.
pub fn conflict(count: usize, holds: &mut dyn FnMut(&[bool]) -> bool) -> Option<Vec<usize>> {
    let mut kept = vec![true; count];
    if holds(&kept) || !holds(&vec![false; count]) {
        return None;
    }
    for index in 0..count {
        kept[index] = false;
        // Without it there is a plan: it is one of those that conflict.
        kept[index] = holds(&kept);
    }
    Some((0..count).filter(|index| kept[*index]).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// Some sets cannot hold together; whatever is found holds one of them and nothing that is not needed.
        #[test]
        fn what_conflicts_cannot_be_made_smaller(
            sets in prop::collection::vec(prop::collection::vec(0..8_usize, 1..4), 0..5),
        ) {
            let broken = |kept: &[bool]| sets.iter().any(|set| set.iter().all(|one| kept[*one]));
            match conflict(8, &mut |kept| !broken(kept)) {
                None => prop_assert!(sets.is_empty()),
                Some(found) => {
                    let only = |without: Option<usize>| -> Vec<bool> {
                        (0..8).map(|one| found.contains(&one) && without != Some(one)).collect()
                    };
                    prop_assert!(broken(&only(None)));
                    for one in &found {
                        prop_assert!(!broken(&only(Some(*one))), "{one} is not needed in {found:?}");
                    }
                }
            }
        }
    }

    #[test]
    fn what_no_constraint_forbids_is_no_conflict() {
        assert_eq!(conflict(3, &mut |_| false), None);
        assert_eq!(conflict(3, &mut |_| true), None);
    }
}
