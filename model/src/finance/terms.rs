//! What a plan's contracts come to: how much of them is used, what they save, when they break even, and what comes when
//! they end.
//!
//! - **Coverage:** hours of the contract that ran ÷ hours that all brokers of its part ran. **Used:** hours that ran ÷ hours
//!   that were paid for.
//! - **Saving:** what the hours that ran would have cost on demand, less everything that the contract bears. Below zero it
//!   is a loss.
//! - **Break-even:** the first month from which all fees so far are no more than what the hours that ran so far would have
//!   cost on demand, to the end of what is seen of the term.
//! - **Cliff:** what the last month of the term would have cost more on demand. Below zero it is less: hours were paid for
//!   that nobody ran.

use rust_decimal::Decimal;
use rust_decimal::prelude::{FromPrimitive, ToPrimitive};

use super::Contract;
use crate::bill::{Component, QUANTITY_DECIMALS};
use crate::ledger::{Charge, ChargeKind};
use crate::money::Usd;
use crate::plan::Plan;

/// One month of a contract.
#[derive(Clone, Debug, PartialEq)]
pub struct TermMonth {
    /// Which; 0 is the first of the horizon.
    pub month: u32,
    /// Hours that were paid for.
    pub paid: Decimal,
    /// Hours of these that brokers ran.
    pub used: Decimal,
    /// Hours that all brokers of its part ran, by whatever they are paid.
    pub ran: Decimal,
    /// What is billed for it.
    pub fee: Usd,
    /// What the hours that ran bear.
    pub used_cost: Usd,
    /// What the hours that did not run bear.
    pub unused_cost: Usd,
    /// What the hours that ran would have cost on demand, after negotiated discounts.
    pub on_demand_cost: Usd,
    /// Fees since the start of the term.
    pub fees_so_far: Usd,
    /// Cost on demand since the start of the term.
    pub on_demand_so_far: Usd,
}

impl TermMonth {
    /// Hours of it that ran ÷ hours that all brokers ran; nothing where none ran.
    pub fn coverage(&self) -> f64 {
        share(self.used, self.ran)
    }

    /// Hours of it that ran ÷ hours that were paid for.
    pub fn utilization(&self) -> f64 {
        share(self.used, self.paid)
    }
}

fn share(part: Decimal, whole: Decimal) -> f64 {
    part.checked_div(whole).and_then(|share| share.to_f64()).unwrap_or(0.0)
}

/// What comes of a contract at the end of what is seen of it.
#[derive(Clone, Debug, PartialEq)]
pub enum Ending {
    /// It ends within the horizon, and a month costs so much more from then on.
    Cliff {
        /// The first month without it.
        month: u32,
        /// What its last month would have cost more on demand.
        usd: Usd,
    },
    /// It ends within the horizon, and the next term begins.
    Renewed {
        /// The first month of the next term.
        month: u32,
    },
    /// It ends with the horizon.
    WithHorizon,
    /// It binds beyond the horizon.
    Binds {
        /// For so many months.
        months: u32,
        /// What of them is paid within the horizon.
        prepaid: Usd,
        /// What of them is still to be paid.
        owed: Usd,
    },
}

/// A contract as it came out.
#[derive(Clone, Debug, PartialEq)]
pub struct Term {
    /// What was bought.
    pub contract: Contract,
    /// The months of it that the horizon has.
    pub months: Vec<TermMonth>,
    /// The month in which it breaks even; 0 is the first of the horizon. `None` where it does not.
    pub break_even: Option<u32>,
    /// What comes after.
    pub ending: Ending,
}

impl Term {
    fn hours(&self, of: impl Fn(&TermMonth) -> Decimal) -> Decimal {
        self.months.iter().map(of).sum()
    }

    fn sum(&self, of: impl Fn(&TermMonth) -> Usd) -> Usd {
        self.months.iter().map(of).sum()
    }

    /// Hours that were paid for.
    pub fn paid(&self) -> Decimal {
        self.hours(|month| month.paid)
    }

    /// Hours that ran.
    pub fn used(&self) -> Decimal {
        self.hours(|month| month.used)
    }

    /// Hours that did not run.
    pub fn unused(&self) -> Decimal {
        self.paid() - self.used()
    }

    /// Hours that ran ÷ hours that all brokers of its part ran meanwhile.
    pub fn coverage(&self) -> f64 {
        share(self.used(), self.hours(|month| month.ran))
    }

    /// Hours that ran ÷ hours that were paid for.
    pub fn utilization(&self) -> f64 {
        share(self.used(), self.paid())
    }

