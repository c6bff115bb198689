//! What all sheets are of: the lines of a plan's bills in every case, their prices, and what may be changed.

use rust_decimal::Decimal;
use rust_decimal::prelude::FromPrimitive;

use super::assumptions::CURRENCY;
use super::cells::{At, Kind, Sheet};
use super::committed::{Group, Term};
use super::growth::Case;
use super::supported::Supported;
use super::{Asked, assumptions};
use crate::bill::{Cause, Component, CostLine, Driver, Part};
use crate::comparison::Comparison;
use crate::finance::{Exchange, YEAR};
use crate::float;
use crate::ledger::{self, CREDITS, Charge, ChargeKind, Costs, UPFRONT_FEE, component_name};
use crate::money::Usd;
use crate::order;
use crate::plan::{Billed, Plan};
use crate::prices::{PriceGroup, PriceUnit};
use crate::scenario::Scenario;

/// Everything that sheets are written from.
pub(super) struct Book<'a> {
    /// What was asked for.
    pub asked: &'a Asked<'a>,
    /// All platforms, as planned.
    pub comparison: &'a Comparison,
    /// What was planned.
    pub scenario: &'a Scenario,
    /// The platform, as planned.
    pub plan: &'a Plan,
    /// What may be chosen, the plan itself first.
    pub cases: Vec<Offered<'a>>,
    /// What may not, and why.
    pub refused: Vec<(String, String)>,
    /// The months of the horizon, as people call them.
    pub months: Vec<String>,
    /// What is paid for in any case, in the order of a bill.
    pub components: Vec<Component>,
    /// Every price of the lines.
    pub prices: Vec<PriceRow>,
    /// What is committed to.
    pub terms: Vec<Term>,
    /// Brokers of which some are committed to.
    pub groups: Vec<Group>,
    /// Support plans that count what is committed to.
    pub supported: Vec<Supported>,
    /// Every charge of every month, in the order of months and bills, credits last.
    pub lines: Vec<Line>,
    /// What may be changed.
    pub inputs: Vec<Input>,
    /// What it adds up in.
    pub exchange: Exchange,
    /// What a year takes off money that is paid at its end, as a share.
    pub discount_rate: f64,
}

/// A case that may be chosen.
pub(super) struct Offered<'a> {
    /// As the list offers it.
    pub name: String,
    /// Percentage points a month.
    pub points: i32,
    /// The platform, and those that clients leave.
    pub plans: &'a [Plan],
}

impl Offered<'_> {
    /// The platform.
    pub fn plan(&self) -> &Plan {
        &self.plans[0]
    }
}

/// A price, or a step of its ladder.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct PriceRow {
    /// Whose, and where.
    pub place: String,
    /// The catalogue's identifier.
    pub sku: String,
    /// What it buys.
    pub unit: PriceUnit,
    /// Before discounts.
    pub list: Usd,
    /// The discount that it takes: its place among the inputs of discounts, by market and group.
    pub discount: Option<(usize, PriceGroup)>,
    /// That discount as planned, or one that is part of the price.
    pub share: Decimal,
    /// Whether it is the rate of an hour of labour.
    pub is_labour: bool,
    /// `listed`, `derived`, `range`, `scenario`.
    pub basis: String,
    /// The date of the price.
    pub as_of: String,
    /// Who says so.
    pub source: String,
}

impl PriceRow {
    /// After the discount.
    pub fn contracted(&self) -> Usd {
        self.list * (Decimal::ONE - self.share)
    }
}

/// A charge of a month.
#[derive(Clone, Debug)]
pub(super) struct Line {
    /// Which month; 0 is the first.
    pub month: usize,
    pub kind: ChargeKind,
    /// What it is on a bill; `None` for a credit.
    pub component: Option<Component>,
    pub part: Part,
    pub cause: Option<Cause>,
    pub grows_with: Driver,
    /// Where its quantity comes from.
    pub amount: Amount,
    /// How much of it, and what it costs, as planned.
    pub planned: Planned,
}

