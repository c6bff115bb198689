//! The long table: a row for each charge of each month of each platform's bill.
//!
//! What is paid for at a price that is not public has a row without a cost, a further line that nobody asked for has one of
//! zero, and a platform without a plan has one row without a component; the `note` of all of them says why.
//!
//! The fee of a commitment has no list and no contracted cost: the hours that it pays for have them, and whoever adds up a
//! column would count them twice. A credit has none either: list and contracted cost are before credits.

use std::fmt;

use rust_decimal::Decimal;

use super::{Cell, Tables, Writer, why_not};
use crate::bill::{Absent, Component, Gap};
use crate::design::Design;
use crate::export::cents::{self, COSTS, Cents, Shown};
use crate::finance::{Currency, Exchange};
use crate::ledger::{Charge, ChargeKind};
use crate::money::Usd;
use crate::plan::{Plan, Rejection};

/// What the row of a gap says.
pub const NOT_PUBLIC: &str = "not public, or no price here: enter your quote";

/// A row, and all that its cells say.
struct Row<'a> {
    tables: &'a Tables<'a>,
    exchange: &'a Exchange,
    design: &'a Design,
    /// The part that it is of; `None` for what is of the whole.
    part: Option<&'a Plan>,
    month: u32,
    what: What<'a>,
}

#[derive(Clone, Copy)]
enum What<'a> {
    Charge(&'a Charge, Shown),
    Gap(&'a Gap),
    Absent(&'a Absent),
    Rejection(&'a Rejection),
}

/// Writes the table.
pub(super) fn write(tables: &Tables<'_>, sink: &mut dyn fmt::Write) -> Result<u64, fmt::Error> {
    let mut writer = Writer::new(tables.profile, sink, COLUMNS.iter().map(|(name, _)| *name))?;
    let exchange = tables.exchange();
    for outcome in tables.outcomes() {
        let design = match outcome {
            Ok(plan) => &plan.design,
            Err(rejection) => &rejection.design,
        };
        let of = (tables, design, &exchange);
        let mut write = |row: Row<'_>| writer.row(COLUMNS.iter().map(|(_, cell)| cell(&row)));
        match outcome {
            Err(rejection) => write(Row::whole(of, What::Rejection(rejection)))?,
            Ok(plan) => {
                let cents = Cents::of(plan, &tables.scenario.finance);
                cents::each(plan, &tables.scenario.finance, &cents, |found| {
                    let what = What::Charge(found.charge, found.shown);
                    let part = found.charge.component.map(|_| plan.part_at(&found.charge.part));
                    write(Row { part, month: found.charge.month, ..Row::whole(of, what) })
                })?;
                plan.bill.gaps.iter().try_for_each(|gap| write(Row::whole(of, What::Gap(gap))))?;
                let mut absent = plan.bill.absent.iter();
                absent.try_for_each(|absent| write(Row::whole(of, What::Absent(absent))))?;
            }
        }
    }
    Ok(writer.rows())
}

impl<'a> Row<'a> {
    /// What is of a whole platform.
    fn whole(
        (tables, design, exchange): (&'a Tables<'a>, &'a Design, &'a Exchange),
        what: What<'a>,
    ) -> Self {
        Self { tables, exchange, design, part: None, month: tables.comparison.month.index, what }
    }

    fn charge(&self) -> Option<&'a Charge> {
        match self.what {
            What::Charge(charge, _) => Some(charge),
            _ => None,
        }
    }

    fn component(&self) -> Option<Component> {
        match self.what {
            What::Charge(charge, _) => charge.component,
            What::Gap(gap) => Some(gap.component),
            What::Absent(absent) => Some(absent.component),
            What::Rejection(_) => None,
        }
    }

    fn said(&self, say: impl Fn(&'a Charge) -> &'a str) -> Cell<'a> {
        self.charge().map_or(Cell::Empty, |charge| say(charge).into())
    }

    fn counted(&self, count: impl Fn(&Charge) -> Decimal) -> Cell<'a> {
        self.charge().map_or(Cell::Empty, |charge| Cell::exact(count(charge)))
    }

    /// What a credit has not.
    fn priced(&self, price: fn(&Charge) -> Usd) -> Cell<'a> {
        let priced = self.charge().filter(|charge| charge.kind != ChargeKind::Credit);
        priced.map_or(Cell::Empty, |charge| Cell::exact(price(charge).dollars()))
    }

    /// What kind of row it is.
    fn kind(&self) -> &'static str {
        match self.what {
            What::Charge(charge, _) => charge.kind_name(),
            What::Gap(_) => "no price",
            What::Absent(absent) if absent.included.is_some() => "included",
            What::Absent(_) => "not asked for",
            What::Rejection(_) => "no plan",
        }
    }

    /// One of the four costs, rounded.
    fn shown(&self, cost: usize) -> Cell<'a> {
        match self.what {
            What::Charge(charge, _) if cost < FEES_FROM && !charge.is_consumption() => Cell::Empty,
            What::Charge(_, shown) => Cell::Number(shown[cost]),
            What::Absent(_) => Cell::Number(Decimal::new(0, self.exchange.currency.decimals)),
            What::Gap(_) | What::Rejection(_) => Cell::Empty,
        }
    }

    /// One of the four costs in dollars, with all digits.
    fn exact(&self, cost: usize, amount: fn(&Charge) -> Usd) -> Cell<'a> {
        match self.what {
            What::Charge(charge, _) if cost < FEES_FROM && !charge.is_consumption() => Cell::Empty,
            What::Charge(charge, _) => Cell::exact(amount(charge).dollars()),
            What::Absent(_) => Cell::Number(Decimal::ZERO),
            What::Gap(_) | What::Rejection(_) => Cell::Empty,
        }
    }

    fn note(&self) -> Cell<'a> {
        match self.what {
            What::Charge(..) => Cell::Empty,
            What::Gap(gap) => format!("{NOT_PUBLIC}; {}; {}", gap.what, gap.hint).into(),
            What::Absent(absent) => absent.why().into(),
            What::Rejection(rejection) => why_not(rejection).into(),
        }
    }

    fn component_name(&self) -> &'static str {
        match self.what {
            What::Charge(charge, _) => charge.component_name(),
            _ => self.component().map_or("", Component::name),
        }
    }

    fn design(&self) -> &'a Design {
        self.part.map_or(self.design, |part| &part.design)
    }
}

