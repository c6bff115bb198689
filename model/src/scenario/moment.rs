//! Moments of the horizon, and the clocks that they are read on.

use super::Horizon;
use super::form::Checked;
use super::problem::{Problem, Problems, duration};
use crate::calendar::Date;
use crate::units::Hours;

/// Most days and months that a moment may count: a hundred years.
const DAYS_MAX: u32 = 36_525;
const MONTHS_MAX: u32 = 1_200;

/// What a moment is.
pub(super) const MOMENT: &str = "a moment, such as `day 40 18:30`, `2027-02-10 18:30` or `month 3`";

/// A moment as written.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Moment {
    text: String,
    day: Day,
    time: Hours,
}

/// A day as written; days and months count from 1.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Day {
    /// `day 40`
    OfHorizon(u32),
    /// `month 3`, `month 3 day 2`
    OfMonth { month: u32, day: u32 },
    /// `2027-02-10`
    Of(Date),
}

impl Moment {
    /// Reads a day and perhaps a time of day; `None` for what is no moment.
    pub(super) fn read(text: &str) -> Option<Self> {
        let words: Vec<&str> = words(text);
        let (day, rest) = match words.as_slice() {
            ["day", day, rest @ ..] => (Day::OfHorizon(ordinal(day, DAYS_MAX)?), rest),
            ["month", month, "day", day, rest @ ..] => {
                let (month, day) = (ordinal(month, MONTHS_MAX)?, ordinal(day, DAYS_MAX)?);
                (Day::OfMonth { month, day }, rest)
            }
            ["month", month, rest @ ..] => {
                (Day::OfMonth { month: ordinal(month, MONTHS_MAX)?, day: 1 }, rest)
            }
            [date, rest @ ..] => (Day::Of(self::date(date)?), rest),
            [] => return None,
        };
        let time = match rest {
            [] => Hours::ZERO,
            [time] => time_of_day(time)?,
            _ => return None,
        };
        Some(Self { text: text.trim().to_owned(), day, time })
    }

    /// Hours since the start of the horizon; it may be after its end.
    pub(super) fn since_start(&self, key: &str, horizon: &Horizon) -> Result<Hours, Problem> {
        match self.day {
            Day::OfHorizon(day) => Ok(days(day) + self.time),
            Day::OfMonth { month, day } => {
                let found = horizon.month(month - 1);
                let into = days(day) + self.time;
                if into < found.length {
                    return Ok(found.start + into);
                }
                let allowed =
                    format!("a moment of month {month}, which has {}", duration(found.length));
                let (key, found) = (key.to_owned(), self.text.clone());
                Err(Problem::OutOfRange { key, found, allowed })
            }
            Day::Of(date) => {
                let no_start = || Problem::DateWithoutStart { key: key.to_owned() };
                let first = horizon.first_day().ok_or_else(no_start)?;
                let after = first.days_until(date);
                let since = Hours::from_days(after as f64) + self.time;
                if after < 0 { Err(self.outside(key, horizon)) } else { Ok(since) }
            }
        }
    }

    /// Hours since the start of the horizon, before its end.
    pub(super) fn within(&self, key: &str, horizon: &Horizon) -> Result<Hours, Problem> {
        let since = self.since_start(key, horizon)?;
        if since < horizon.end() { Ok(since) } else { Err(self.outside(key, horizon)) }
    }

    fn outside(&self, key: &str, horizon: &Horizon) -> Problem {
        outside(key, self.text.clone(), horizon)
    }
}

/// The moment at a key of a section, if it is in the horizon.
pub(super) fn moment_of(
    table: &Checked,
    key: &str,
    horizon: Option<&Horizon>,
    problems: &mut Problems,
) -> Option<Hours> {
    let found = table.moment(key)?.within(key, horizon?);
    found.map_err(|problem| problems.report(problem, table.span_of(key))).ok()
}

