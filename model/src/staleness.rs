//! What of a comparison is older than it should be on a day: prices, and what is known of platforms. The day is said by
//! whoever asks, since nothing here reads a clock.

use crate::calendar::Date;
use crate::comparison::Comparison;
use crate::order;
use crate::plan::Plan;

/// Days after which a price is to be looked up again: providers change single prices every few months.
pub const PRICE_DAYS: i64 = 90;

/// Days after which a preset's facts (versions, limits, what is released) are to be checked: services change about yearly.
pub const FACTS_DAYS: i64 = 365;

/// Something old.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Old {
    /// A SKU, or a preset's name.
    pub name: String,
    /// The date that it is of, as its source says it: a day, a month or a year.
    pub as_of: String,
    /// Days since then.
    pub days: i64,
}

/// What is old, the oldest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stale {
    /// The day on which it is.
    pub today: Date,
    /// Prices that bills use and that are older than [`PRICE_DAYS`], each once.
    pub prices: Vec<Old>,
    /// Presets of planned platforms whose facts are older than [`FACTS_DAYS`], each once.
    pub presets: Vec<Old>,
}

/// What of a comparison is old on a day.
pub fn stale(comparison: &Comparison, today: Date) -> Stale {
    of_plans(comparison.plans(), today)
}

/// What of some plans is old on a day.
pub fn of_plans<'a>(plans: impl Iterator<Item = &'a Plan> + Clone, today: Date) -> Stale {
    let lines = plans.clone().flat_map(|plan| &plan.bill.lines);
    let prices = lines.map(|line| (line.sku.as_str(), line.price_as_of.as_str()));
    let presets = plans.map(|plan| (plan.design.preset.name, plan.design.preset.as_of));
    Stale {
        today,
        prices: older(&mut prices.collect::<Vec<_>>(), PRICE_DAYS, today),
        presets: older(&mut presets.collect::<Vec<_>>(), FACTS_DAYS, today),
    }
}

/// Days from the end of what a date says (`2026-05-31`, `2026-05`, `2026`) to another; negative before that, and `None` of
/// what is no date.
///
/// ```
/// # use model::staleness::age;
/// let today = "2026-11-22".parse().unwrap();
/// assert_eq!(age("2026-11-01", today), Some(21));
/// assert_eq!(age("2026-10", today), Some(22));
/// assert_eq!(age("2026", today), Some(-39));
/// assert_eq!(age("as entered", today), None);
/// ```
pub fn age(as_of: &str, today: Date) -> Option<i64> {
    const DAY: usize = "2026-05-31".len();
    const MONTH: usize = "2026-05".len();
    const YEAR: usize = "2026".len();
    let last = match as_of.len() {
        DAY => as_of.parse::<Date>().ok()?,
        MONTH => format!("{as_of}-01").parse::<Date>().ok()?.month_after(1)?.plus_days(-1)?,
        YEAR => format!("{as_of}-12-31").parse::<Date>().ok()?,
        _ => return None,
    };
    Some(last.days_until(today))
}

fn older(dated: &mut [(&str, &str)], limit: i64, today: Date) -> Vec<Old> {
    order::sort_by(dated, Ord::cmp);
    let mut found: Vec<Old> = Vec::new();
    for (name, as_of) in dated.iter() {
        let known = found.last().is_some_and(|last| last.name == *name && last.as_of == *as_of);
        let Some(days) = age(as_of, today).filter(|days| *days > limit && !known) else { continue };
        found.push(Old { name: (*name).to_owned(), as_of: (*as_of).to_owned(), days });
    }
    order::sort_by_key(&mut found, |old| -old.days);
    found
}

impl Stale {
    /// Whether nothing is old.
    pub fn is_empty(&self) -> bool {
        self.prices.is_empty() && self.presets.is_empty()
    }

    /// A sentence for prices and one for presets, where there are old ones; without a full stop.
    pub fn sentences(&self) -> Vec<String> {
        let said = |old: &[Old], what: [&str; 2], limit: i64| {
            let oldest = old.first()?;
            let what = if old.len() == 1 { what[0] } else { what[1] };
            Some(format!(
                "{} {what} than {limit} days: `{}` is of {}, {} days ago",
                old.len(),
                oldest.name,
                oldest.as_of,
                oldest.days
            ))
        };
        let prices = said(&self.prices, ["price is older", "prices are older"], PRICE_DAYS);
        let presets = ["preset's facts are older", "presets' facts are older"];
        let presets = said(&self.presets, presets, FACTS_DAYS);
        [prices, presets].into_iter().flatten().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Date {
        text.parse().expect("a date of a test")
    }

    #[test]
    fn a_date_is_as_old_as_the_end_of_what_it_says() {
        for (as_of, days) in [
            ("2026-11-22", Some(0)),
            ("2026-08-24", Some(90)),
            ("2026-02", Some(267)),
            ("2025", Some(326)),
            ("2027", Some(-404)),
            ("2026-13", None),
            ("2026-2-01", None),
            ("as planned", None),
            ("", None),
        ] {
            assert_eq!(age(as_of, day("2026-11-22")), days, "{as_of}");
        }
    }

    #[test]
    fn each_is_told_once_and_the_oldest_first() {
        let mut dated = [
            ("gp3", "2026-07-20"),
            ("s3", "2021-07-14"),
            ("gp3", "2026-07-20"),
            ("fresh", "2026-11-01"),
            ("edge", "2026-08-24"),
            ("own", "as entered"),
            ("gp3", "2026-08-01"),
        ];
        let today = day("2026-11-22");
        let prices = older(&mut dated, PRICE_DAYS, today);
        let names: Vec<(&str, i64)> =
            prices.iter().map(|old| (old.name.as_str(), old.days)).collect();
        assert_eq!(names, [("s3", 1957), ("gp3", 125), ("gp3", 113)]);
        let presets = older(&mut [("kafka", "2025-06")], FACTS_DAYS, today);
        let stale = Stale { today, prices, presets };
        assert_eq!(
            stale.sentences(),
            [
                "3 prices are older than 90 days: `s3` is of 2021-07-14, 1957 days ago",
                "1 preset's facts are older than 365 days: `kafka` is of 2025-06, 510 days ago",
            ]
        );
        let prices_only = Stale { presets: Vec::new(), ..stale.clone() };
        let presets_only = Stale { prices: Vec::new(), ..stale.clone() };
        assert!(!stale.is_empty() && !prices_only.is_empty() && !presets_only.is_empty());
        let nothing = Stale { today, prices: Vec::new(), presets: Vec::new() };
        assert!(nothing.is_empty() && nothing.sentences().is_empty());
    }
}