/// Where a quantity comes from.
#[derive(Clone, Debug)]
pub(super) enum Amount {
    /// The engine, in each case, at a price by its place.
    Engine(usize, Vec<Decimal>),
    /// What a group of brokers runs beside its contracts.
    OnDemand(usize),
    /// What runs of a term, or does not: by the line's kind.
    Term(usize),
    /// What is invoiced for a term, once where it says so, else month by month.
    Fee(usize, bool),
    /// A step of a support plan, or what is missing to its least.
    Support(usize, Option<usize>),
    /// A credit of the scenario, by its place there.
    Credit(usize),
}

/// A charge as planned: its quantity, and its four costs.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Planned {
    pub quantity: Decimal,
    pub list: Usd,
    pub contracted: Usd,
    pub billed: Usd,
    pub effective: Usd,
}

impl Line {
    /// As exports call what it is on a bill.
    pub fn name(&self) -> &'static str {
        component_name(self.component)
    }

    /// As exports call its kind.
    pub fn kind_name(&self) -> &'static str {
        match self.amount {
            Amount::Fee(_, true) => UPFRONT_FEE,
            _ => self.kind.name(),
        }
    }

    /// The term that it is of, by its place.
    pub fn term(&self) -> Option<usize> {
        match self.amount {
            Amount::Term(term) | Amount::Fee(term, _) => Some(term),
            _ => None,
        }
    }
}

/// One of the four costs of a line, as planned.
pub(super) type Cost = fn(&Line) -> Usd;

/// Before discounts, without fees of contracts.
pub(super) const LIST: Cost = |line| line.planned.list;
/// After negotiated discounts, without fees of contracts.
pub(super) const CONTRACTED: Cost = |line| line.planned.contracted;
/// Cash.
pub(super) const BILLED: Cost = |line| line.planned.billed;
/// Accrual.
pub(super) const EFFECTIVE: Cost = |line| line.planned.effective;

/// What may be changed.
#[derive(Clone, Debug)]
pub(super) struct Input {
    /// How formulas call it.
    pub name: String,
    /// What it is.
    pub label: String,
    /// As planned.
    pub value: Value,
    /// What it is counted in.
    pub unit: String,
    /// What it changes, and who says how much it is.
    pub note: String,
    /// Whether it changes what the plan costs in dollars.
    pub is_price: bool,
}

/// The value of an input.
#[derive(Clone, Debug)]
pub(super) enum Value {
    /// The growth.
    Case(String),
    /// The code of a currency.
    Currency(String),
    /// A share.
    Share(Decimal),
    /// What a year takes off, as a share.
    Yearly(f64),
    /// What a dollar is in the currency.
    Exchange(Decimal),
    /// Dollars for an hour.
    Rate(Usd),
    /// Dollars in a month.
    Credit(Usd),
    /// Brokers of a term; what the engine says where nothing is entered.
    Brokers,
}

/// An exact number as a cell holds it.
pub(super) fn number(exact: Decimal) -> f64 {
    // A decimal is digits and a point, and so always a number.
    float::parse(&exact.to_string()).unwrap_or(0.0)
}

/// An amount of money as a cell holds it.
pub(super) fn dollars(amount: Usd) -> f64 {
    number(amount.dollars())
}

impl<'a> Book<'a> {
    /// What a workbook is of; `None` where there is no plan for the platform.
    pub fn new(
        comparison: &'a Comparison,
        scenario: &'a Scenario,
        cases: &'a [Case],
        asked: &'a Asked<'a>,
    ) -> Option<Self> {
        let plan = comparison.plans().find(|plan| plan.design.name == asked.platform)?;
        let mut book = Self {
            asked,
            comparison,
            scenario,
            plan,
            cases: Vec::new(),
            refused: Vec::new(),
            months: months(scenario, plan),
            components: Vec::new(),
            prices: Vec::new(),
            terms: Vec::new(),
            groups: Vec::new(),
            supported: Vec::new(),
            lines: Vec::new(),
            inputs: Vec::new(),
            exchange: scenario.finance.own_exchange(),
            discount_rate: a_year(scenario.finance.discount_per_month.unwrap_or(0.0)),
        };
        for case in cases {
            match &case.plans {
                Ok(plans)
                    if plans.first().is_some_and(|own| own.months.len() == book.months.len()) =>
                {
                    book.cases.push(Offered { name: case.name(), points: case.points, plans });
                }
                Ok(_) => book.refused.push((case.name(), "it has other months".to_owned())),
                Err(reason) => book.refused.push((case.name(), reason.clone())),
            }
        }
        if book.cases.is_empty() {
            return None;
        }
        book.read_contracts();
        book.read_support();
        book.read_lines();
        book.inputs = assumptions::inputs(&book);
        Some(book)
    }

