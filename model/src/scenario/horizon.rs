//! How long, from when, and what must hold.

use super::form::Checked;
use super::problem::{Problem, Problems};
use super::{Horizon, MonthLength, Slo};
use crate::units::Hours;

/// Months of a plan that does not say.
const MONTHS: u32 = 12;

/// A month that does not say: a twelfth of a year, as price pages count.
const MONTH: MonthLength = MonthLength::Fixed(Hours::new(730.0));

/// The time that a plan covers.
pub(super) fn horizon(root: &Checked, problems: &mut Problems) -> Option<Horizon> {
    let Some(table) = root.table("horizon") else {
        let absent = !root.has("horizon");
        return absent.then_some(Horizon {
            start: None,
            months: MONTHS,
            month: MONTH,
            clock: Hours::ZERO,
            full: true,
        });
    };
    let calendar = table.text("month").is_some();
    if calendar && !table.has("start") {
        problems.report(Problem::CalendarWithoutStart, table.span_of("month"));
        return None;
    }
    // What was refused would only cause other problems.
    if ["start", "months", "month", "time_zone"].iter().any(|key| table.refused(key)) {
        return None;
    }
    let month = match table.duration("month") {
        Some(hours) => MonthLength::Fixed(hours),
        None if calendar => MonthLength::Calendar,
        None => MONTH,
    };
    let months = table.count("months").and_then(|months| u32::try_from(months).ok());
    Some(Horizon {
        start: table.date("start"),
        months: months.unwrap_or(MONTHS),
        month,
        clock: table.duration("time_zone").unwrap_or(Hours::ZERO),
        full: table.text("log").as_deref() != Some("empty"),
    })
}

/// What must hold.
pub(super) fn slo(root: &Checked) -> Slo {
    root.table("slo").map_or_else(Slo::default, |table| Slo {
        freshness: table.duration("freshness"),
        recovery: table.duration("recovery"),
        availability: table.number("availability"),
        budget: table.budget("budget"),
    })
}
