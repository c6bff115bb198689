//! The sheet of every price of the lines: list, discount, what is left, who says so and when.

use super::assumptions::{self, LABOUR_RATE};
use super::book::{Book, dollars, number};
use super::cells::{Area, At, Kind, Sheet, Style};
use super::names::PRICES;

/// The row of the first price.
const FIRST: u32 = 4;
const LIST: u16 = 4;
const DISCOUNT: u16 = 5;
const CONTRACTED: u16 = 6;

/// Where the list price of a row is.
pub(super) fn list_at(index: usize) -> At {
    At::new(FIRST + index as u32, LIST)
}

/// Where the contracted price of a row is.
pub(super) fn contracted_at(index: usize) -> At {
    At::new(FIRST + index as u32, CONTRACTED)
}

/// The sheet.
pub(super) fn sheet(book: &Book) -> Sheet {
    let mut sheet =
        Sheet::new(PRICES, &[22.0, 34.0, 12.0, 14.0, 16.0, 11.0, 16.0, 11.0, 12.0, 60.0]);
    sheet.landscape = true;
    sheet.text(At::new(0, 0), "Prices", Kind::Title);
    let note = "In USD for one unit. A step of a ladder is a row of its own. Discounts come from Assumptions.";
    sheet.text(At::new(1, 0), note, Kind::Note);
    let header = At::new(FIRST - 1, 0);
    sheet.texts(header, &["Where", "SKU", "Unit", "Group"], Kind::Header);
    let heads = ["List price, USD", "Discount", "Contracted price, USD"];
    sheet.texts(At { column: LIST, ..header }, &heads, Kind::HeaderRight);
    sheet.texts(At { column: 7, ..header }, &["Basis", "As of", "Source"], Kind::Header);
    for (row, price) in (FIRST..).zip(&book.prices) {
        let group = price.discount.map_or("none", |(_, group)| group.name());
        let texts = [&*price.place, &price.sku, price.unit.name(), group];
        sheet.texts(At::new(row, 0), &texts, Kind::Text);
        let (list, discount, contracted) =
            (At::new(row, LIST), At::new(row, DISCOUNT), At::new(row, CONTRACTED));
        if price.is_labour {
            sheet.formula(list, LABOUR_RATE, dollars(price.list), Kind::UnitPrice);
        } else {
            sheet.number(list, dollars(price.list), Style::engine(Kind::UnitPrice));
        }
        match price.discount {
            Some((market, group)) => {
                let name = assumptions::discount(market, group);
                sheet.formula(discount, &name, number(price.share), Kind::Percent);
            }
            None => sheet.number(discount, number(price.share), Style::engine(Kind::Percent)),
        }
        let formula = format!("{}*(1-{})", list.name(), discount.name());
        sheet.formula(contracted, &formula, dollars(price.contracted()), Kind::UnitPrice);
        sheet.texts(At::new(row, 7), &[&*price.basis, &price.as_of], Kind::Text);
        sheet.text(At::new(row, 9), &price.source, Kind::Wrapped);
    }
    let last = At::new(FIRST + book.prices.len().max(1) as u32 - 1, 9);
    sheet.filter = Some(Area::new(header, last));
    sheet.frozen = At::new(FIRST, 2);
    sheet.printed_header = Some(FIRST - 1);
    sheet
}
