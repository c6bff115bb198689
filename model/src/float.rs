//! Decimal numbers as the nearest floats, without the standard library's table of powers of five: the page would carry
//! 12 kB for it that no host can compress.
//!
//! Most numbers are short, and one exact multiplication or division away from their float. The others are worked out in
//! whole numbers of any length, which rounds once.

/// Whole numbers up to here are floats.
const WHOLE_MAX: u64 = 1 << f64::MANTISSA_DIGITS;

/// Powers of ten up to this one are floats.
const EXACT_POWER: u64 = 22;

/// Digits that are looked at one by one; what follows them says no more than whether a number is above a middle between
/// two floats, and no such middle has more than 767 digits.
const DIGITS_MAX: usize = 800;

/// Numbers of more digits before the point than this are beyond all floats.
const POWER_MAX: i64 = 310;

/// Numbers with more zeros behind the point than this are nearer to nothing than to any float.
const POWER_MIN: i64 = -330;

/// The exponent of two of a quarter of the smallest float: what is rounded there once cannot be rounded wrongly again.
const SMALLEST: i32 = -1076;

/// The float nearest to a decimal number, as the standard library finds it; `None` for everything else, and for its
/// words for what is not finite.
///
/// ```
/// # use model::float;
/// assert_eq!(float::parse("0.1"), Some(0.1));
/// assert_eq!(float::parse("-25e-1"), Some(-2.5));
/// assert_eq!(float::parse("1e999"), Some(f64::INFINITY));
/// assert_eq!(float::parse("1,5"), None);
/// ```
pub fn parse(text: &str) -> Option<f64> {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let (number, power) = match unsigned.split_once(['e', 'E']) {
        Some((number, power)) => (number, exponent(power)?),
        None => (unsigned, 0),
    };
    let (whole, part) = number.split_once('.').unwrap_or((number, ""));
    let digits = || whole.bytes().chain(part.bytes());
    if !digits().all(|digit| digit.is_ascii_digit()) || digits().next().is_none() {
        return None;
    }
    let digits = digits().map(|digit| digit - b'0').skip_while(|digit| *digit == 0);
    let size = nearest(&digits.collect::<Vec<u8>>(), power.saturating_sub(part.len() as i64));
    Some(if text.starts_with('-') { -size } else { size })
}

/// A power of ten; one beyond all numbers is the last that can be written.
fn exponent(text: &str) -> Option<i64> {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|digit| digit.is_ascii_digit()) {
        return None;
    }
    let last = if text.starts_with('-') { i64::MIN } else { i64::MAX };
    Some(text.parse().unwrap_or(last))
}

/// The float nearest to a whole number of some digits, the first of which is not zero, times a power of ten.
fn nearest(digits: &[u8], power: i64) -> f64 {
    let magnitude = power.saturating_add(digits.len() as i64);
    if digits.is_empty() || magnitude < POWER_MIN {
        return 0.0;
    }
    if magnitude > POWER_MAX {
        return f64::INFINITY;
    }
    let short = digits.iter().try_fold(0_u64, |whole, digit| {
        Some(whole * 10 + u64::from(*digit)).filter(|whole| *whole <= WHOLE_MAX)
    });
    if let (Some(whole), true) = (short, power.unsigned_abs() <= EXACT_POWER) {
        let scale = (0..power.unsigned_abs()).fold(1.0, |scale, _| scale * 10.0);
        return if power < 0 { whole as f64 / scale } else { whole as f64 * scale };
    }
    let (looked_at, rest) = digits.split_at(digits.len().min(DIGITS_MAX));
    let mut number = Whole::default();
    for digit in looked_at {
        number.times_ten(u32::from(*digit));
    }
    number.inexact = rest.iter().any(|digit| *digit != 0);
    let power = power + rest.len() as i64;
    for _ in 0..power {
        number.times_ten(0);
    }
    number.over_tens(power.min(0).unsigned_abs() as usize)
}

/// A whole number of any length.
#[derive(Default)]
struct Whole {
    /// Digits to the base of 2³², the lowest first; the highest is not zero.
    digits: Vec<u32>,
    /// Whether there is a little more than that.
    inexact: bool,
}

