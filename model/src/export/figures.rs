//! Numbers as people read them, in a terminal and on the page alike.

use super::audit;
use crate::bill::{Component, Driver};
use crate::money::{Usd, largest_remainder};
use crate::plan::{Course, Plan, Recovery};
use crate::simulate::findings::{Fact, Figure};
use crate::sizing::Resource;
use crate::units::{Bytes, Hours, grouped, separated};
use rust_decimal::Decimal;

/// Amounts in whole dollars or thousands that add up to their rounded total.
///
/// The last one is the total.
pub fn adding_up(amounts: &[Usd], scale: Scale) -> Vec<String> {
    let scaled: Vec<Usd> = amounts.iter().map(|amount| scale.of_dollars(*amount)).collect();
    let shown = largest_remainder(&scaled, 0);
    let total: Usd = shown.iter().copied().sum();
    shown.into_iter().chain([total]).map(whole).collect()
}

/// Rounds amounts so that they add up to a total that was rounded on its own way; a slip goes to the largest.
pub fn to_target(exact: &[Usd], target: Usd) -> Vec<Usd> {
    let mut shown = largest_remainder(exact, 0);
    let slip = target - shown.iter().copied().sum();
    let largest = (0..exact.len()).max_by_key(|&index| exact[index].dollars().abs());
    if let Some(largest) = largest {
        shown[largest] += slip;
    }
    shown
}

/// What an amount in a table counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scale {
    /// Dollars.
    Dollars,
    /// Thousands of dollars.
    Thousands,
    /// Millions of dollars.
    Millions,
}

impl Scale {
    /// That keeps a total readable in a narrow column.
    pub fn of(total: Usd) -> Self {
        let dollars = total.dollars().abs();
        if dollars < Decimal::from(10_000_000) {
            Self::Dollars
        } else if dollars < Decimal::from(10_000_000_000_i64) {
            Self::Thousands
        } else {
            Self::Millions
        }
    }

    /// An amount of dollars in this scale.
    pub fn of_dollars(self, amount: Usd) -> Usd {
        amount
            * match self {
                Self::Dollars => Decimal::ONE,
                Self::Thousands => Decimal::new(1, 3),
                Self::Millions => Decimal::new(1, 6),
            }
    }

    /// In words.
    pub fn name(self) -> &'static str {
        match self {
            Self::Dollars => "dollars",
            Self::Thousands => "thousands of dollars",
            Self::Millions => "millions of dollars",
        }
    }
}

/// What each part of a plan costs a month, rounded so that they add up to what is shown of the whole.
pub fn part_totals(plan: &Plan, scale: Scale) -> Vec<Usd> {
    let costs: Vec<Usd> =
        plan.parts.iter().map(|part| scale.of_dollars(part.monthly_cost())).collect();
    let sum = costs.iter().copied().sum();
    to_target(&costs, largest_remainder(&[sum], 0)[0])
}

/// The components that any plan pays for or lacks a price of, in the order of a bill.
pub fn components<'a>(plans: impl Iterator<Item = &'a Plan> + Clone) -> Vec<Component> {
    let used = |component: &Component| {
        let has =
            |plan: &Plan| plan.of_component(*component) != Usd::ZERO || plan.bill.lacks(*component);
        plans.clone().any(has)
    };
    Component::ALL.iter().copied().filter(used).collect()
}

/// What the costs of any plan grow with.
pub fn drivers<'a>(plans: impl Iterator<Item = &'a Plan> + Clone) -> Vec<Driver> {
    let used = |driver: &Driver| plans.clone().any(|plan| plan.of_driver(*driver) != Usd::ZERO);
    Driver::ALL.iter().copied().filter(used).collect()
}

/// An amount that was rounded to so many decimals, none or two: `$1,234`, `$1,234.56`.
pub fn dollars(amount: Usd, decimals: u32) -> String {
    let text = amount.to_string();
    if decimals == 0 { text.trim_end_matches(".00").to_owned() } else { text }
}

/// A rounded amount.
pub fn whole(amount: Usd) -> String {
    separated(&format!("{:.0}", amount.dollars()))
}