    /// Charges of all cases: the same line of a month is one row, and what only another case has is one that is zero here.
    fn read_lines(&mut self) {
        for month in 0..self.months.len() {
            let mut rows = self.committed_lines(month);
            for case in 0..self.cases.len() {
                let plans = self.cases[case].plans;
                let own = &plans[0];
                let billed = &own.months[month];
                for line in &billed.bill.lines {
                    let is_broker = line.component == Component::Brokers;
                    let of_contracts = self.group_of(&line.sku, &line.part).is_some()
                        || self.is_contract(&line.sku, &line.part);
                    let is_support = line.component == Component::Support
                        && self.support_of(&line.part).is_some();
                    if is_broker && of_contracts || is_support {
                        continue;
                    }
                    for (price, quantity) in self.priced(own, plans, billed, line) {
                        self.add(&mut rows, (month, case), line, price, quantity);
                    }
                }
            }
            let charges =
                ledger::month(self.plan, &self.plan.months[month], &self.scenario.finance);
            for row in &mut rows {
                self.plan_costs(row, &charges);
            }
            order::sort_by_key(&mut rows, |row| row.component);
            self.lines.extend(rows);
            self.read_credits(month, &charges);
        }
        let used = |component: &&Component| {
            self.lines.iter().any(|row| row.component == Some(**component))
        };
        self.components = Component::ALL.iter().filter(used).copied().collect();
    }

    /// Adds a quantity of a case to the row that it belongs to.
    fn add(
        &mut self,
        rows: &mut Vec<Line>,
        (month, case): (usize, usize),
        line: &CostLine,
        price: PriceRow,
        quantity: Decimal,
    ) {
        let place = self.price(price);
        let known = rows.iter_mut().find_map(|row| {
            let same = row.component == Some(line.component)
                && row.cause == Some(line.cause)
                && row.grows_with == line.grows_with
                && row.part == line.part;
            match &mut row.amount {
                Amount::Engine(price, quantities) if same && *price == place => Some(quantities),
                _ => None,
            }
        });
        if let Some(quantities) = known {
            quantities[case] += quantity;
            return;
        }
        let mut quantities = vec![Decimal::ZERO; self.cases.len()];
        quantities[case] = quantity;
        rows.push(Line {
            month,
            kind: ChargeKind::Usage,
            component: Some(line.component),
            part: line.part.clone(),
            cause: Some(line.cause),
            grows_with: line.grows_with,
            amount: Amount::Engine(place, quantities),
            planned: Planned::default(),
        });
    }

    /// Hours of brokers of which some are committed to: on demand, then what each term covers, does not, and is paid for.
    fn committed_lines(&self, month: usize) -> Vec<Line> {
        let mut rows = Vec::new();
        for (index, group) in self.groups.iter().enumerate() {
            let row = |kind, grows_with, amount| Line {
                month,
                kind,
                component: Some(Component::Brokers),
                part: group.part.clone(),
                cause: Some(Cause::Serve),
                grows_with,
                amount,
                planned: Planned::default(),
            };
            let grows = self.broker_driver(group, month);
            rows.push(row(ChargeKind::Usage, grows, Amount::OnDemand(index)));
            for (place, term) in self.terms.iter().enumerate() {
                if term.group != index || !term.binds(month as u32) {
                    continue;
                }
                rows.push(row(ChargeKind::Usage, grows, Amount::Term(place)));
                rows.push(row(ChargeKind::Unused, Driver::Fixed, Amount::Term(place)));
                for upfront in [true, false] {
                    if term.invoices(month as u32, upfront) {
                        let fee = Amount::Fee(place, upfront);
                        rows.push(row(ChargeKind::Purchase, Driver::Fixed, fee));
                    }
                }
            }
        }
        for (index, supported) in self.supported.iter().enumerate() {
            let steps = (0..supported.steps.len()).map(Some).chain([None]);
            rows.extend(steps.map(|step| Line {
                month,
                kind: ChargeKind::Usage,
                component: Some(Component::Support),
                part: supported.part.clone(),
                cause: Some(Cause::Support),
                grows_with: if step.is_some() { Driver::Bill } else { Driver::Fixed },
                amount: Amount::Support(index, step),
                planned: Planned::default(),
            }));
        }
        rows
    }