    /// What is billed for it within the horizon.
    pub fn fees(&self) -> Usd {
        self.sum(|month| month.fee)
    }

    /// What months of the horizon bear of it.
    pub fn effective(&self) -> Usd {
        self.sum(|month| month.used_cost + month.unused_cost)
    }

    /// What of that nobody used.
    pub fn unused_cost(&self) -> Usd {
        self.sum(|month| month.unused_cost)
    }

    /// What it saves against hours on demand; a loss is below zero.
    pub fn saving(&self) -> Usd {
        self.sum(|month| month.on_demand_cost) - self.effective()
    }
}

/// Every contract of a plan, in its order, from its charges.
pub fn terms(plan: &Plan, charges: &[Charge]) -> Vec<Term> {
    let horizon = plan.months.last().map_or(0, |billed| billed.month.index + 1);
    plan.contracts.iter().map(|contract| term(plan, contract, charges, horizon)).collect()
}

fn term(plan: &Plan, contract: &Contract, charges: &[Charge], horizon: u32) -> Term {
    let until = contract.until().min(horizon);
    let mut months: Vec<TermMonth> = Vec::new();
    let (mut fees, mut on_demand) = (Usd::ZERO, Usd::ZERO);
    for month in contract.from..until {
        let of = |kind: ChargeKind| {
            charges.iter().filter(move |charge| {
                charge.month == month
                    && charge.kind == kind
                    && charge.contract.as_ref() == Some(&contract.id)
            })
        };
        let fee: Usd = of(ChargeKind::Purchase).map(|charge| charge.billed_cost).sum();
        let on_demand_cost: Usd = of(ChargeKind::Usage).map(|charge| charge.contracted_cost).sum();
        fees += fee;
        on_demand += on_demand_cost;
        months.push(TermMonth {
            month,
            paid: contract.paid(month),
            used: of(ChargeKind::Usage).map(|charge| charge.quantity).sum(),
            ran: ran(plan, contract, charges, month),
            fee,
            used_cost: of(ChargeKind::Usage).map(|charge| charge.effective_cost).sum(),
            unused_cost: of(ChargeKind::Unused).map(|charge| charge.effective_cost).sum(),
            on_demand_cost,
            fees_so_far: fees,
            on_demand_so_far: on_demand,
        });
    }
    let held = months.iter().rev().take_while(|one| one.fees_so_far <= one.on_demand_so_far);
    let break_even = held.last().map(|one| one.month);
    let ending = ending(plan, contract, &months, horizon);
    Term { contract: contract.clone(), months, break_even, ending }
}

/// Hours that all brokers of a contract's part ran in a month.
fn ran(plan: &Plan, contract: &Contract, charges: &[Charge], month: u32) -> Decimal {
    let hours = charges.iter().filter(|charge| {
        charge.month == month
            && charge.kind == ChargeKind::Usage
            && charge.component == Some(Component::Brokers)
            && charge.part == contract.part
    });
    let billed: Decimal = hours.map(|charge| charge.quantity).sum();
    // Where brokers are not sold by the hour, what ran is known all the same.
    let part = plan.each().find(|part| part.part == contract.part);
    let brokers = || {
        let billed = part?.months.iter().find(|billed| billed.month.index == month)?;
        let used = billed.used.as_ref()?;
        Decimal::from_f64(used.brokers * used.hours.as_hours())
    };
    match billed.is_zero() {
        true => brokers().unwrap_or_default().round_dp(QUANTITY_DECIMALS),
        false => billed,
    }
}

fn ending(plan: &Plan, contract: &Contract, months: &[TermMonth], horizon: u32) -> Ending {
    let until = contract.until();
    if until > horizon {
        let beyond: Decimal = (horizon..until).map(|month| contract.paid(month)).sum();
        let owed: Usd = (horizon..until).map(|month| contract.fee(month)).sum();
        return Ending::Binds {
            months: until - horizon,
            prepaid: contract.hour * beyond - owed,
            owed,
        };
    }
    if until == horizon {
        return Ending::WithHorizon;
    }
    let next = |other: &&Contract| {
        other.name == contract.name && other.part == contract.part && other.from == until
    };
    if plan.contracts.iter().any(|other| next(&other)) {
        return Ending::Renewed { month: until };
    }
    let more = months
        .last()
        .map_or(Usd::ZERO, |last| last.on_demand_cost - last.used_cost - last.unused_cost);
    Ending::Cliff { month: until, usd: more }
}
