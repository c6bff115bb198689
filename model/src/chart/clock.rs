//! Moments as people write them, and where a time axis has its ticks. Days count from 1, as in a scenario.

use serde::{Deserialize, Serialize};

use super::text;
use crate::calendar::Date;
use crate::units::{Hours, separated};

/// How moments are written: as dates where the first day is known, else as days since the start.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Clock {
    /// The day that begins at hour zero.
    #[serde(with = "iso")]
    pub start: Option<Date>,
}

/// A date as ISO 8601 writes it.
mod iso {
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    use crate::calendar::Date;

    pub fn serialize<S: Serializer>(date: &Option<Date>, to: S) -> Result<S::Ok, S::Error> {
        match date {
            Some(date) => to.serialize_some(&date.to_string()),
            None => to.serialize_none(),
        }
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Date>, D::Error> {
        let text = Option::<String>::deserialize(from)?;
        text.map(|text| text.parse().map_err(|_| D::Error::custom("it is no day of the calendar")))
            .transpose()
    }
}

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// Distances of ticks within a day, in seconds.
const WITHIN_DAY: [i64; 17] = [
    1,
    2,
    5,
    10,
    15,
    30,
    MINUTE,
    2 * MINUTE,
    5 * MINUTE,
    10 * MINUTE,
    15 * MINUTE,
    30 * MINUTE,
    HOUR,
    2 * HOUR,
    3 * HOUR,
    6 * HOUR,
    12 * HOUR,
];

/// Spans from here on are told in days.
const LONG: i64 = 3 * DAY;

/// More ticks than this are never readable.
const TICKS_MAX: i64 = 60;

/// Free space between two labels, in font sizes.
const GAP: f64 = 2.0;

impl Clock {
    /// A moment to the minute: `day 40 18:00`, `3 Jan 2027`.
    pub fn moment(self, at: Hours) -> String {
        let second = libm::round(at.as_hours() * 60.0) as i64 * MINUTE;
        let day = match self.date(second.div_euclid(DAY)) {
            Some(date) => day_of_year(date),
            None => numbered(second.div_euclid(DAY)),
        };
        match second.rem_euclid(DAY) {
            0 => day,
            within => format!("{day} {}", time_of_day(within)),
        }
    }

    fn date(self, day: i64) -> Option<Date> {
        self.start?.plus_days(day)
    }

    /// Ticks from one hour to another, as dense as the room allows.
    pub(super) fn ticks(self, (from, to): (f64, f64), size: f64, room: f64) -> Vec<(f64, String)> {
        let span = (libm::ceil(from * 3600.0) as i64, libm::floor(to * 3600.0) as i64);
        let clock = match (self.date(span.0.div_euclid(DAY)), self.date(span.1.div_euclid(DAY))) {
            (Some(_), Some(_)) => self,
            _ => Self { start: None },
        };
        let fits = |ticks: &Vec<(f64, String)>| {
            ticks.windows(2).all(|pair| {
                let widths: f64 = pair.iter().map(|(_, label)| text::width(label, size)).sum();
                let apart = (pair[1].0 - pair[0].0) / (to - from) * room;
                widths / 2.0 + GAP * size <= apart
            })
        };
        let within = WITHIN_DAY.into_iter().filter(|_| span.1 - span.0 < LONG);
        let within = within.filter_map(|step| clock.within_day(span, step));
        let longer: Box<dyn Iterator<Item = _>> = match clock.start {
            Some(start) => Box::new(clock.dated(span, start)),
            None => Box::new(numbered_days(span)),
        };
        within.chain(longer).find(fits).unwrap_or_default()
    }

    fn within_day(self, span: (i64, i64), step: i64) -> Option<Vec<(f64, String)>> {
        let mut ticks = Vec::new();
        for second in multiples(span, step)? {
            let (day, within) = (second.div_euclid(DAY), second.rem_euclid(DAY));
            let day = match self.date(day) {
                Some(date) => day_of_month(date),
                None => numbered(day),
            };
            let label = match (within, ticks.is_empty()) {
                (0, _) => day,
                (within, true) => format!("{day} {}", time_of_day(within)),
                (within, false) => time_of_day(within),
            };
            ticks.push((second as f64 / 3600.0, label));
        }
        Some(ticks)
    }

