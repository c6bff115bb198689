//! Maps and sets as sorted lists. Those of the standard library are trees, of which the page would hold a copy of some 5 kB
//! for every pair of types; what we keep in them is short, or made at once.

use std::borrow::Borrow;
use std::ops::Index;
use std::vec;

use crate::order;

/// What there is for each key, in the order of keys.
///
/// ```
/// # use model::map::Map;
/// let map: Map<_, _> = [("b", 1), ("a", 2), ("b", 3)].into_iter().collect();
/// assert_eq!(map.into_iter().collect::<Vec<_>>(), [("a", 2), ("b", 3)]);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Map<K, V> {
    pairs: Vec<(K, V)>,
}

/// Values without order or repetition; they come in their own order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Set<T> {
    map: Map<T, ()>,
}

impl<K, V> Default for Map<K, V> {
    fn default() -> Self {
        Self::new()
    }
}

impl<K, V> Map<K, V> {
    /// Without anything in it.
    pub const fn new() -> Self {
        Self { pairs: Vec::new() }
    }

    /// How many keys there are.
    pub fn len(&self) -> usize {
        self.pairs.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.pairs.is_empty()
    }

    /// Keys with what there is for each.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (&K, &V)> + Clone {
        self.pairs.iter().map(|(key, value)| (key, value))
    }

    /// All keys.
    pub fn keys(&self) -> impl DoubleEndedIterator<Item = &K> + Clone {
        self.pairs.iter().map(|(key, _)| key)
    }

    /// Leaves only what is to stay.
    pub fn retain(&mut self, stays: impl Fn(&K, &V) -> bool) {
        self.pairs.retain(|(key, value)| stays(key, value));
    }

    /// All keys, to keep them.
    pub fn into_keys(self) -> impl DoubleEndedIterator<Item = K> {
        self.pairs.into_iter().map(|(key, _)| key)
    }

    /// What there is, in the order of keys.
    pub fn values(&self) -> impl DoubleEndedIterator<Item = &V> + Clone {
        self.pairs.iter().map(|(_, value)| value)
    }

    /// The same to change it.
    pub fn values_mut(&mut self) -> impl DoubleEndedIterator<Item = &mut V> {
        self.pairs.iter_mut().map(|(_, value)| value)
    }

    /// What there is, to keep it.
    pub fn into_values(self) -> impl DoubleEndedIterator<Item = V> {
        self.pairs.into_iter().map(|(_, value)| value)
    }
}

impl<K: Ord, V> Map<K, V> {
    /// Where a key is, or belongs.
    fn place<Q: Ord + ?Sized>(&self, key: &Q) -> Result<usize, usize>
    where
        K: Borrow<Q>,
    {
        self.pairs.binary_search_by(|(own, _)| own.borrow().cmp(key))
    }

    /// What there is for a key.
    pub fn get<Q: Ord + ?Sized>(&self, key: &Q) -> Option<&V>
    where
        K: Borrow<Q>,
    {
        self.place(key).ok().map(|place| &self.pairs[place].1)
    }

    /// The same to change it.
    pub fn get_mut<Q: Ord + ?Sized>(&mut self, key: &Q) -> Option<&mut V>
    where
        K: Borrow<Q>,
    {
        self.place(key).ok().map(|place| &mut self.pairs[place].1)
    }

    /// Whether there is anything for a key.
    pub fn contains_key<Q: Ord + ?Sized>(&self, key: &Q) -> bool
    where
        K: Borrow<Q>,
    {
        self.place(key).is_ok()
    }

    /// Puts something there for a key, and returns what was there before.
    pub fn insert(&mut self, key: K, value: V) -> Option<V> {
        match self.place(&key) {
            Ok(place) => Some(std::mem::replace(&mut self.pairs[place].1, value)),
            Err(place) => {
                self.pairs.insert(place, (key, value));
                None
            }
        }
    }

    /// Takes away what there is for a key.
    pub fn remove<Q: Ord + ?Sized>(&mut self, key: &Q) -> Option<V>
    where
        K: Borrow<Q>,
    {
        self.place(key).ok().map(|place| self.pairs.remove(place).1)
    }

    /// What there is for a key, and where there is nothing, what is made for it.
    pub fn or_insert_with(&mut self, key: K, make: impl FnOnce() -> V) -> &mut V {
        let place = self.place(&key);
        if let Err(place) = place {
            self.pairs.insert(place, (key, make()));
        }
        let (Ok(place) | Err(place)) = place;
        &mut self.pairs[place].1
    }

    /// The same where nothing special is made.
    pub fn or_default(&mut self, key: K) -> &mut V
    where
        V: Default,
    {
        self.or_insert_with(key, V::default)
    }
}

impl<K: Borrow<Q> + Ord, V, Q: Ord + ?Sized> Index<&Q> for Map<K, V> {
    type Output = V;

    fn index(&self, key: &Q) -> &V {
        self.get(key).expect("the map has the key")
    }
}