/// A difference, with its sign: `+1,234`, `−56`, `0`.
pub fn signed(number: &str) -> String {
    match number.strip_prefix('-') {
        Some(rest) if rest.contains(|digit: char| ('1'..='9').contains(&digit)) => {
            format!("−{rest}")
        }
        Some(rest) => rest.to_owned(),
        None if !number.contains(|digit: char| ('1'..='9').contains(&digit)) => number.to_owned(),
        None => format!("+{number}"),
    }
}

/// A share of the time, of which the nines matter: six decimals at most, and never more than it is.
///
/// ```
/// # use model::export::figures::nines;
/// assert_eq!(nines(0.9999), "99.99 %");
/// assert_eq!(nines(0.999_899_999_9), "99.989999 %");
/// ```
pub fn nines(share: f64) -> String {
    // What a float loses is not what is missing.
    let millionths = (share * 1e8 + 1e-3).floor();
    let text = format!("{:.6}", millionths / 1e6);
    format!("{} %", text.trim_end_matches('0').trim_end_matches('.'))
}

/// A share: `93 %`, `0.4 %`.
pub fn percent(share: f64) -> String {
    let percent = share * 100.0;
    if !percent.is_finite() {
        return "–".to_owned();
    }
    let decimals = usize::from(percent.abs() < 9.95 && percent != 0.0);
    let text = format!("{percent:.decimals$}");
    let text = text.strip_suffix(".0").unwrap_or(&text);
    format!("{} %", separated(text))
}

/// How one amount compares to another: `+35 %`, `−12 %`, and from twice as much on `× 2.4`.
pub fn against(amount: Usd, other: Usd) -> String {
    if other <= Usd::ZERO {
        return String::new();
    }
    let times = amount.as_f64() / other.as_f64();
    if times < 1.995 {
        return signed(&percent(times - 1.0));
    }
    let decimals = usize::from(times < 9.95);
    format!("× {}", separated(&format!("{times:.decimals$}")))
}

/// Stands before an amount that is not all: a price is missing.
pub const AT_LEAST: &str = "≥";
/// The median time to an acknowledgement, where it is known.
pub fn produce_p50(plan: &Plan) -> String {
    plan.latency.map_or_else(|| "not said".to_owned(), |latency| time(latency.p50))
}

/// A length of time in two or three digits: `24 h`, `8.5 h`, `513 ms`.
pub fn time(span: Hours) -> String {
    let (scaled, unit) = match span.as_secs() {
        s if s < 0.9995 => (s * 1e3, "ms"),
        s if s < 60.0 => (s, "s"),
        s if s < 3600.0 => (s / 60.0, "min"),
        s if s < 2.0 * 86_400.0 => (s / 3600.0, "h"),
        s => (s / 86_400.0, "d"),
    };
    let decimals = usize::from(scaled < 9.95);
    let text = format!("{scaled:.decimals$}");
    format!("{} {unit}", separated(text.strip_suffix(".0").unwrap_or(&text)))
}

/// When every replica is back, where anyone says.
pub fn redundant(recovery: Recovery) -> String {
    match (recovery.time, recovery.course) {
        (Some(span), _) => time(span),
        (None, Course::NotPublished) => "not said".to_owned(),
        (None, _) => "never".to_owned(),
    }
}

/// A counted quantity with as many decimals as help.
pub fn quantity(value: Decimal) -> String {
    let decimals = match value.abs() {
        value if value < Decimal::ONE => 4,
        value if value < Decimal::from(1000) => 2,
        _ => 0,
    };
    separated(&value.round_dp(decimals).normalize().to_string())
}

/// A price, with all its digits: `$0.023`.
pub fn unit_price(price: Usd) -> String {
    format!("${}", price.dollars().normalize())
}

/// A number of brokers and their machine: `6 × m7g.large`; without it where there are several parts.
pub fn fleet(plan: &Plan) -> String {
    if !plan.parts.is_empty() {
        return format!("{} brokers", separated(&plan.fleet.brokers.to_string()));
    }
    format!("{} × {}", separated(&plan.fleet.brokers.to_string()), plan.machine)
}