    /// What the brokers of a group grow with in a month, as planned.
    fn broker_driver(&self, group: &Group, month: usize) -> Driver {
        let lines = self.plan.months[month].bill.lines.iter();
        let mut brokers =
            lines.filter(|line| line.component == Component::Brokers && line.part == group.part);
        brokers.next().map_or(Driver::Fixed, |line| line.grows_with)
    }

    /// What a line costs as planned; charges of contracts are those of the ledger.
    fn plan_costs(&self, row: &mut Line, charges: &[Charge]) {
        let price = |place: usize| &self.prices[place];
        row.planned = match &row.amount {
            Amount::Engine(place, quantities) => {
                let (price, quantity) = (price(*place), quantities[0]);
                let contracted = price.contracted() * quantity;
                Planned {
                    quantity,
                    list: price.list * quantity,
                    contracted,
                    billed: contracted,
                    effective: contracted,
                }
            }
            Amount::Support(of, step) => {
                let supported = &self.supported[*of];
                let place = step.map_or(supported.least, |step| supported.steps[step].1);
                let quantity = self.planned_support(*of, *step, row.month);
                let cost = price(place).contracted() * quantity;
                Planned { quantity, list: cost, contracted: cost, billed: cost, effective: cost }
            }
            Amount::OnDemand(group) => {
                let group = &self.groups[*group];
                let lines = self.plan.months[row.month].bill.lines.iter();
                let is_it = |line: &&CostLine| {
                    line.component == Component::Brokers
                        && line.sku == group.sku
                        && line.part == group.part
                };
                let quantity = lines.filter(is_it).map(|line| line.quantity).sum();
                let price = price(group.price);
                let contracted = price.contracted() * quantity;
                Planned {
                    quantity,
                    list: price.list * quantity,
                    contracted,
                    billed: contracted,
                    effective: contracted,
                }
            }
            Amount::Term(place) => {
                let term = &self.terms[*place];
                let own =
                    charges.iter().filter(|charge| charge.kind == row.kind && term.is_of(charge));
                let Costs { list, contracted, billed, effective } = ledger::costs(own.clone());
                let quantity = own.map(|charge| charge.quantity).sum();
                Planned { quantity, list, contracted, billed, effective }
            }
            Amount::Fee(place, upfront) => {
                let term = &self.terms[*place];
                let hours = if *upfront { term.hours() } else { term.length(row.month as u32) };
                let own = charges.iter().filter(|charge| {
                    charge.kind == row.kind && charge.upfront == *upfront && term.is_of(charge)
                });
                let billed = ledger::costs(own).billed;
                let quantity = hours * Decimal::from(term.brokers[0]);
                Planned { quantity, billed, ..Planned::default() }
            }
            Amount::Credit(_) => row.planned,
        };
    }

    /// Credits of a month, whether they take anything off or not.
    fn read_credits(&mut self, month: usize, charges: &[Charge]) {
        let name = &self.plan.design.name;
        for (place, credit) in self.scenario.finance.credits.iter().enumerate() {
            if !credit.applies(name, month as u32) {
                continue;
            }
            let is_it =
                |charge: &&Charge| charge.kind == ChargeKind::Credit && charge.sku == credit.name;
            let off = charges.iter().find(is_it).map_or(Usd::ZERO, |charge| charge.billed_cost);
            self.lines.push(Line {
                month,
                kind: ChargeKind::Credit,
                component: None,
                part: Part::default(),
                cause: None,
                grows_with: Driver::Fixed,
                amount: Amount::Credit(place),
                planned: Planned {
                    quantity: Decimal::ONE,
                    list: Usd::ZERO,
                    contracted: Usd::ZERO,
                    billed: off,
                    effective: off,
                },
            });
        }
    }

    /// The place of a price among the others.
    pub(super) fn price(&mut self, price: PriceRow) -> usize {
        let known = self.prices.iter().position(|known| *known == price);
        known.unwrap_or_else(|| {
            self.prices.push(price);
            self.prices.len() - 1
        })
    }