/// The first cost that fees of commitments have.
const FEES_FROM: usize = 2;

type Column = (&'static str, for<'a> fn(&'a Row<'a>) -> Cell<'a>);

/// The columns, in order.
static COLUMNS: &[Column] = &[
    ("platform", |row| row.design.name.as_str().into()),
    ("part", |row| row.charge().map_or(Cell::Empty, |charge| charge.part.name().into())),
    ("preset", |row| row.design().preset.name.into()),
    ("architecture", |row| row.design().architecture().name().into()),
    ("month", |row| Cell::Number((row.month + 1).into())),
    ("calendar_month", |row| row.tables.calendar_month(row.month).into()),
    ("fiscal_year", |row| {
        row.tables.fiscal_year(row.month).map_or(Cell::Empty, |year| year.to_string().into())
    }),
    ("component", |row| row.component_name().into()),
    ("charge_kind", |row| row.kind().into()),
    ("cause", |row| {
        let cause = row.charge().and_then(|charge| charge.cause);
        cause.map_or(Cell::Empty, |cause| cause.name().into())
    }),
    ("grows_with", |row| {
        row.charge().map_or(Cell::Empty, |charge| charge.grows_with.name().into())
    }),
    ("sku", |row| row.said(|charge| &charge.sku)),
    ("commitment", |row| row.said(|charge| charge.contract.as_deref().unwrap_or_default())),
    ("quantity", |row| row.counted(|charge| charge.quantity)),
    ("unit", |row| row.charge().map_or(Cell::Empty, |charge| charge.unit.name().into())),
    ("list_unit_price", |row| row.priced(|charge| charge.list_unit_price)),
    ("contracted_unit_price", |row| row.priced(|charge| charge.contracted_unit_price)),
    ("effective_unit_price", |row| row.counted(|charge| charge.effective_unit_price().dollars())),
    (COSTS[0], |row| row.shown(0)),
    (COSTS[1], |row| row.shown(1)),
    (COSTS[2], |row| row.shown(2)),
    (COSTS[3], |row| row.shown(3)),
    ("currency", |row| row.exchange.currency.code.into()),
    ("fx_rate", |row| Cell::exact(row.exchange.rate)),
    ("list_cost_exact", |row| row.exact(0, |charge| charge.list_cost)),
    ("contracted_cost_exact", |row| row.exact(1, |charge| charge.contracted_cost)),
    ("contracted_cost_low_exact", |row| {
        let low = |charge: &Charge| charge.contracted_cost_low.unwrap_or(charge.contracted_cost);
        let consumed = row.charge().filter(|charge| charge.is_consumption());
        consumed.map_or(Cell::Empty, |charge| Cell::exact(low(charge).dollars()))
    }),
    ("billed_cost_exact", |row| row.exact(2, |charge| charge.billed_cost)),
    ("effective_cost_exact", |row| row.exact(3, |charge| charge.effective_cost)),
    ("pricing_currency", |_| Currency::USD.code.into()),
    ("price_source", |row| row.said(|charge| &charge.price_source)),
    ("price_as_of", |row| row.said(|charge| &charge.price_as_of)),
    ("price_basis", |row| row.said(|charge| &charge.price_basis)),
    ("provider", |row| {
        row.part.map_or(&*row.tables.comparison.provider, |part| &*part.provider).into()
    }),
    ("region", |row| row.part.map_or(&*row.tables.comparison.region, |part| &*part.region).into()),
    ("note", |row| row.note()),
];
