//! Physical quantities: one newtype for each dimension, with only the operators that mean something.
//!
//! Binary and decimal multiples never mix by accident: a constructor or accessor always says which it means
//! (`gib` is 2³⁰ bytes, `gb` is 10⁹).

use std::fmt;
use std::iter::Sum;
use std::ops::{Add, AddAssign, Div, Mul, Sub};

use serde::{Serialize, Serializer};

/// Exact counts and divisions may exceed a whole number by a rounding error of floats.
pub(crate) const ROUNDING: f64 = 1e-9;

/// Bytes in one KiB.
pub const KIB: f64 = 1024.0;
/// Bytes in one MiB.
pub const MIB: f64 = 1024.0 * KIB;
/// Bytes in one GiB.
pub const GIB: f64 = 1024.0 * MIB;
/// Bytes in one TiB.
pub const TIB: f64 = 1024.0 * GIB;
/// Bytes in one MB.
pub const MB: f64 = 1e6;
/// Bytes in one GB.
pub const GB: f64 = 1e9;
/// Seconds in one hour.
pub const SECONDS_PER_HOUR: f64 = 3600.0;

/// A dimension: what a [`Quantity`](crate::quantity) is parsed into and shown from.
pub trait Dimension: Copy + PartialOrd {
    /// What people call it: `an amount of data`.
    const NAME: &'static str;
    /// Accepted spellings, each with its size in the base unit; the first is the one to suggest.
    const UNITS: &'static [(&'static str, f64)];
    /// From the base unit.
    fn from_base(base: f64) -> Self;
    /// In the base unit.
    fn base(self) -> f64;
}

macro_rules! dimension {
    ($(#[$doc:meta])* $name:ident, $what:literal, [$(($unit:literal, $size:expr)),* $(,)?]) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, PartialOrd)]
        pub struct $name(f64);

        impl $name {
            /// None of it.
            pub const ZERO: Self = Self(0.0);

            /// The larger of the two.
            pub fn max(self, other: Self) -> Self {
                Self(self.0.max(other.0))
            }

            /// The smaller of the two.
            pub fn min(self, other: Self) -> Self {
                Self(self.0.min(other.0))
            }
        }

        impl Dimension for $name {
            const NAME: &'static str = $what;
            const UNITS: &'static [(&'static str, f64)] = &[$(($unit, $size)),*];
            fn from_base(base: f64) -> Self {
                Self(base)
            }
            fn base(self) -> f64 {
                self.0
            }
        }

        impl Add for $name {
            type Output = Self;
            fn add(self, other: Self) -> Self {
                Self(self.0 + other.0)
            }
        }

        impl AddAssign for $name {
            fn add_assign(&mut self, other: Self) {
                self.0 += other.0;
            }
        }

        impl Sub for $name {
            type Output = Self;
            fn sub(self, other: Self) -> Self {
                Self(self.0 - other.0)
            }
        }

        impl Mul<f64> for $name {
            type Output = Self;
            fn mul(self, factor: f64) -> Self {
                Self(self.0 * factor)
            }
        }

        impl Div<f64> for $name {
            type Output = Self;
            fn div(self, divisor: f64) -> Self {
                Self(self.0 / divisor)
            }
        }

        /// How many times the one holds the other: a plain ratio.
        impl Div for $name {
            type Output = f64;
            fn div(self, other: Self) -> f64 {
                self.0 / other.0
            }
        }

        impl Sum for $name {
            fn sum<I: Iterator<Item = Self>>(values: I) -> Self {
                // An empty sum of floats is −0.0, which nobody wants to read.
                Self(values.fold(0.0, |sum, value| sum + value.0))
            }
        }
    };
}

dimension!(
    /// An amount of data, in bytes.
    ///
    /// ```
    /// # use model::units::Bytes;
    /// assert_eq!(Bytes::from_gib(1.0).as_mib(), 1024.0);
    /// assert_eq!(Bytes::from_gb(1.0).base_bytes(), 1e9);
    /// ```
    Bytes, "an amount of data",
    [("B", 1.0), ("KiB", KIB), ("MiB", MIB), ("GiB", GIB), ("TiB", TIB), ("PiB", 1024.0 * TIB),
     ("kB", 1e3), ("KB", 1e3), ("MB", MB), ("GB", GB), ("TB", 1e12), ("PB", 1e15)]
);