    /// A line of a bill as quantities of prices: one, but for shares of another platform's plan, which are its lists' costs
    /// by what takes one discount off them.
    fn priced(
        &self,
        own: &Plan,
        plans: &[Plan],
        billed: &Billed,
        line: &CostLine,
    ) -> Vec<(PriceRow, Decimal)> {
        let left = line
            .sku
            .strip_prefix(SHARE_OF_PLAN)
            .and_then(|name| plans.iter().find(|plan| plan.design.name == name));
        let Some(left) = left else {
            return vec![(self.row(own, line), line.quantity)];
        };
        let length = Decimal::from_f64(billed.month.length.as_hours()).unwrap_or(Decimal::ONE);
        let bill = left.months.iter().find(|one| one.month.index == billed.month.index);
        let lines = bill.map_or(&[][..], |billed| &billed.bill.lines);
        let is_labour = line.component == Component::Labour;
        let same = |one: &&CostLine| {
            one.part.region == line.part.region && (one.component == Component::Labour) == is_labour
        };
        let mut rows: Vec<(PriceRow, Decimal)> = Vec::new();
        for one in lines.iter().filter(same) {
            let priced = self.row(left, one);
            let (list, quantity) = match is_labour {
                true => (priced.list, one.quantity),
                false => (Usd::new(Decimal::ONE), one.list_cost.dollars()),
            };
            let row = PriceRow {
                sku: line.sku.clone(),
                unit: if is_labour { PriceUnit::Hour } else { PriceUnit::Dollar },
                list,
                basis: line.price_basis.clone(),
                as_of: line.price_as_of.clone(),
                source: line.price_source.clone(),
                ..priced
            };
            match rows.iter_mut().find(|(known, _)| *known == row) {
                Some((_, sum)) => *sum += quantity,
                None => rows.push((row, quantity)),
            }
        }
        let share = |sum: Decimal| (sum * line.quantity / length).round_dp(SHARE_DECIMALS);
        rows.into_iter().map(|(row, sum)| (row, share(sum))).collect()
    }

    /// The price of a line.
    pub(super) fn row(&self, plan: &Plan, line: &CostLine) -> PriceRow {
        let part = plan.part_of(line);
        let known = plan.each().find(|one| one.part == part.part).and_then(|one| {
            let basis = one.basis.as_ref()?;
            basis.prices.values().find(|price| price.sku == line.sku)
        });
        let market = self.market(&line.part);
        let own = line.price_basis == OWN;
        let discount = known.filter(|_| !own).map(|price| (market, price.group));
        let share = match known {
            Some(price) if !own => price.discount,
            _ => share(line),
        };
        let labour = plan.design.lines.settings.labour_rate.map(|rate| rate.0);
        let asked = self.plan.design.lines.settings.labour_rate.map(|rate| rate.0);
        PriceRow {
            place: format!("{} {}", part.provider, part.region),
            sku: line.sku.clone(),
            unit: line.unit,
            list: line.list_unit_price,
            discount,
            share,
            is_labour: line.component == Component::Labour && labour.is_some() && labour == asked,
            basis: line.price_basis.clone(),
            as_of: line.price_as_of.clone(),
            source: line.price_source.clone(),
        }
    }

    /// The market of a part: its place among those of the scenario, or the first where all have the same discounts.
    pub(super) fn market(&self, part: &Part) -> usize {
        if self.same_discounts() {
            return 0;
        }
        let markets = self.scenario.markets();
        markets.iter().position(|(name, _)| *name == part.region.as_deref()).unwrap_or(0)
    }

    /// Whether discounts are the same everywhere.
    pub fn same_discounts(&self) -> bool {
        let markets = self.scenario.markets();
        markets.windows(2).all(|pair| pair[0].1.discounts == pair[1].1.discounts)
    }

    /// What lines come to, as planned.
    pub fn sum(&self, cost: Cost, wanted: impl Fn(&Line) -> bool) -> Usd {
        self.lines.iter().filter(|line| wanted(line)).map(cost).sum()
    }

    /// What lines come to in each month, as planned.
    pub fn by_month(&self, cost: Cost, wanted: impl Fn(&Line) -> bool) -> Vec<Usd> {
        let mut months = vec![Usd::ZERO; self.months.len()];
        for line in self.lines.iter().filter(|line| wanted(line)) {
            months[line.month] += cost(line);
        }
        months
    }

