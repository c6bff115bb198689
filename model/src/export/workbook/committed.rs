//! What is committed to, in every case: terms of contracts, and the hours that brokers run beside them.

use rust_decimal::Decimal;
use rust_decimal::prelude::FromPrimitive;

use super::book::{Book, PriceRow, number};
use crate::bill::{Component, Part};
use crate::finance::Contract;
use crate::ledger::Charge;
use crate::money::Usd;
use crate::plan::Plan;

/// A term of a contract, as any case has it.
#[derive(Clone, Debug)]
pub(super) struct Term {
    /// As the case that has it first.
    pub contract: Contract,
    /// Its machines, by their place among the groups.
    pub group: usize,
    /// The price of its hour, by its place among the prices.
    pub price: usize,
    /// How many brokers it is for in each case.
    pub brokers: Vec<u32>,
}

impl Term {
    /// Whether it binds in a month; 0 is the first of the horizon.
    pub fn binds(&self, month: u32) -> bool {
        (self.contract.from..self.contract.until()).contains(&month)
    }

    /// Whether something is invoiced for it in a month, once or month by month.
    pub fn invoices(&self, month: u32, upfront: bool) -> bool {
        let share = self.contract.upfront;
        match upfront {
            true => month == self.contract.from && !share.is_zero(),
            false => self.binds(month) && share != Decimal::ONE,
        }
    }

    /// Whether a charge of the plan is of it: where other growth has another machine, the plan has no broker of that term.
    pub fn is_of(&self, charge: &Charge) -> bool {
        self.brokers[0] > 0 && charge.contract.as_ref() == Some(&self.contract.id)
    }

    /// Hours of one broker in a month of its term.
    pub fn length(&self, month: u32) -> Decimal {
        let index = month.checked_sub(self.contract.from);
        let length = index.and_then(|index| self.contract.hours.get(index as usize));
        length.copied().unwrap_or_default()
    }

    /// Hours of one broker in all of its term.
    pub fn hours(&self) -> Decimal {
        self.contract.hours.iter().copied().sum()
    }

    /// Those of them that are within so many months.
    pub fn hours_until(&self, months: usize) -> Decimal {
        (0..months as u32).map(|month| self.length(month)).sum()
    }
}

/// Brokers of one part on one machine, of which some are committed to.
#[derive(Clone, Debug)]
pub(super) struct Group {
    /// Which part of the platform.
    pub part: Part,
    /// The machine, as the provider calls it.
    pub machine: String,
    /// The SKU of its hour on demand.
    pub sku: String,
    /// The price of its hour on demand, by its place among the prices.
    pub price: usize,
    /// What runs, month by month.
    pub months: Vec<Month>,
}

/// What runs in a month, in each case.
#[derive(Clone, Debug)]
pub(super) struct Month {
    /// Hours of one broker.
    pub length: Decimal,
    /// Hours of all brokers, committed to or not.
    pub hours: Vec<Decimal>,
    /// Brokers that were planned for, and hours of a week with so many.
    pub planned: Vec<Vec<(u32, f64)>>,
}

impl Month {
    /// Share of the planned fleet beyond so many brokers.
    pub fn beyond(&self, case: usize, brokers: u32) -> f64 {
        let all = |of: fn(u32, u32) -> u32| {
            let hours = self.planned[case].iter();
            hours.map(|(size, hours)| f64::from(of(*size, brokers)) * hours).sum::<f64>()
        };
        let planned = all(|size, _| size);
        if planned > 0.0 { all(u32::saturating_sub) / planned } else { 0.0 }
    }

    /// Hours on demand beside so many brokers that are committed to, as planned.
    pub fn on_demand(&self, brokers: u32) -> f64 {
        let (hours, paid) = (number(self.hours[0]), f64::from(brokers) * number(self.length));
        (hours * self.beyond(0, brokers)).max(hours - paid).max(0.0)
    }
}