dimension!(
    /// A sustained rate of data, in bytes per second.
    ///
    /// ```
    /// # use model::units::{ByteRate, Hours};
    /// let produced = ByteRate::from_mib_per_sec(1.0) * Hours::new(1.0);
    /// assert_eq!(produced.as_gib(), 3.515625);
    /// ```
    ByteRate, "a rate of data",
    [("MiB/s", MIB), ("B/s", 1.0), ("KiB/s", KIB), ("GiB/s", GIB), ("TiB/s", TIB),
     ("kB/s", 1e3), ("KB/s", 1e3), ("MB/s", MB), ("GB/s", GB),
     ("Mbps", 1e6 / 8.0), ("Gbps", 1e9 / 8.0), ("Mbit/s", 1e6 / 8.0), ("Gbit/s", 1e9 / 8.0)]
);

dimension!(
    /// A span of time, in hours.
    Hours, "a length of time",
    [("h", 1.0), ("ms", 1.0 / 3_600_000.0), ("s", 1.0 / SECONDS_PER_HOUR), ("sec", 1.0 / SECONDS_PER_HOUR),
     ("min", 1.0 / 60.0), ("hour", 1.0), ("hours", 1.0), ("d", 24.0), ("day", 24.0), ("days", 24.0),
     ("w", 168.0), ("week", 168.0), ("weeks", 168.0), ("month", 730.0), ("months", 730.0),
     ("y", 8760.0), ("year", 8760.0), ("years", 8760.0)]
);

dimension!(
    /// How often something happens, per second: records, requests, connections.
    Frequency, "a number per second",
    [("/s", 1.0), ("/sec", 1.0), ("per second", 1.0), ("/min", 1.0 / 60.0), ("/h", 1.0 / SECONDS_PER_HOUR),
     ("/d", 1.0 / 86_400.0), ("k/s", 1e3), ("M/s", 1e6)]
);

impl Bytes {
    /// From bytes.
    pub const fn new(bytes: f64) -> Self {
        Self(bytes)
    }
    /// From GiB (2³⁰ bytes).
    pub fn from_gib(gib: f64) -> Self {
        Self(gib * GIB)
    }
    /// From MiB (2²⁰ bytes).
    pub fn from_mib(mib: f64) -> Self {
        Self(mib * MIB)
    }
    /// From GB (10⁹ bytes).
    pub fn from_gb(gb: f64) -> Self {
        Self(gb * GB)
    }
    /// In bytes.
    pub fn base_bytes(self) -> f64 {
        self.0
    }
    /// In GiB (2³⁰ bytes).
    pub fn as_gib(self) -> f64 {
        self.0 / GIB
    }
    /// In MiB (2²⁰ bytes).
    pub fn as_mib(self) -> f64 {
        self.0 / MIB
    }
}

impl ByteRate {
    /// From bytes per second.
    pub const fn new(bytes_per_sec: f64) -> Self {
        Self(bytes_per_sec)
    }
    /// From MiB (2²⁰ bytes) per second.
    pub fn from_mib_per_sec(mib: f64) -> Self {
        Self(mib * MIB)
    }
    /// From MB (10⁶ bytes) per second.
    pub fn from_mb_per_sec(mb: f64) -> Self {
        Self(mb * MB)
    }
    /// From gigabits (10⁹ bits) per second, as networks are sold.
    pub fn from_gbps(gbps: f64) -> Self {
        Self(gbps * 1e9 / 8.0)
    }
    /// In MiB (2²⁰ bytes) per second.
    pub fn as_mib_per_sec(self) -> f64 {
        self.0 / MIB
    }
    /// In MB (10⁶ bytes) per second.
    pub fn as_mb_per_sec(self) -> f64 {
        self.0 / MB
    }
}

impl Hours {
    /// From hours.
    pub const fn new(hours: f64) -> Self {
        Self(hours)
    }
    /// From seconds.
    pub fn from_secs(seconds: f64) -> Self {
        Self(seconds / SECONDS_PER_HOUR)
    }
    /// From days of 24 hours.
    pub fn from_days(days: f64) -> Self {
        Self(days * 24.0)
    }
    /// In hours.
    pub fn as_hours(self) -> f64 {
        self.0
    }
    /// In days of 24 hours.
    pub fn as_days(self) -> f64 {
        self.0 / 24.0
    }
    /// In seconds.
    pub fn as_secs(self) -> f64 {
        self.0 * SECONDS_PER_HOUR
    }
    /// In milliseconds.
    pub fn as_millis(self) -> f64 {
        self.0 * SECONDS_PER_HOUR * 1e3
    }
}