/// Hours since the start of the horizon of a moment written as in a scenario; the end of the horizon is one, too.
///
/// # Errors
///
/// What is wrong with it, where it is no moment or not in the horizon.
pub fn moment(key: &str, text: &str, horizon: &Horizon) -> Result<Hours, Problem> {
    let Some(moment) = Moment::read(text) else {
        let (key, found) = (key.to_owned(), text.trim().to_owned());
        return Err(Problem::OutOfRange { key, found, allowed: MOMENT.to_owned() });
    };
    let since = moment.since_start(key, horizon)?;
    if since <= horizon.end() { Ok(since) } else { Err(moment.outside(key, horizon)) }
}

/// A moment to the minute, as a scenario can say it: `2027-02-10 18:30`, or `day 41 18:30` where no date is known.
pub(super) fn written(horizon: &Horizon, at: Hours) -> String {
    const DAY: i64 = 24 * 60;
    let minutes = libm::round(at.as_hours() * 60.0) as i64;
    let day = minutes.div_euclid(DAY);
    let date = horizon.first_day().and_then(|first| first.plus_days(day));
    let day = date.map_or_else(|| format!("day {}", day + 1), |date| date.to_string());
    match minutes.rem_euclid(DAY) {
        0 => day,
        within => format!("{day} {:02}:{:02}", within / 60, within % 60),
    }
}

/// What is not in the horizon, and what the horizon covers.
pub(super) fn outside(key: &str, found: String, horizon: &Horizon) -> Problem {
    let days = libm::ceil(horizon.end().as_days());
    let last = horizon.first_day().and_then(|first| {
        let day = first.plus_days(days as i64 - 1)?;
        Some(format!(" ({first} to {day})"))
    });
    let months = match horizon.months {
        1 => "1 month".to_owned(),
        months => format!("{months} months"),
    };
    let covered = format!("{months}, day 1 to day {days}{}", last.unwrap_or_default());
    Problem::OutsideHorizon { key: key.to_owned(), found, covered }
}

/// How far a clock is ahead of UTC: `UTC`, `UTC+1`, `UTC-03:00`, `UTC+05:45`; `None` for what is no offset.
pub(super) fn offset(text: &str) -> Option<Hours> {
    let rest = text.trim().strip_prefix("UTC")?;
    if rest.is_empty() {
        return Some(Hours::ZERO);
    }
    let (sign, time) = match (rest.strip_prefix('+'), rest.strip_prefix('-')) {
        (Some(time), _) => (1.0, time),
        (None, Some(time)) => (-1.0, time),
        (None, None) => return None,
    };
    let (hours, minutes) = time.split_once(':').unwrap_or((time, "00"));
    let (hours, minutes) = (digits(hours, 1..=2)?, digits(minutes, 2..=2)?);
    let ahead = sign * (f64::from(hours) + f64::from(minutes) / 60.0);
    let allowed = minutes < 60 && minutes % 15 == 0 && (-12.0..=14.0).contains(&ahead);
    // No clock is behind by minus nothing.
    allowed.then_some(Hours::new(ahead + 0.0))
}

/// Whether a text looks like the name of a place or of a zone, rather than like an offset.
pub(super) fn is_place(text: &str) -> bool {
    let text = text.trim();
    text.starts_with(|c: char| c.is_ascii_alphabetic()) && !text.starts_with("UTC")
}

/// Words, and the two parts of a date with a time as TOML writes it.
fn words(text: &str) -> Vec<&str> {
    match text.trim().split_once('T') {
        Some((date, time)) => vec![date, time],
        None => text.split_whitespace().collect(),
    }
}

/// A number from 1.
fn ordinal(text: &str, most: u32) -> Option<u32> {
    digits(text, 1..=6).filter(|number| (1..=most).contains(number))
}

fn digits(text: &str, length: std::ops::RangeInclusive<usize>) -> Option<u32> {
    let plain = length.contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    text.parse().ok().filter(|_| plain)
}

/// A day as `2027-02-10`: other ways to write one are not dates to a JSON Schema.
pub(super) fn date(text: &str) -> Option<Date> {
    text.parse().ok()
}