impl Book<'_> {
    /// Reads the contracts of all cases.
    pub(super) fn read_contracts(&mut self) {
        let count = self.cases.len();
        for case in 0..count {
            let plans = self.cases[case].plans;
            let plan = &plans[0];
            for contract in &plan.contracts {
                let same = |term: &Term| {
                    let known = &term.contract;
                    known.id == contract.id
                        && known.sku == contract.sku
                        && known.part == contract.part
                        && known.hour == contract.hour
                };
                let place = match self.terms.iter().position(same) {
                    Some(place) => place,
                    None => {
                        let group = self.group(plan, contract);
                        let price = self.contract_price(plan, contract);
                        let contract = contract.clone();
                        self.terms.push(Term { contract, group, price, brokers: vec![0; count] });
                        self.terms.len() - 1
                    }
                };
                self.terms[place].brokers[case] = contract.brokers;
            }
        }
        for group in 0..self.groups.len() {
            self.groups[group].months = self.hours(group);
        }
    }

    /// The group of a contract's machines.
    fn group(&mut self, plan: &Plan, contract: &Contract) -> usize {
        let same =
            |group: &Group| group.part == contract.part && group.sku == contract.on_demand_sku;
        if let Some(known) = self.groups.iter().position(same) {
            return known;
        }
        let price = self.on_demand(plan, contract);
        let price = self.price(price);
        self.groups.push(Group {
            part: contract.part.clone(),
            machine: contract.machine.clone(),
            sku: contract.on_demand_sku.clone(),
            price,
            months: Vec::new(),
        });
        self.groups.len() - 1
    }

    /// The price of a contract's hour, as its lines have it.
    fn contract_price(&mut self, plan: &Plan, contract: &Contract) -> usize {
        let lines = plan.months.iter().flat_map(|billed| &billed.bill.lines);
        let mut lines = lines.filter(|line| line.sku == contract.sku && line.part == contract.part);
        let row = lines.next().map(|line| self.row(plan, line)).unwrap_or_else(|| PriceRow {
            list: contract.hour,
            share: Decimal::ZERO,
            discount: None,
            sku: contract.sku.clone(),
            ..self.on_demand(plan, contract)
        });
        self.price(row)
    }

    /// The price of an hour on demand of a contract's machine: that of a line, or, where all of them are covered, what the
    /// contract says of it.
    fn on_demand(&self, plan: &Plan, contract: &Contract) -> PriceRow {
        let lines = plan.months.iter().flat_map(|billed| &billed.bill.lines);
        let is_it = |line: &&crate::bill::CostLine| {
            line.component == Component::Brokers
                && line.sku == contract.on_demand_sku
                && line.part == contract.part
        };
        if let Some(line) = lines.clone().find(is_it) {
            return self.row(plan, line);
        }
        // Its own contract has the same machine, region and discount group.
        let of_contract = lines.clone().find(|line| line.sku == contract.sku);
        let known = of_contract.map(|line| self.row(plan, line));
        let list = contract.list_hour.dollars();
        let share = match list.is_zero() {
            true => Decimal::ZERO,
            false => Decimal::ONE - contract.on_demand_hour.dollars() / list,
        };
        let market = self.market(&contract.part);
        let markets = self.scenario.markets();
        let choice = markets.get(market).map(|(_, choice)| *choice);
        let group = crate::prices::PriceGroup::Compute;
        let agreed = choice.map(|choice| choice.discounts.get(&group).copied().unwrap_or_default());
        let is_own = choice.is_some_and(|choice| {
            choice.overrides.iter().any(|one| one.sku == contract.on_demand_sku)
        });
        PriceRow {
            place: known
                .map_or_else(|| format!("{} {}", plan.provider, plan.region), |row| row.place),
            sku: contract.on_demand_sku.clone(),
            unit: crate::prices::PriceUnit::Hour,
            list: contract.list_hour,
            discount: (agreed == Some(share) && !is_own).then_some((market, group)),
            share,
            is_labour: false,
            basis: if is_own { "scenario" } else { "listed" }.to_owned(),
            as_of: contract.as_of.clone(),
            source: contract.source.clone(),
        }
    }

    /// What runs of a group in each month.
    fn hours(&self, group: usize) -> Vec<Month> {
        let group = &self.groups[group];
        let month = |index: usize| {
            let mut month = Month { length: Decimal::ZERO, hours: Vec::new(), planned: Vec::new() };
            for case in &self.cases {
                let part = case.plan().each().find(|part| part.part == group.part);
                let billed = part.and_then(|part| part.months.get(index));
                let used = billed.and_then(|billed| billed.used.as_ref());
                let machine = part.and_then(|part| part.basis.as_ref()).map(|basis| &basis.machine);
                let runs = machine.is_some_and(|machine| machine.name == group.machine);
                let Some((billed, used)) = billed.zip(used).filter(|_| runs) else {
                    month.hours.push(Decimal::ZERO);
                    month.planned.push(Vec::new());
                    continue;
                };
                let lines = billed.bill.lines.iter();
                let on_demand = lines
                    .filter(|line| line.component == Component::Brokers && line.sku == group.sku);
                let on_demand: Decimal = on_demand.map(|line| line.quantity).sum();
                let covered = used.covers.iter().map(|cover| cover.used).sum();
                let covered = Decimal::from_f64(covered).unwrap_or_default();
                month.length = crate::finance::hours(used.hours);
                month.hours.push((on_demand + covered).round_dp(crate::bill::QUANTITY_DECIMALS));
                month.planned.push(used.planned.clone());
            }
            month
        };
        (0..self.months.len()).map(month).collect()
    }

    /// The group that a line of brokers is of.
    pub(super) fn group_of(&self, sku: &str, part: &Part) -> Option<usize> {
        self.groups.iter().position(|group| group.sku == sku && group.part == *part)
    }

    /// Whether a line is the hours of a contract.
    pub(super) fn is_contract(&self, sku: &str, part: &Part) -> bool {
        self.terms.iter().any(|term| term.contract.sku == sku && term.contract.part == *part)
    }

    /// Brokers of a group that are committed to in a month, as planned.
    pub(super) fn committed(&self, group: usize, month: u32) -> u32 {
        let terms = self.terms.iter().filter(|term| term.group == group && term.binds(month));
        terms.map(|term| term.brokers[0]).sum()
    }

    /// What a term is called: its identifier, and the machine where other growth has another.
    pub(super) fn label(&self, term: usize) -> String {
        let contract = &self.terms[term].contract;
        let same = self.terms.iter().filter(|other| other.contract.id == contract.id);
        match same.count() {
            1 => contract.id.clone(),
            _ => format!("{} on {}", contract.id, contract.machine),
        }
    }

    /// Identifiers of all terms, each once: what brokers can be entered for.
    pub(super) fn identifiers(&self) -> Vec<&str> {
        let mut all: Vec<&str> = Vec::new();
        for term in &self.terms {
            if !all.contains(&&*term.contract.id) {
                all.push(&term.contract.id);
            }
        }
        all
    }

    /// What has been paid for months beyond the horizon, as planned.
    pub(super) fn ahead(&self, term: &Term) -> Usd {
        let beyond = term.hours() - term.hours_until(self.months.len());
        let brokers = Decimal::from(term.brokers[0]);
        self.prices[term.price].contracted() * (beyond * brokers * term.contract.upfront)
    }
}