/// What sized the fleet, and how much of it is used: `disk capacity 93 %`. A least number of brokers is always used up. Of
/// several parts it is that of the tightest.
pub fn bottleneck(plan: &Plan) -> String {
    let plan = plan.tightest();
    let name = plan.fleet.bottleneck.name();
    match plan.binding() {
        Some(asked) if asked.resource != Resource::Placement => {
            format!("{name} {}", percent(plan.fleet.utilization(asked)))
        }
        _ => name.to_owned(),
    }
}

/// A quantity of a resource.
pub fn amount(value: f64) -> String {
    if value.abs() >= 1000.0 { separated(&format!("{value:.0}")) } else { grouped(value) }
}

/// First and last date of the prices that plans use; the scenario's own fees aside.
pub fn price_dates<'a>(plans: impl Iterator<Item = &'a Plan>) -> Option<String> {
    let (first, last) = audit::price_dates(plans);
    match first == last {
        true => Some(first).filter(|date| !date.is_empty()),
        false => Some(format!("{first} to {last}")),
    }
}

/// A figure as people read it.
pub fn figure(fact: &Fact) -> String {
    match fact.value {
        Figure::Hours(0.0) | Figure::Bytes(0.0) => "none".to_owned(),
        Figure::Bytes(bytes) => Bytes::new(bytes).rounded().to_string(),
        Figure::Hours(hours) => time(Hours::new(hours)),
        // Of availability only the nines count.
        Figure::Share(share) if fact.name.starts_with("writes accepted") && share < 1.0 => {
            format!("{} %", (share * 1e6).floor() / 1e4)
        }
        Figure::Share(share) => percent(share),
        Figure::PerSecond(rate) => format!("{} /s", separated(&format!("{rate:.0}"))),
        Figure::Count(count) => grouped(count),
        Figure::Dollars(dollars) => format!("${}", separated(&format!("{dollars:.2}"))),
        Figure::Never => "never".to_owned(),
    }
}

/// `1 broker`, `3 brokers`.
pub fn counted(count: usize, what: &str) -> String {
    let number = separated(&count.to_string());
    if count == 1 { format!("{number} {what}") } else { format!("{number} {what}s") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn usd(text: &str) -> Usd {
        text.parse().expect("a literal in a test")
    }

    #[test]
    fn rows_add_up_to_their_total() {
        let third = usd("33.34");
        assert_eq!(adding_up(&[third; 3], Scale::Dollars), ["34", "33", "33", "100"]);
        let big = [usd("12345678.9"), usd("1500")];
        assert_eq!(adding_up(&big, Scale::of(big[0])), ["12,346", "1", "12,347"]);
    }

    #[test]
    fn differences_have_a_sign() {
        assert_eq!(signed("1,234"), "+1,234");
        assert_eq!(signed("-56"), "−56");
        assert_eq!(signed("-0"), "0");
        assert_eq!(signed("0"), "0");
        assert_eq!(signed("$0.00"), "$0.00");
        assert_eq!(signed("-$1.50"), "−$1.50");
    }

    #[test]
    fn shares_have_two_digits_at_least() {
        assert_eq!(percent(0.931), "93 %");
        assert_eq!(percent(0.0042), "0.4 %");
        assert_eq!(percent(0.09), "9 %");
        assert_eq!(percent(0.0), "0 %");
        assert_eq!(against(usd("150"), usd("100")), "+50 %");
        assert_eq!(against(usd("88"), usd("100")), "−12 %");
        assert_eq!(against(usd("100"), usd("100")), "0 %");
        assert_eq!(against(usd("240"), usd("100")), "× 2.4");
        assert_eq!(against(usd("2500"), usd("100")), "× 25");
    }

    #[test]
    fn times_are_short() {
        assert_eq!(time(Hours::new(24.07)), "24 h");
        assert_eq!(time(Hours::new(1.64)), "1.6 h");
        assert_eq!(time(Hours::from_secs(0.35211)), "352 ms");
        assert_eq!(time(Hours::from_secs(10.0)), "10 s");
        assert_eq!(time(Hours::from_days(3.0)), "3 d");
        assert_eq!(time(Hours::ZERO), "0 ms");
    }
}