    /// What is paid for, as bills call it: components, and credits where there are any.
    pub fn names(&self) -> Vec<&'static str> {
        let credits = self.lines.iter().any(|line| line.component.is_none()).then_some(CREDITS);
        self.components.iter().map(|component| component.name()).chain(credits).collect()
    }

    /// The engine's own four costs of a case.
    pub fn engine(&self, case: usize) -> Costs {
        let charges = ledger::charges(self.cases[case].plan(), &self.scenario.finance);
        ledger::costs(charges.iter())
    }

    /// Dollars in the currency of the workbook.
    pub fn converted(&self, amount: Usd) -> f64 {
        number(self.exchange.convert(amount))
    }

    /// Puts words that end in the currency of the workbook, whichever is chosen.
    pub fn in_currency(&self, sheet: &mut Sheet, at: At, words: &str, kind: Kind) {
        let said = format!("{words}{}", self.exchange.currency.code);
        sheet.formula(at, &format!("\"{words}\"&{CURRENCY}"), &*said, kind);
    }

    /// The place of an input's value on the sheet of assumptions.
    pub fn input(&self, name: &str) -> Option<At> {
        let index = self.inputs.iter().position(|input| input.name == name)?;
        Some(assumptions::value_at(index))
    }
}

/// What the SKU of a share of another platform's plan begins with.
const SHARE_OF_PLAN: &str = "plan:";

/// The basis of a price that the scenario states itself: no discount applies to it.
const OWN: &str = "scenario";

/// Decimals of a share of another platform's plan: those of its price for an hour.
const SHARE_DECIMALS: u32 = 12;

/// The discount that is part of a line's price.
fn share(line: &CostLine) -> Decimal {
    let list = line.list_unit_price.dollars();
    if list.is_zero() {
        return Decimal::ZERO;
    }
    Decimal::ONE - line.contracted_unit_price.dollars() / list
}

/// The months of a plan, as people call them: `2027-01`, or `month 1` where no date is known.
fn months(scenario: &Scenario, plan: &Plan) -> Vec<String> {
    let name = |billed: &Billed| match scenario.horizon.billing_period(billed.month.index) {
        Some((start, _)) => format!("{:04}-{:02}", start.year(), start.month()),
        None => format!("month {}", billed.month.index + 1),
    };
    plan.months.iter().map(name).collect()
}

/// What a year takes off, by what a month takes off; as it was written where that was for a year.
fn a_year(per_month: f64) -> f64 {
    const GRAIN: f64 = 1e12;
    let year = libm::pow(1.0 + per_month, f64::from(YEAR)) - 1.0;
    libm::round(year * GRAIN) / GRAIN
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(list: &str, contracted: &str) -> CostLine {
        let usd = |text: &str| -> Usd { text.parse().expect("a literal in a test") };
        CostLine {
            component: Component::Brokers,
            part: Part::default(),
            cause: Cause::Serve,
            grows_with: Driver::Fixed,
            sku: "vm:m".to_owned(),
            quantity: Decimal::from(730),
            unit: PriceUnit::Hour,
            list_unit_price: usd(list),
            contracted_unit_price: usd(contracted),
            list_cost: Usd::ZERO,
            contracted_cost: Usd::ZERO,
            contracted_cost_low: None,
            price_source: String::new(),
            price_as_of: String::new(),
            price_basis: String::new(),
        }
    }

    #[test]
    fn a_discount_is_a_share_of_the_list_price() {
        // $0.36 of $0.40, $0.40 of it, and nothing of nothing.
        assert_eq!(share(&line("0.40", "0.36")), Decimal::new(1, 1));
        assert_eq!(share(&line("0.40", "0.40")), Decimal::ZERO);
        assert_eq!(share(&line("0", "0")), Decimal::ZERO);
    }

    #[test]
    fn a_rate_of_a_year_is_as_it_was_written() {
        // Twelve months at 1.08^(1/12) − 1 are 8 %, and twelve at 1 % are 1.01¹² − 1.
        assert_eq!(a_year(libm::pow(1.08, 1.0 / 12.0) - 1.0), 0.08);
        assert_eq!(a_year(0.01), 0.126_825_030_132);
        assert_eq!(a_year(0.0), 0.0);
    }
}
