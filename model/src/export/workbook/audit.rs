//! The last sheet that people read: where it comes from.

use super::book::Book;
use super::cells::{At, Kind, Sheet, Style};
use super::names::AUDIT;

/// The row of the first entry.
const FIRST: u32 = 3;

/// The sheet.
pub(super) fn sheet(book: &Book) -> Sheet {
    let mut sheet = Sheet::new(AUDIT, &[34.0, 110.0]);
    sheet.landscape = true;
    sheet.text(At::new(0, 0), "Audit", Kind::Title);
    sheet.text(At::new(1, 0), "Where this workbook comes from.", Kind::Note);
    let entries = book.asked.audit.iter().map(|(name, value)| (&**name, &**value));
    let all = entries.chain(NOTES.iter().copied());
    for (row, (name, value)) in (FIRST..).zip(all) {
        sheet.text(At::new(row, 0), name, Kind::Text);
        sheet.text(At::new(row, 1), value, Style::engine(Kind::Wrapped));
    }
    sheet
}

/// How to read it.
const NOTES: [(&str, &str); 5] = [
    (
        "What is live",
        "Growth, discounts, rate of exchange, discount rate and labour on Assumptions, and what follows from them.",
    ),
    (
        "What is not",
        "The size of the platform. Each growth is a run of the engine; another discount does not choose another machine.",
    ),
    (
        "Money",
        "Dollars with all digits on Prices, Lines and Checks; the currency of Assumptions on Summary, Plan and Variance. Cells show whole cents and hold more.",
    ),
    ("Effective cost (accrual)", "What each month uses up."),
    (
        "Billed cost (cash)",
        "What is invoiced in each month. Labour is in it, though nobody invoices it.",
    ),
];