    /// A span in at most so many equal parts, or calendar months or years: what one is called, and where each begins
    /// with what stands there. The first begins where the span does.
    pub(super) fn parts(self, (from, to): (f64, f64), most: usize) -> (String, Vec<(f64, String)>) {
        let span = (libm::ceil(from * 3600.0) as i64, libm::floor(to * 3600.0) as i64);
        let moment = |second: i64| {
            let at = second as f64 / 3600.0;
            (at, self.moment(Hours::new(at)))
        };
        let equal = |(step, name): (i64, &str)| {
            let starts: Vec<_> = multiples(span, step)?.map(moment).collect();
            Some((name.to_owned(), starts))
        };
        let within = [
            (MINUTE, "minute"),
            (5 * MINUTE, "5 minutes"),
            (15 * MINUTE, "15 minutes"),
            (HOUR, "hour"),
            (3 * HOUR, "3 hours"),
            (6 * HOUR, "6 hours"),
            (DAY, "day"),
        ];
        let within = within.into_iter().filter_map(equal);
        let longer: Box<dyn Iterator<Item = (String, Vec<_>)>> = match self.start {
            Some(start) => {
                let weeks = (span.1 - span.0 <= 26 * 7 * DAY).then_some((7 * DAY, "week"));
                let months = move |(step, name): (i64, &str)| {
                    Some((name.to_owned(), firsts(span, start, step)?))
                };
                let calendar = [(1, "month"), (3, "quarter"), (12, "year"), (120, "decade")];
                let calendar = calendar.into_iter().filter_map(months);
                Box::new(weeks.into_iter().filter_map(equal).chain(calendar))
            }
            None => Box::new(decimal_steps().skip(1).filter_map(move |days| {
                let starts = multiples(span, days.checked_mul(DAY)?)?.map(moment).collect();
                Some((format!("{} days", separated(&days.to_string())), starts))
            })),
        };
        let few = |(_, starts): &(String, Vec<_>)| starts.len() < most;
        let (name, mut starts) = within.chain(longer).find(few).unwrap_or_default();
        if starts.first().is_none_or(|(first, _)| *first > from) {
            starts.insert(0, (from, self.moment(Hours::new(from))));
        }
        starts.retain(|(at, _)| *at < to);
        (name, starts)
    }

