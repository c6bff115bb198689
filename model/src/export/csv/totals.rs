//! The table of totals: what each platform costs by month, by fiscal year, and in all.
//!
//! `per` says what a row is of. Whoever adds up a column takes the rows of one kind.

use std::fmt;

use rust_decimal::Decimal;

use super::{Cell, Tables, Writer, why_not};
use crate::bill::Component;
use crate::export::cents::{self, COSTS, Cents, Shown, added};
use crate::finance::FiscalYear;
use crate::plan::Plan;

/// The columns, in order.
const COLUMNS: [&str; 14] = [
    "platform",
    "per",
    "month",
    "calendar_month",
    "fiscal_year",
    COSTS[0],
    COSTS[1],
    COSTS[2],
    COSTS[3],
    "billed_cost_so_far",
    "of_it_labour",
    "currency",
    "complete",
    "note",
];

/// The costs of some months, and what of the effective cost nobody invoices.
#[derive(Clone, Copy, Default)]
struct Sum {
    costs: Shown,
    labour: Decimal,
}

/// Writes the table.
pub(super) fn write(tables: &Tables<'_>, sink: &mut dyn fmt::Write) -> Result<u64, fmt::Error> {
    let mut writer = Writer::new(tables.profile, sink, COLUMNS.into_iter())?;
    for outcome in tables.outcomes() {
        match outcome {
            Ok(plan) => platform(tables, plan, &mut writer)?,
            Err(rejection) => {
                let name = Cell::from(rejection.design.name.as_str());
                let between = std::iter::repeat_n(Cell::Empty, COLUMNS.len() - 2);
                writer.row([name].into_iter().chain(between).chain([why_not(rejection).into()]))?;
            }
        }
    }
    Ok(writer.rows())
}

fn platform(tables: &Tables<'_>, plan: &Plan, writer: &mut Writer<'_>) -> fmt::Result {
    let months = months(tables, plan);
    let code = tables.exchange().currency.code;
    let gaps: Vec<&str> = plan.bill.gaps.iter().map(|gap| gap.component.name()).collect();
    let note =
        if gaps.is_empty() { String::new() } else { format!("no price for {}", gaps.join(", ")) };
    let mut row = |per: &'static str,
                   month: Option<u32>,
                   year: Option<FiscalYear>,
                   sum: Sum,
                   so_far: Decimal| {
        let place = [
            month.map_or(Cell::Empty, |month| Cell::Number((month + 1).into())),
            month.map_or(Cell::Empty, |month| tables.calendar_month(month).into()),
            year.map_or(Cell::Empty, |year| year.to_string().into()),
        ];
        let amounts = sum.costs.into_iter().chain([so_far, sum.labour]).map(Cell::Number);
        let rest: [Cell; 3] =
            [code.into(), if gaps.is_empty() { "yes" } else { "no" }.into(), note.clone().into()];
        let before = [plan.design.name.as_str().into(), per.into()];
        writer.row(before.into_iter().chain(place).chain(amounts).chain(rest))
    };
    let mut so_far = Decimal::ZERO;
    let mut years: Vec<(FiscalYear, Sum, Decimal)> = Vec::new();
    let mut whole = Sum::default();
    for (month, sum) in months {
        so_far += sum.costs[2];
        whole = whole.and(sum);
        let year = tables.fiscal_year(month);
        row("month", Some(month), year, sum, so_far)?;
        match (year, years.last_mut()) {
            (Some(year), Some((last, of_it, until))) if *last == year => {
                (*of_it, *until) = (of_it.and(sum), so_far);
            }
            (Some(year), _) => years.push((year, sum, so_far)),
            (None, _) => {}
        }
    }
    for (year, sum, until) in years {
        row("fiscal year", None, Some(year), sum, until)?;
    }
    row("horizon", None, None, whole, so_far)
}

/// What each month comes to.
fn months(tables: &Tables<'_>, plan: &Plan) -> Vec<(u32, Sum)> {
    let finance = &tables.scenario.finance;
    let cents = Cents::of(plan, finance);
    let zero = Decimal::new(0, cents.exchange().currency.decimals);
    let mut sums: Vec<(u32, Sum)> = plan
        .months
        .iter()
        .zip(cents.months())
        .map(|(billed, costs)| (billed.month.index, Sum { costs, labour: zero }))
        .collect();
    let _ = cents::each::<()>(plan, finance, &cents, |row| {
        let labour = row.charge.component == Some(Component::Labour);
        let month = sums.iter_mut().find(|(month, _)| *month == row.charge.month);
        if let (true, Some((_, sum))) = (labour, month) {
            sum.labour += row.shown[3];
        }
        Ok(())
    });
    sums
}

impl Sum {
    fn and(self, other: Self) -> Self {
        Self { costs: added(self.costs, other.costs), labour: self.labour + other.labour }
    }
}