/// `18:30`, or `18:30:00`.
fn time_of_day(text: &str) -> Option<Hours> {
    let parts: Vec<&str> = text.split(':').collect();
    let (hours, minutes, seconds) = match parts.as_slice() {
        [hours, minutes] => (hours, minutes, &"00"),
        [hours, minutes, seconds] => (hours, minutes, seconds),
        _ => return None,
    };
    let hours = digits(hours, 1..=2).filter(|hours| *hours < 24)?;
    let minutes = digits(minutes, 2..=2).filter(|minutes| *minutes < 60)?;
    let seconds = digits(seconds, 2..=2).filter(|seconds| *seconds < 60)?;
    Some(Hours::new(f64::from(hours)) + Hours::from_secs(f64::from(minutes * 60 + seconds)))
}

/// The start of a day that counts from 1.
fn days(day: u32) -> Hours {
    Hours::from_days(f64::from(day - 1))
}

#[cfg(test)]
mod tests {
    use super::super::MonthLength;
    use super::*;

    #[test]
    fn moments_are_read_as_written() {
        check("day 1", Some(0.0));
        check("day 40 18:30", Some(39.0 * 24.0 + 18.5));
        check("month 1", Some(0.0));
        check(" month 3  day 2 9:15 ", Some((31.0 + 28.0 + 1.0) * 24.0 + 9.25));
        check("month 2 06:00", Some(31.0 * 24.0 + 6.0));
        check("2027-02-10", Some(40.0 * 24.0));
        check("2027-02-10 18:30", Some(40.0 * 24.0 + 18.5));
        check("2027-02-10T18:30:00", Some(40.0 * 24.0 + 18.5));
    }

    #[test]
    fn moments_are_written_as_they_are_read() {
        let dated = calendar();
        let counted =
            Horizon { start: None, month: MonthLength::Fixed(Hours::new(730.0)), ..dated };
        for text in ["2027-01-01", "2027-02-10 18:30", "2028-01-01"] {
            let found = moment("at", text, &calendar()).expect(text);
            assert_eq!(calendar().written(found), text);
        }
        for text in ["day 1", "day 40 18:30", "day 366"] {
            let found = moment("at", text, &counted).expect(text);
            assert_eq!(counted.written(found), text);
        }
        assert!(moment("at", "2028-01-01 00:01", &calendar()).is_err());
        assert!(moment("at", "2027-01-01", &counted).is_err());
        assert!(moment("at", "tomorrow", &counted).is_err());
    }

    #[test]
    fn what_is_no_moment_is_refused() {
        for text in [
            "",
            "day",
            "day 0",
            "day -1",
            "day +1",
            "40",
            "18:30",
            "day 4 24:00",
            "day 4 18:60",
            "day 4 18",
            "month 0",
            "month 3 day 0",
            "2027-2-10",
            "2027-02-30",
            "20270210",
            "2027-02-10T18:30:00Z",
            "day 4 18:30 later",
            "day 99999999999",
            "month 4294967295",
        ] {
            assert_eq!(Moment::read(text), None, "{text}");
        }
    }

    #[test]
    fn offsets_are_quarters_of_an_hour() {
        let offset = |text| super::offset(text).map(Hours::as_hours);
        assert_eq!(offset("UTC"), Some(0.0));
        assert_eq!(offset("UTC+1"), Some(1.0));
        assert_eq!(offset("UTC+05:45"), Some(5.75));
        assert_eq!(offset("UTC-03:30"), Some(-3.5));
        assert_eq!((offset("UTC-12:00"), offset("UTC+14:00")), (Some(-12.0), Some(14.0)));
        for text in ["", "+1", "UTC1", "UTC+", "UTC+1:5", "UTC+01:10", "UTC+14:15", "UTC-13", "utc"]
        {
            assert_eq!(offset(text), None, "{text}");
        }
    }

    /// In calendar months from 2027-01-01.
    #[track_caller]
    fn check(text: &str, expected: Option<f64>) {
        let horizon = calendar();
        let found = Moment::read(text).and_then(|moment| moment.within("at", &horizon).ok());
        assert_eq!(found.map(Hours::as_hours), expected, "{text}");
    }
    fn calendar() -> Horizon {
        Horizon {
            start: date("2027-01-15"),
            months: 12,
            month: MonthLength::Calendar,
            clock: Hours::ZERO,
            full: true,
        }
    }
}
