//! Days of the calendar, as far as a plan needs them: no time zones, no clock.

use std::fmt;
use std::str::FromStr;

/// A day of the Gregorian calendar, from year 0 to 9999.
///
/// ```
/// # use model::calendar::Date;
/// let date: Date = "2027-02-10".parse().unwrap();
/// assert_eq!(date.plus_days(19).unwrap().to_string(), "2027-03-01");
/// assert!("2027-02-30".parse::<Date>().is_err());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date {
    year: u16,
    month: u8,
    day: u8,
}

/// A text that is no day of the calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotADate;

const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

const YEAR_MAX: i64 = 9999;

/// Days of 400 years, after which the calendar repeats itself, weekdays included.
const CYCLE: i64 = 146_097;

impl Date {
    /// A day, if the calendar has it.
    pub fn new(year: i64, month: i64, day: i64) -> Option<Self> {
        if !(0..=YEAR_MAX).contains(&year) || !(1..=12).contains(&month) {
            return None;
        }
        (1..=days_in_month(year, month)).contains(&day).then_some(Self {
            year: year as u16,
            month: month as u8,
            day: day as u8,
        })
    }

    /// Its year.
    pub fn year(self) -> i64 {
        i64::from(self.year)
    }

    /// Its month; 1 is January.
    pub fn month(self) -> i64 {
        i64::from(self.month)
    }

    /// Its day of the month, from 1.
    pub fn day(self) -> i64 {
        i64::from(self.day)
    }

    /// Its month in three letters.
    pub fn month_name(self) -> &'static str {
        MONTHS[usize::from(self.month) - 1]
    }

    /// Days since Monday.
    pub fn weekday(self) -> i64 {
        // Day 0 was a Saturday.
        (self.number() + 5).rem_euclid(7)
    }

    /// The first day of its month.
    pub fn first_of_month(self) -> Self {
        Self { day: 1, ..self }
    }

    /// The first day of the month that comes so many months after its own.
    pub fn month_after(self, months: u32) -> Option<Self> {
        let month = self.year() * 12 + self.month() - 1 + i64::from(months);
        Self::new(month / 12, month % 12 + 1, 1)
    }

    /// So many days later, or earlier.
    pub fn plus_days(self, days: i64) -> Option<Self> {
        Self::numbered(self.number().checked_add(days)?)
    }

    /// Days from this one to another; negative where that was before.
    pub fn days_until(self, other: Self) -> i64 {
        other.number() - self.number()
    }

    /// Days since the first of January of year 0.
    fn number(self) -> i64 {
        days_before_year(self.year())
            + (1..self.month()).map(|month| days_in_month(self.year(), month)).sum::<i64>()
            + self.day()
            - 1
    }

    fn numbered(number: i64) -> Option<Self> {
        if number < 0 {
            return None;
        }
        // A mean year is shorter than the leap year that each cycle begins with, so that may be the year after or before.
        let mut year = number.checked_mul(400)? / CYCLE;
        if days_before_year(year) > number {
            year -= 1;
        }
        let mut rest = number - days_before_year(year);
        let mut month = 1;
        while month < 12 && rest >= days_in_month(year, month) {
            rest -= days_in_month(year, month);
            month += 1;
        }
        match rest < days_in_month(year, month) {
            true => Self::new(year, month, rest + 1),
            false => Self::new(year + 1, 1, 1),
        }
    }
}

/// Days of all years before one.
fn days_before_year(year: i64) -> i64 {
    if year == 0 {
        return 0;
    }
    let before = year - 1;
    year * 365 + before / 4 - before / 100 + before / 400 + 1
}

fn days_in_month(year: i64, month: i64) -> i64 {
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

impl FromStr for Date {
    type Err = NotADate;

    /// Reads `2027-02-10`, and no other way to write it.
    fn from_str(text: &str) -> Result<Self, NotADate> {
        let number = |text: &str, length: usize| {
            let plain = text.len() == length && text.bytes().all(|byte| byte.is_ascii_digit());
            text.parse().ok().filter(|_| plain)
        };
        let read = || {
            let (year, rest) = text.split_once('-')?;
            let (month, day) = rest.split_once('-')?;
            Self::new(number(year, 4)?, number(month, 2)?, number(day, 2)?)
        };
        read().ok_or(NotADate)
    }
}

/// As ISO 8601 writes it.
impl fmt::Display for Date {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_count_up_through_all_years() {
        let (mut date, last) = (Date::new(0, 1, 1).expect("a day"), "9999-12-31".parse());
        let mut number = 0;
        while Ok(date) != last {
            let next = date.plus_days(1).expect("not the last day");
            let follows = match (next.day(), next.month()) {
                (1, 1) => next.year() == date.year() + 1 && (date.month(), date.day()) == (12, 31),
                (1, month) => month == date.month() + 1 && date.day() >= 28,
                (day, _) => day == date.day() + 1 && next.first_of_month() == date.first_of_month(),
            };
            assert!(follows, "{next} does not come after {date}");
            (date, number) = (next, number + 1);
            assert_eq!(date.number(), number);
        }
        assert_eq!(number, 25 * CYCLE - 1);
        assert_eq!(date.plus_days(1), None);
        assert_eq!(date.plus_days(-number).and_then(|first| first.plus_days(-1)), None);
        assert_eq!(date.plus_days(i64::MAX), None);
    }

    #[test]
    fn leap_days_and_weekdays_are_known() {
        let date = |text: &str| text.parse::<Date>();
        assert!(date("2024-02-29").is_ok() && date("2000-02-29").is_ok());
        assert!(date("2023-02-29").is_err() && date("1900-02-29").is_err());
        for text in ["", "2027", "2027-1-01", "2027-01-1", "2027-13-01", "2027-00-01", "+027-01-01"]
        {
            assert_eq!(date(text), Err(NotADate), "{text}");
        }
        let weekday = |text: &str| date(text).map(Date::weekday);
        assert_eq!((weekday("2027-01-04"), weekday("2026-11-22")), (Ok(0), Ok(6)));
        assert_eq!((weekday("2000-01-01"), weekday("1970-01-01")), (Ok(5), Ok(3)));
    }

    #[test]
    fn months_after_a_date_begin_on_their_first() {
        let date: Date = "2027-11-20".parse().expect("a day");
        assert_eq!(date.month_after(0).map(|first| first.to_string()), Some("2027-11-01".into()));
        assert_eq!(date.month_after(14).map(|first| first.to_string()), Some("2029-01-01".into()));
        assert_eq!(date.month_after(u32::MAX), None);
        assert_eq!(date.days_until("2028-11-20".parse().expect("a day")), 366);
        assert_eq!(date.month_name(), "Nov");
    }
}
