//! What all sheets are of: the lines of a plan's bills in every case, their prices, and what may be changed.

use rust_decimal::Decimal;
use rust_decimal::prelude::FromPrimitive;

use super::cells::At;
use super::growth::Case;
use super::{Asked, assumptions};
use crate::bill::{Bill, Cause, Component, CostLine, Driver, Part};
use crate::comparison::Comparison;
use crate::float;
use crate::map::Map;
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
    /// Every line of every month's bill, in the order of months and bills.
    pub lines: Vec<Line>,
    /// What may be changed.
    pub inputs: Vec<Input>,
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

/// A line of a month's bill, with its quantity in each case.
#[derive(Clone, Debug)]
pub(super) struct Line {
    /// Which month; 0 is the first.
    pub month: usize,
    pub component: Component,
    pub part: Part,
    pub cause: Cause,
    pub grows_with: Driver,
    /// Its price, by its place among the prices.
    pub price: usize,
    /// How much of it, in each case.
    pub quantities: Vec<Decimal>,
}

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
    /// What a dollar is in the currency.
    Exchange(Decimal),
    /// Dollars for an hour.
    Rate(Usd),
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
            lines: Vec::new(),
            inputs: Vec::new(),
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
        book.read_lines();
        book.inputs = assumptions::inputs(&book);
        Some(book)
    }

    /// Lines of all cases: the same line of a month is one row, and what only another case has is one that is zero here.
    fn read_lines(&mut self) {
        let count = self.cases.len();
        for month in 0..self.months.len() {
            let mut rows: Vec<Line> = Vec::new();
            for case in 0..count {
                let plans = self.cases[case].plans;
                let own = &plans[0];
                let billed = &own.months[month];
                for line in &billed.bill.lines {
                    for (price, quantity) in self.priced(own, plans, billed, line) {
                        let place = self.price(price);
                        let known = rows.iter_mut().find(|row| {
                            row.price == place
                                && row.component == line.component
                                && row.cause == line.cause
                                && row.grows_with == line.grows_with
                                && row.part == line.part
                        });
                        match known {
                            Some(row) => row.quantities[case] += quantity,
                            None => {
                                let mut quantities = vec![Decimal::ZERO; count];
                                quantities[case] = quantity;
                                rows.push(Line {
                                    month,
                                    component: line.component,
                                    part: line.part.clone(),
                                    cause: line.cause,
                                    grows_with: line.grows_with,
                                    price: place,
                                    quantities,
                                });
                            }
                        }
                    }
                }
            }
            order::sort_by_key(&mut rows, |row| row.component);
            self.lines.extend(rows);
        }
        let used =
            |component: &&Component| self.lines.iter().any(|row| row.component == **component);
        self.components = Component::ALL.iter().filter(used).copied().collect();
    }

    /// The place of a price among the others.
    fn price(&mut self, price: PriceRow) -> usize {
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
    fn row(&self, plan: &Plan, line: &CostLine) -> PriceRow {
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
    fn market(&self, part: &Part) -> usize {
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

    /// What a line costs before discounts.
    pub fn list_cost(&self, line: &Line) -> Usd {
        self.prices[line.price].list * line.quantities[0]
    }

    /// What a line costs after discounts.
    pub fn contracted_cost(&self, line: &Line) -> Usd {
        self.prices[line.price].contracted() * line.quantities[0]
    }

    /// What lines come to, as planned.
    pub fn sum(&self, cost: fn(&Self, &Line) -> Usd, wanted: impl Fn(&Line) -> bool) -> Usd {
        self.lines.iter().filter(|line| wanted(line)).map(|line| cost(self, line)).sum()
    }

    /// What each component costs in each month, as planned: sums that many cells ask for.
    pub fn by_component(&self, cost: fn(&Self, &Line) -> Usd) -> Map<(Component, usize), Usd> {
        let mut sums: Map<(Component, usize), Usd> = Map::new();
        for line in &self.lines {
            *sums.or_default((line.component, line.month)) += cost(self, line);
        }
        sums
    }

    /// Dollars in the currency of the workbook.
    pub fn converted(&self, amount: Usd) -> f64 {
        number(amount.dollars().saturating_mul(self.asked.exchange.rate))
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

/// What a bill comes to at list prices, and after discounts.
pub(super) fn totals(bill: &Bill) -> (Usd, Usd) {
    (bill.list_cost(), bill.contracted_cost())
}