impl Frequency {
    /// From a number per second.
    pub const fn new(per_sec: f64) -> Self {
        Self(per_sec)
    }
    /// Per second.
    pub fn per_sec(self) -> f64 {
        self.0
    }
    /// How many there are in a span.
    pub fn count_in(self, span: Hours) -> f64 {
        self.0 * span.as_secs()
    }
}

/// To three digits, as people say it.
fn three_digits(value: f64) -> f64 {
    if value == 0.0 || !value.is_finite() {
        return value;
    }
    let digits = libm::pow(10.0, 2.0 - libm::floor(libm::log10(value.abs())));
    (value * digits).round() / digits
}

impl Bytes {
    /// To three digits of the unit that it is shown in.
    pub fn rounded(self) -> Self {
        let (scaled, _) = binary(self.0);
        let unit = if scaled == 0.0 { 1.0 } else { self.0 / scaled };
        let digits = if scaled.abs() >= 1000.0 { scaled.round() } else { three_digits(scaled) };
        Self(digits * unit)
    }
}

impl Hours {
    /// To three digits of the unit that it is shown in.
    pub fn rounded(self) -> Self {
        let seconds = self.as_secs();
        let unit = match seconds.abs() {
            s if s < 0.9995 => 1e-3,
            s if s < 60.0 => 1.0,
            s if s < SECONDS_PER_HOUR => 60.0,
            s if s < 2.0 * 86_400.0 => SECONDS_PER_HOUR,
            _ => 86_400.0,
        };
        Self::from_secs(three_digits(seconds / unit) * unit)
    }
}

/// A rate held for a while is an amount of data.
impl Mul<Hours> for ByteRate {
    type Output = Bytes;
    fn mul(self, span: Hours) -> Bytes {
        Bytes(self.0 * span.0 * SECONDS_PER_HOUR)
    }
}

/// Data over a span is a rate.
impl Div<Hours> for Bytes {
    type Output = ByteRate;
    fn div(self, span: Hours) -> ByteRate {
        ByteRate(self.0 / (span.0 * SECONDS_PER_HOUR))
    }
}

/// Data at a rate takes a while.
impl Div<ByteRate> for Bytes {
    type Output = Hours;
    fn div(self, rate: ByteRate) -> Hours {
        Hours::from_secs(self.0 / rate.0)
    }
}

/// So many of a size each second is a rate of data.
impl Mul<Bytes> for Frequency {
    type Output = ByteRate;
    fn mul(self, size: Bytes) -> ByteRate {
        ByteRate(self.0 * size.0)
    }
}

/// Shown with a binary unit that keeps the number readable: `56.25 GiB`.
impl fmt::Display for Bytes {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (scaled, unit) = binary(self.0);
        write!(out, "{} {unit}", grouped(scaled))
    }
}

/// Shown with a binary unit that keeps the number readable: `100 MiB/s`.
impl fmt::Display for ByteRate {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (scaled, unit) = binary(self.0);
        write!(out, "{} {unit}/s", grouped(scaled))
    }
}

/// Shown in the largest unit that holds it at least once: `15 min`, `7 d`.
impl fmt::Display for Hours {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = self.as_secs();
        let (scaled, unit) = match seconds.abs() {
            0.0 => (0.0, "s"),
            s if s < 0.9995 => (seconds * 1e3, "ms"),
            s if s < 60.0 => (seconds, "s"),
            s if s < SECONDS_PER_HOUR => (seconds / 60.0, "min"),
            s if s < 2.0 * 86_400.0 => (seconds / SECONDS_PER_HOUR, "h"),
            _ => (seconds / 86_400.0, "d"),
        };
        write!(out, "{} {unit}", grouped(scaled))
    }
}

/// Shown per second: `5,556 /s`.
impl fmt::Display for Frequency {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} /s", grouped(self.0))
    }
}

macro_rules! serialize_as {
    ($($name:ident => $accessor:ident),* $(,)?) => {$(
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_f64(self.$accessor())
            }
        }
    )*};
}