impl Whole {
    fn times_ten(&mut self, plus: u32) {
        let mut carry = plus;
        for digit in &mut self.digits {
            let product = u64::from(*digit) * 10 + u64::from(carry);
            (*digit, carry) = (product as u32, (product >> u32::BITS) as u32);
        }
        if carry > 0 {
            self.digits.push(carry);
        }
    }

    /// The float nearest to the number over so many tens.
    fn over_tens(mut self, tens: usize) -> f64 {
        // A digit for every nine tens, which are less than 2³⁰, and enough to round.
        let zeros = tens / 9 + 4;
        self.digits.splice(0..0, vec![0; zeros]);
        for _ in 0..tens {
            let mut rest = 0;
            for digit in self.digits.iter_mut().rev() {
                let divided = rest << u32::BITS | u64::from(*digit);
                (*digit, rest) = ((divided / 10) as u32, divided % 10);
            }
            self.inexact |= rest != 0;
        }
        self.rounded(-(zeros as i32 * u32::BITS as i32))
    }

    /// The float nearest to the number times a power of two.
    fn rounded(&self, mut power: i32) -> f64 {
        let (mut top, mut inexact) = (0_u64, self.inexact);
        for digit in self.digits.iter().rev() {
            let free = top.leading_zeros().min(u32::BITS);
            let kept = u64::from(*digit) >> (u32::BITS - free);
            top = top << free | kept;
            inexact |= u64::from(*digit) != kept << (u32::BITS - free);
            power += (u32::BITS - free) as i32;
        }
        let lost = (SMALLEST - power).clamp(0, u64::BITS as i32 - 1) as u32;
        inexact |= top.trailing_zeros() < lost;
        // A last bit that says that there is more keeps a middle from being taken for one.
        let top = top >> lost | u64::from(inexact);
        libm::scalbn(top as f64, power + lost as i32)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn hard_numbers_are_read_as_the_standard_library_does() {
        let half = format!("{}", (f64::MAX / 2.0));
        let above_a_middle = format!("9007199254740993.{}1", "0".repeat(900));
        for text in [
            "0",
            "-0",
            "+0.0",
            ".5",
            "5.",
            "007",
            "1e22",
            "1e23",
            "9007199254740992",
            "9007199254740993",
            "9007199254740993.0000001",
            "0.1e-6",
            "123456789e-30",
            "2.2250738585072014e-308",
            "2.2250738585072011e-308",
            "5e-324",
            "2.5e-324",
            "2.4703282292062327e-324",
            "2.4703282292062328e-324",
            "7.4e-324",
            "1.7976931348623157e308",
            "1.7976931348623158e308",
            "1.7976931348623159e308",
            "1e310",
            "0e999999999999999999999",
            "1e-999999999999999999999",
            "1e999999999999999999999",
            "8.41e+21",
            "4503599627370496.5",
            "4503599627370497.5",
            &half,
            &above_a_middle,
        ] {
            same(text);
        }
    }

    #[test]
    fn what_is_no_number_is_refused() {
        for text in [
            "", "-", ".", "e5", "1e", "1e+", "1e5.0", "1,5", "0x1", " 1", "1_0", "--1", "+-1",
            "1e--5", "½",
        ] {
            assert_eq!(parse(text), None, "{text}");
            assert!(text.parse::<f64>().is_err(), "{text}");
        }
        for text in ["inf", "-Infinity", "NaN"] {
            assert_eq!(parse(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn every_float_is_read_as_it_is_written(bits in any::<u64>(), digits in 0..30_usize) {
            let float = f64::from_bits(bits);
            prop_assume!(float.is_finite());
            for text in [format!("{float}"), format!("{float:e}"), format!("{float:.digits$e}")] {
                same(&text);
            }
        }

        #[test]
        fn digits_are_read_as_the_standard_library_does(text in "[+-]?[0-9]{0,25}\\.?[0-9]{0,25}([eE][+-]?[0-9]{1,3})?") {
            same(&text);
        }
    }

    #[track_caller]
    fn same(text: &str) {
        let theirs = text.parse::<f64>().ok().map(f64::to_bits);
        assert_eq!(parse(text).map(f64::to_bits), theirs, "{text}");
    }
}