/// Of several values for a key, the last is kept.
impl<K: Ord, V> FromIterator<(K, V)> for Map<K, V> {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(pairs: I) -> Self {
        let mut pairs: Vec<(K, V)> = pairs.into_iter().collect();
        order::sort_by(&mut pairs, |(one, _), (other, _)| one.cmp(other));
        // Of those that are equal the first stays, so the last goes there.
        pairs.dedup_by(|later, earlier| {
            let same = later.0 == earlier.0;
            if same {
                std::mem::swap(later, earlier);
            }
            same
        });
        Self { pairs }
    }
}

impl<K: Ord, V> Extend<(K, V)> for Map<K, V> {
    fn extend<I: IntoIterator<Item = (K, V)>>(&mut self, pairs: I) {
        for (key, value) in pairs {
            self.insert(key, value);
        }
    }
}

impl<K: Ord, V, const N: usize> From<[(K, V); N]> for Map<K, V> {
    fn from(pairs: [(K, V); N]) -> Self {
        pairs.into_iter().collect()
    }
}

impl<K, V> IntoIterator for Map<K, V> {
    type Item = (K, V);
    type IntoIter = vec::IntoIter<(K, V)>;

    fn into_iter(self) -> Self::IntoIter {
        self.pairs.into_iter()
    }
}

impl<'a, K, V> IntoIterator for &'a Map<K, V> {
    type Item = (&'a K, &'a V);
    type IntoIter = std::iter::Map<std::slice::Iter<'a, (K, V)>, fn(&'a (K, V)) -> (&'a K, &'a V)>;

    fn into_iter(self) -> Self::IntoIter {
        self.pairs.iter().map(|(key, value)| (key, value))
    }
}

impl<T> Default for Set<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T> Set<T> {
    /// Without anything in it.
    pub const fn new() -> Self {
        Self { map: Map::new() }
    }

    /// How many values there are.
    pub fn len(&self) -> usize {
        self.map.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.map.is_empty()
    }

    /// All values.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &T> + Clone {
        self.map.keys()
    }
}

impl<T: Ord> Set<T> {
    /// Whether a value is in it.
    pub fn contains<Q: Ord + ?Sized>(&self, value: &Q) -> bool
    where
        T: Borrow<Q>,
    {
        self.map.contains_key(value)
    }

    /// Adds a value, and returns whether it is new.
    pub fn insert(&mut self, value: T) -> bool {
        self.map.insert(value, ()).is_none()
    }

    /// Takes a value out, and returns whether it was there.
    pub fn remove<Q: Ord + ?Sized>(&mut self, value: &Q) -> bool
    where
        T: Borrow<Q>,
    {
        self.map.remove(value).is_some()
    }
}

impl<T: Ord> FromIterator<T> for Set<T> {
    fn from_iter<I: IntoIterator<Item = T>>(values: I) -> Self {
        Self { map: values.into_iter().map(|value| (value, ())).collect() }
    }
}

impl<T: Ord> Extend<T> for Set<T> {
    fn extend<I: IntoIterator<Item = T>>(&mut self, values: I) {
        self.map.extend(values.into_iter().map(|value| (value, ())));
    }
}

impl<T: Ord, const N: usize> From<[T; N]> for Set<T> {
    fn from(values: [T; N]) -> Self {
        values.into_iter().collect()
    }
}

impl<T> IntoIterator for Set<T> {
    type Item = T;
    type IntoIter = std::iter::Map<vec::IntoIter<(T, ())>, fn((T, ())) -> T>;

    fn into_iter(self) -> Self::IntoIter {
        self.map.into_iter().map(|(value, ())| value)
    }
}

impl<'a, T> IntoIterator for &'a Set<T> {
    type Item = &'a T;
    type IntoIter = std::iter::Map<std::slice::Iter<'a, (T, ())>, fn(&'a (T, ())) -> &'a T>;

    fn into_iter(self) -> Self::IntoIter {
        self.map.pairs.iter().map(|(value, ())| value)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::{Map, Set};

    proptest! {
        #[test]
        fn a_map_holds_what_that_of_the_standard_library_does(
            first in prop::collection::vec((0..20_u8, 0..99_u8), 0..40),
            then in prop::collection::vec((0..20_u8, prop::option::of(0..99_u8)), 0..40),
        ) {
            let mut ours: Map<_, _> = first.iter().copied().collect();
            let mut theirs: BTreeMap<_, _> = first.into_iter().collect();
            for (key, value) in then {
                let (our, their) = match value {
                    Some(value) => (ours.insert(key, value), theirs.insert(key, value)),
                    None => (ours.remove(&key), theirs.remove(&key)),
                };
                prop_assert_eq!(our, their);
                prop_assert_eq!(ours.get(&key), theirs.get(&key));
            }
            *ours.or_default(3) += 1;
            *theirs.entry(3).or_default() += 1;
            prop_assert!(ours.iter().eq(theirs.iter()));
        }
    }

    #[test]
    fn a_set_says_what_is_new() {
        let mut set = Set::from(["b", "a", "b"]);
        assert_eq!((set.len(), set.insert("a"), set.insert("c")), (3 - 1, false, true));
        assert_eq!(set.into_iter().collect::<String>(), "abc");
    }
}
