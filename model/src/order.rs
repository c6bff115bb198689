//! Sorting without a copy of the standard library's sort for every type: that takes some 5 KB of the page each time.

use std::cmp::Ordering;

/// Sorts a list by an order; what is equal stays as it was.
///
/// ```
/// # use model::order;
/// let mut list = ["b2", "a2", "b1", "a1"];
/// order::sort_by_key(&mut list, |text| text.as_bytes()[0]);
/// assert_eq!(list, ["a2", "a1", "b2", "b1"]);
/// ```
pub fn sort_by<T>(list: &mut [T], order: impl Fn(&T, &T) -> Ordering) {
    let mut places = sorted(list.len(), &|one, other| order(&list[one], &list[other]));
    for index in 0..list.len() {
        let mut from = places[index];
        // What stood in an earlier place was swapped away from there, perhaps more than once.
        while from < index {
            from = places[from];
        }
        // Whoever follows it later need not go the whole way again.
        places[index] = from;
        list.swap(index, from);
    }
}

/// The same by a key of each item.
pub fn sort_by_key<T, K: Ord>(list: &mut [T], key: impl Fn(&T) -> K) {
    sort_by(list, |one, other| key(one).cmp(&key(other)));
}

/// Which of so many items comes first, second and so on.
fn sorted(count: usize, order: &dyn Fn(usize, usize) -> Ordering) -> Vec<usize> {
    let mut places: Vec<usize> = (0..count).collect();
    places.sort_by(|&one, &other| order(one, other));
    places
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    /// What comes last and belongs first makes the longest way there is: gone each time, it would take minutes.
    #[test]
    fn a_long_list_is_sorted_at_once() {
        let mut list: Vec<u32> = (1..400_000).chain([0]).collect();
        super::sort_by_key(&mut list, |number| *number);
        assert!(list.is_sorted());
    }

    proptest! {
        #[test]
        fn a_list_is_sorted_as_the_standard_library_does(list in prop::collection::vec((0..9_u8, 0..99_u8), 0..60)) {
            let (mut ours, mut theirs) = (list.clone(), list);
            super::sort_by_key(&mut ours, |(key, _)| *key);
            theirs.sort_by_key(|(key, _)| *key);
            prop_assert_eq!(ours, theirs);
        }
    }
}