// In output, keys end in the unit: `_gib`, `_mib_per_sec`, `_hours`, `_per_sec`.
serialize_as!(Bytes => as_gib, ByteRate => as_mib_per_sec, Hours => as_hours, Frequency => per_sec);

fn binary(bytes: f64) -> (f64, &'static str) {
    match bytes.abs() {
        b if b < KIB => (bytes, "B"),
        b if b < MIB => (bytes / KIB, "KiB"),
        b if b < GIB => (bytes / MIB, "MiB"),
        // Prices are per GiB, so a plan is easiest to follow when sizes stay in GiB.
        b if b < 1024.0 * TIB => (bytes / GIB, "GiB"),
        _ => (bytes / TIB, "TiB"),
    }
}

/// A number with thousands separated and as many decimals as help: at most two, fewer for large ones.
///
/// ```
/// # use model::units::grouped;
/// assert_eq!(grouped(177187.5), "177,187.5");
/// assert_eq!(grouped(0.3333), "0.333");
/// assert_eq!(grouped(100.0), "100");
/// ```
pub fn grouped(value: f64) -> String {
    let decimals = match value.abs() {
        v if v < 1.0 => 3,
        v if v < 1000.0 => 2,
        _ => 1,
    };
    let text = format!("{value:.decimals$}");
    let text = if text.contains('.') {
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    } else {
        text
    };
    separated(&text)
}

/// Puts a comma between thousands of a plain decimal number.
pub fn separated(number: &str) -> String {
    let (sign, rest) = number.strip_prefix('-').map_or(("", number), |rest| ("-", rest));
    let (whole, fraction) = rest.split_once('.').map_or((rest, None), |(w, f)| (w, Some(f)));
    let mut text = String::from(sign);
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    if let Some(fraction) = fraction {
        text.push('.');
        text.push_str(fraction);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn binary_and_decimal_multiples_stay_apart() {
        assert_eq!(ByteRate::from_mb_per_sec(125.0).as_mib_per_sec(), 125e6 / MIB);
        assert_eq!(ByteRate::from_gbps(1.0).as_mb_per_sec(), 125.0);
        assert_eq!(Bytes::from_gib(1.0) / Bytes::from_gb(1.0), 1.073741824);
    }

    #[test]
    fn a_rate_held_for_a_month_is_an_amount() {
        let month = ByteRate::from_mib_per_sec(1.0) * Hours::new(730.0);
        assert!((month.as_gib() - 2566.40625).abs() < 1e-9);
    }

    #[test]
    fn people_read_rounded_numbers() {
        assert_eq!(Bytes::from_gib(177_187.5).to_string(), "177,187.5 GiB");
        assert_eq!(Hours::new(0.25).to_string(), "15 min");
        assert_eq!(Hours::from_days(7.0).to_string(), "7 d");
        assert_eq!(Hours::from_secs(0.25).to_string(), "250 ms");
        assert_eq!(grouped(-1234567.0), "-1,234,567");
    }

    #[test]
    fn every_size_has_the_unit_that_keeps_it_readable() {
        for (hours, text) in [
            (Hours::ZERO, "0 s"),
            (Hours::from_secs(0.999), "999 ms"),
            (Hours::from_secs(0.9995), "1 s"),
            (Hours::from_secs(59.0), "59 s"),
            (Hours::from_secs(60.0), "1 min"),
            (Hours::from_secs(3599.0), "59.98 min"),
            (Hours::new(1.0), "1 h"),
            (Hours::new(47.5), "47.5 h"),
            (Hours::new(48.0), "2 d"),
            (Hours::from_secs(-90.0), "-1.5 min"),
        ] {
            assert_eq!(hours.to_string(), text);
        }
        for (bytes, text) in [
            (1023.0, "1,023 B"),
            (KIB, "1 KiB"),
            (MIB - KIB, "1,023 KiB"),
            (MIB, "1 MiB"),
            (GIB - MIB, "1,023 MiB"),
            (GIB, "1 GiB"),
            (1024.0 * TIB - GIB, "1,048,575 GiB"),
            (1024.0 * TIB, "1,024 TiB"),
        ] {
            assert_eq!(Bytes::new(bytes).to_string(), text);
        }
        for (number, text) in [
            (0.12345, "0.123"),
            (1.0004, "1"),
            (1.126, "1.13"),
            (999.126, "999.13"),
            (1000.06, "1,000.1"),
        ] {
            assert_eq!(grouped(number), text);
        }
    }
}