    /// Every so many days, then on the first of every so many months, then of years.
    fn dated(self, span: (i64, i64), start: Date) -> impl Iterator<Item = Vec<(f64, String)>> {
        let days = [1, 2, 7, 14].into_iter().filter_map(move |step| {
            let mut year = None;
            let label = |second: i64| {
                let date = self.date(second / DAY)?;
                let label = match year.replace(date.year()) {
                    Some(before) if before == date.year() => day_of_month(date),
                    _ => day_of_year(date),
                };
                Some((second as f64 / 3600.0, label))
            };
            Some(multiples(span, step * DAY)?.filter_map(label).collect())
        });
        let months = [1, 2, 3, 6].into_iter();
        let months = months.filter_map(move |step| firsts(span, start, step)).map(shorter);
        let years = decimal_steps().take(4);
        days.chain(months).chain(years.filter_map(move |step| firsts(span, start, 12 * step)))
    }
}

/// The first days of every so many months: `Jan 2027`, or `2027` where only years are told.
fn firsts(span: (i64, i64), start: Date, step: i64) -> Option<Vec<(f64, String)>> {
    if (span.1 - span.0) / (28 * DAY) / step > TICKS_MAX {
        return None;
    }
    let first = start.plus_days(span.0.div_euclid(DAY))?;
    let months = first.year() * 12 + first.month() - 1;
    let mut month = months.div_euclid(step) * step;
    let mut ticks = Vec::new();
    loop {
        let (year, number) = (month.div_euclid(12), month.rem_euclid(12) + 1);
        let Some(date) = Date::new(year, number, 1) else { return Some(ticks) };
        let second = start.days_until(date) * DAY;
        if second > span.1 {
            return Some(ticks);
        }
        if second >= span.0 {
            let label = match step % 12 {
                0 => format!("{:04}", date.year()),
                _ => format!("{} {:04}", date.month_name(), date.year()),
            };
            ticks.push((second as f64 / 3600.0, label));
        }
        month += step;
    }
}

/// Months that say a year only where it is another than before.
fn shorter(mut ticks: Vec<(f64, String)>) -> Vec<(f64, String)> {
    let mut before = String::new();
    for (_, label) in &mut ticks {
        let Some((month, year)) = label.split_once(' ') else { continue };
        if year == before {
            *label = month.to_owned();
        } else {
            before = year.to_owned();
        }
    }
    ticks
}

fn numbered_days((from, to): (i64, i64)) -> impl Iterator<Item = Vec<(f64, String)>> {
    decimal_steps().take(30).filter_map(move |step| {
        // Day 50 begins after 49 days.
        let label = |second: i64| {
            let start = second - DAY;
            (start as f64 / 3600.0, numbered(start.div_euclid(DAY)))
        };
        Some(multiples((from + DAY, to + DAY), step * DAY)?.map(label).collect())
    })
}

/// 1, 2, 5, 10, 20, …
fn decimal_steps() -> impl Iterator<Item = i64> {
    let powers = std::iter::successors(Some(1_i64), |power| power.checked_mul(10));
    powers.flat_map(|power| [1, 2, 5].map(|digit| digit * power)).take(45)
}

fn multiples((from, to): (i64, i64), step: i64) -> Option<impl Iterator<Item = i64>> {
    let (first, last) = (-(-from).div_euclid(step), to.div_euclid(step));
    (last - first <= TICKS_MAX).then(|| (first..=last).map(move |index| index * step))
}

/// A day by how many are before it.
fn numbered(day: i64) -> String {
    format!("day {}", separated(&(day + 1).to_string()))
}

/// `3 Jan`
fn day_of_month(date: Date) -> String {
    format!("{} {}", date.day(), date.month_name())
}

/// `3 Jan 2027`
fn day_of_year(date: Date) -> String {
    format!("{} {:04}", day_of_month(date), date.year())
}

fn time_of_day(second: i64) -> String {
    let (hour, minute) = (second / HOUR, second % HOUR / MINUTE);
    match second % MINUTE {
        0 => format!("{hour:02}:{minute:02}"),
        second => format!("{hour:02}:{minute:02}:{second:02}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAYS: Clock = Clock { start: None };

    fn dates() -> Clock {
        Clock { start: Date::new(2026, 11, 20) }
    }

    #[track_caller]
    fn check(clock: Clock, from: f64, to: f64, expected: &str) {
        let ticks = clock.ticks((from, to), 11.0, 600.0);
        assert!(ticks.iter().all(|(at, _)| (from..=to).contains(at)), "{ticks:?}");
        let labels: Vec<_> = ticks.into_iter().map(|(_, label)| label).collect();
        assert_eq!(labels.join(" | "), expected);
    }

    #[test]
    fn days_are_counted_where_no_date_is_known() {
        check(DAYS, 0.0, 336.0, "day 2 | day 4 | day 6 | day 8 | day 10 | day 12 | day 14");
        check(
            DAYS,
            0.0,
            8760.0,
            "day 50 | day 100 | day 150 | day 200 | day 250 | day 300 | day 350",
        );
        check(
            DAYS,
            960.0,
            1008.0,
            "day 41 | 06:00 | 12:00 | 18:00 | day 42 | 06:00 | 12:00 | 18:00 | day 43",
        );
        check(DAYS, 978.0, 982.0, "day 41 18:00 | 19:00 | 20:00 | 21:00 | 22:00");
        check(
            DAYS,
            0.0,
            0.01,
            "day 1 | 00:00:05 | 00:00:10 | 00:00:15 | 00:00:20 | 00:00:25 | 00:00:30 | 00:00:35",
        );
    }

    #[test]
    fn dates_are_told_where_the_first_is_known() {
        check(dates(), 0.0, 72.0, "20 Nov 2026 | 21 Nov | 22 Nov | 23 Nov");
        check(
            dates(),
            0.0,
            336.0,
            "20 Nov 2026 | 22 Nov | 24 Nov | 26 Nov | 28 Nov | 30 Nov | 2 Dec | 4 Dec",
        );
        check(dates(), 0.0, 8760.0, "Jan 2027 | Mar | May | Jul | Sep | Nov");
        check(dates(), 0.0, 3.0 * 8760.0, "Jan 2027 | Jul | Jan 2028 | Jul | Jan 2029 | Jul");
        check(
            dates(),
            0.0,
            20.0 * 8760.0,
            "2028 | 2030 | 2032 | 2034 | 2036 | 2038 | 2040 | 2042 | 2044 | 2046",
        );
        check(dates(), 18.0, 22.0, "20 Nov 18:00 | 19:00 | 20:00 | 21:00 | 22:00");
        check(
            dates(),
            0.0,
            1e9,
            "day 10,000,000 | day 20,000,000 | day 30,000,000 | day 40,000,000",
        );
    }

    #[test]
    fn a_span_is_told_in_parts() {
        let check = |clock: Clock, from, to, expected: &str| {
            let (name, starts) = clock.parts((from, to), 60);
            let ends = [starts.first(), starts.last()].map(|start| start.unwrap().1.clone());
            assert_eq!(format!("{} {name}: {} to {}", starts.len(), ends[0], ends[1]), expected);
        };
        check(DAYS, 0.0, 336.0, "56 6 hours: day 1 to day 14 18:00");
        check(DAYS, 0.0, 8760.0, "37 10 days: day 1 to day 361");
        check(dates(), 0.5, 1.5, "12 5 minutes: 20 Nov 2026 00:30 to 20 Nov 2026 01:25");
        check(dates(), 0.0, 40.0 * 24.0, "40 day: 20 Nov 2026 to 29 Dec 2026");
        check(dates(), 0.0, 8760.0, "13 month: 20 Nov 2026 to Nov 2027");
        check(dates(), 0.0, 20.0 * 8760.0, "21 year: 20 Nov 2026 to 2046");
        check(dates(), 0.0, 1e9, "1 : 20 Nov 2026 to 20 Nov 2026");
    }

    #[test]
    fn a_moment_is_told_to_the_minute() {
        assert_eq!(DAYS.moment(Hours::new(978.0)), "day 41 18:00");
        assert_eq!(DAYS.moment(Hours::new(960.0)), "day 41");
        assert_eq!(dates().moment(Hours::new(30.5)), "21 Nov 2026 06:30");
        assert_eq!(dates().moment(Hours::new(1e9)), "day 41,666,667 16:00");
    }
}
