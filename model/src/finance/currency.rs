//! Currencies of ISO 4217, and what a dollar is in one of them.

use rust_decimal::{Decimal, RoundingStrategy};

use crate::money::Usd;

/// A currency.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Currency {
    /// Its code.
    pub code: &'static str,
    /// Decimals of its minor unit.
    pub decimals: u32,
}

impl Currency {
    /// The currency of all prices.
    pub const USD: Self = Self { code: "USD", decimals: 2 };

    /// A currency by its code, in upper case.
    ///
    /// ```
    /// # use model::finance::Currency;
    /// assert_eq!(Currency::named("JPY").unwrap().decimals, 0);
    /// assert_eq!(Currency::named("KWD").unwrap().decimals, 3);
    /// assert!(Currency::named("XXX").is_none());
    /// ```
    pub fn named(code: &str) -> Option<Self> {
        let groups = [(0, WHOLE), (2, CENTS), (3, MILS)];
        groups.into_iter().find_map(|(decimals, codes)| {
            let found = codes.split_ascii_whitespace().find(|known| *known == code)?;
            Some(Self { code: found, decimals })
        })
    }
}

// Source: ISO 4217, list one (current currency and funds codes) as amended by the currency of Croatia (2023) and Bulgaria
// (2026) joining the euro; funds, metals and test codes are left out.

/// Currencies without a minor unit.
const WHOLE: &str = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF";

/// Currencies of a hundred minor units. Those of five (MRU, MGA) are written with two decimals, too.
const CENTS: &str = "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CNY COP \
     CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES \
     KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD \
     PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY \
     TTD TWD TZS UAH USD UYU UZS VES WST XCD YER ZAR ZMW ZWG";

/// Currencies of a thousand minor units.
const MILS: &str = "BHD IQD JOD KWD LYD OMR TND";

/// What one dollar is in a currency, as it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quote {
    /// The currency.
    pub currency: Currency,
    /// What one dollar is in it, exactly.
    pub rate: Decimal,
}

/// Reads a quote: `0.92 EUR/USD`, so many euros for one dollar. `None` for anything else, a rate of nothing or beyond a
/// million included.
///
/// ```
/// # use model::finance::parse_quote;
/// let euro = parse_quote("0.92 EUR/USD").unwrap();
/// assert_eq!((euro.currency.code, euro.rate.to_string().as_str()), ("EUR", "0.92"));
/// for wrong in ["0.92", "0.92 EUR", "0.92 USD/EUR", "-1 EUR/USD", "0 EUR/USD", "1 XXX/USD"] {
///     assert!(parse_quote(wrong).is_none(), "{wrong}");
/// }
/// ```
pub fn parse_quote(text: &str) -> Option<Quote> {
    let (pair, base) = text.trim().split_once('/')?;
    let (rate, code) = pair.trim().rsplit_once(char::is_whitespace)?;
    let rate: Decimal = rate.trim().replace('_', "").parse().ok()?;
    let sane = rate > Decimal::ZERO && rate <= Decimal::from(RATE_MAX);
    let currency = Currency::named(code.trim()).filter(|one| *one != Currency::USD)?;
    (sane && base.trim() == Currency::USD.code).then_some(Quote { currency, rate })
}

/// The most units of a currency that a dollar can be: far above any that there is.
const RATE_MAX: u32 = 1_000_000;

/// What one dollar is in another currency, who says so, and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exchange {
    /// The currency.
    pub currency: Currency,
    /// What one dollar is in it.
    pub rate: Decimal,
    /// Who says so.
    pub source: String,
    /// The date of the rate.
    pub as_of: String,
}

impl Exchange {
    /// Dollars as dollars.
    pub fn none() -> Self {
        Self {
            currency: Currency::USD,
            rate: Decimal::ONE,
            source: String::new(),
            as_of: String::new(),
        }
    }

    /// An amount in the currency, with all its digits; absurd amounts stop at the largest decimal.
    pub fn convert(&self, amount: Usd) -> Decimal {
        amount.dollars().saturating_mul(self.rate)
    }

    /// An amount of the currency to whole minor units, halves away from zero, as invoices round.
    pub fn to_minor(&self, amount: Decimal) -> Decimal {
        let places = self.currency.decimals;
        let mut rounded =
            amount.round_dp_with_strategy(places, RoundingStrategy::MidpointAwayFromZero);
        rounded.rescale(places);
        rounded
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_three_letters_and_unique() {
        let all = [WHOLE, CENTS, MILS].map(str::split_ascii_whitespace).into_iter().flatten();
        let codes: Vec<&str> = all.collect();
        let unique: std::collections::BTreeSet<&str> = codes.iter().copied().collect();
        assert_eq!(codes.len(), unique.len());
        for code in codes {
            assert!(
                code.len() == 3 && code.bytes().all(|byte| byte.is_ascii_uppercase()),
                "{code}"
            );
            assert_eq!(Currency::named(code).map(|one| one.code), Some(code));
        }
    }

    #[test]
    fn minor_units_follow_the_currency() {
        let exchange = |code| Exchange {
            currency: Currency::named(code).expect("a currency"),
            rate: "150.5".parse().expect("a literal"),
            ..Exchange::none()
        };
        let amount: Usd = "10.01".parse().expect("a literal");
        for (code, shown) in [("JPY", "1507"), ("EUR", "1506.51"), ("KWD", "1506.505")] {
            let exchange = exchange(code);
            assert_eq!(exchange.to_minor(exchange.convert(amount)).to_string(), shown);
        }
    }
}
