//! The name that was probably meant.

use super::problem::names;

/// Most names that a hint lists.
const LISTED: usize = 24;

/// Longest name that is compared; the comparison takes time in its square.
const COMPARED: usize = 64;

/// The names that would have been right.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Known {
    /// The one that was probably meant.
    pub nearest: Option<String>,
    /// The first of them.
    pub listed: Vec<String>,
    /// How many there are besides.
    pub more: usize,
}

impl Known {
    /// What there is, seen from a name that is none of it.
    pub fn new<'a>(name: &str, known: impl Iterator<Item = &'a str> + Clone) -> Self {
        Self {
            nearest: nearest(name, known.clone()).map(str::to_owned),
            more: known.clone().count().saturating_sub(LISTED),
            listed: known.take(LISTED).map(str::to_owned).collect(),
        }
    }

    /// What to write instead.
    pub fn hint(&self) -> Option<String> {
        let list = match self.more {
            0 => names(&self.listed),
            more => format!("{} and {more} more", names(&self.listed)),
        };
        match &self.nearest {
            Some(nearest) => Some(format!("did you mean `{nearest}`?")),
            None if self.listed.is_empty() => None,
            None if self.listed.len() == 1 => Some(format!("there is only {list}")),
            None => Some(format!("use one of {list}")),
        }
    }
}

/// The known name that differs least, if one is close.
pub(super) fn nearest<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let folded = fold(name);
    let length = folded.chars().count();
    if length > COMPARED {
        return None;
    }
    known
        .map(|candidate| (strsim::osa_distance(&folded, &fold(candidate)), candidate))
        .filter(|(distance, candidate)| {
            *distance <= length.min(candidate.chars().count()).div_ceil(3).min(4)
        })
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// What people mix up: case, and what stands between words.
fn fold(name: &str) -> String {
    name.chars()
        .map(|c| if matches!(c, '-' | ' ') { '_' } else { c.to_ascii_lowercase() })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_is_recognized() {
        check("retension", Some("retention"));
        check("Retention", Some("retention"));
        check("lag-budget", Some("lag_budget"));
        check("nmae", Some("name"));
        check("temperature", None);
        check("x", None);
        check(&"retention".repeat(1000), None);
    }

    #[track_caller]
    fn check(name: &str, expected: Option<&str>) {
        assert_eq!(nearest(name, ["retention", "lag_budget", "name"].into_iter()), expected);
    }
}
