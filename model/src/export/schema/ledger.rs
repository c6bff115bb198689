//! Of charges, contracts, finance and the audit block.

use serde_json::{Value, json};

use super::{count, decimal, flag, list, may, must, nullable, number, object, text, words};
use crate::bill::Component;
use crate::ledger::CREDITS;

pub(super) fn platform() -> Value {
    object(&[
        must("platform", text(), ""),
        must("costs", costs(), "Of the horizon, in US dollars."),
        must("shown", costs(), "The same in the currency of `finance`, to its minor unit."),
        must("fiscal_years", list(year()), "None where no dates are known."),
        must("months", list(month()), ""),
        must("contracts", list(contract()), "Terms of commitments that begin within the horizon."),
    ])
}

fn costs() -> Value {
    object(&[
        must("list", decimal(), "Before discounts; fees of commitments aside."),
        must(
            "contracted",
            decimal(),
            "After negotiated discounts, on demand; fees of commitments aside.",
        ),
        must("billed", decimal(), "Cash: what is invoiced."),
        must("effective", decimal(), "Accrual: fees of commitments spread over their hours."),
    ])
}

fn year() -> Value {
    object(&[
        must("fiscal_year", text(), "By the calendar year in which it ends: `FY2027`."),
        must("costs", costs(), ""),
        must("shown", costs(), ""),
    ])
}

fn month() -> Value {
    let component = Component::ALL.iter().map(|one| json!(one)).chain([json!(CREDITS)]);
    let component: Vec<Value> = component.collect();
    object(&[
        must("month", count(), "Counted from 1."),
        must("calendar_month", nullable(text()), "`2027-01`; null where no date is known."),
        must("fiscal_year", nullable(text()), ""),
        must("costs", costs(), ""),
        must("shown", costs(), ""),
        must(
            "components",
            list(object(&[
                must("component", json!({ "enum": component }), ""),
                must(
                    "charge_kind",
                    words(&["usage", "unused-commitment", "commitment-fee", "credit"]),
                    "",
                ),
                must("costs", costs(), ""),
            ])),
            "",
        ),
    ])
}

fn contract() -> Value {
    object(&[
        must("id", text(), "Unique in its plan."),
        must("name", text(), "The commitment of the scenario."),
        must("part", text(), "Which part of the platform; empty for the whole."),
        must("machine", text(), ""),
        must("sku", text(), "Of its hour, as it stands on the bill."),
        must("on_demand_sku", text(), ""),
        must("brokers", count(), ""),
        must("years", count(), ""),
        must("upfront", decimal(), "Share that is paid upfront."),
        must("terms", text(), "In words."),
        must("from_month", count(), "First month of its term."),
        must("until_month", count(), "Last month of its term; it may be beyond the horizon."),
        must("list_hour", decimal(), "An hour on demand before discounts."),
        must("on_demand_hour", decimal(), "An hour on demand."),
        must("hour", decimal(), "An hour of the contract, its upfront fee included."),
        must("total", decimal(), "All of its fees."),
        must("source", text(), ""),
        must("as_of", text(), ""),
    ])
}

pub(super) fn finance() -> Value {
    let exchange = object(&[
        must("per_usd", decimal(), "Units of the currency for one US dollar."),
        must("source", text(), ""),
        must("as_of", text(), ""),
    ]);
    object(&[
        must("currency", json!({ "type": "string", "pattern": "^[A-Z]{3}$" }), "ISO 4217."),
        must("exchange", nullable(exchange), "Null where the currency is the US dollar."),
        must("discount_per_month", nullable(number()), "Of present values; 0.01 is 1 %."),
        must(
            "fiscal_year_start",
            json!({ "type": "integer", "minimum": 1, "maximum": 12 }),
            "1 is January.",
        ),
        must("commitments", list(purchase()), ""),
        must("credits", list(credit()), ""),
    ])
}

fn purchase() -> Value {
    let quote = object(&[
        must("discount", decimal(), "On the list price of an hour on demand, as a share."),
        must("source", text(), ""),
        must("as_of", text(), ""),
    ]);
    object(&[
        must("name", text(), ""),
        must("platform", nullable(text()), "Null for all platforms."),
        must("years", count(), ""),
        must("upfront", decimal(), "Share that is paid upfront."),
        must("payment", text(), "In words."),
        must("brokers", nullable(count()), ""),
        must("coverage", nullable(number()), "Share of the brokers of its first month."),
        must("from_month", count(), ""),
        must("renew", flag(), ""),
        must("quote", nullable(quote), "The scenario's own; null for the catalogue's price."),
    ])
}

fn credit() -> Value {
    object(&[
        must("name", text(), ""),
        must("platform", nullable(text()), "Null for all platforms."),
        must("amount_a_month", decimal(), "At most; never more than is invoiced."),
        must("from_month", count(), ""),
        must("months", nullable(count()), "Null to the end of the horizon."),
        must("source", text(), ""),
    ])
}

pub(super) fn audit() -> Value {
    let hash = || json!({ "type": "string", "pattern": "^[0-9a-f]{64}$" });
    object(&[
        must("engine_version", text(), ""),
        must("scenario_sha256", hash(), "Of its text with line feeds for line ends."),
        must(
            "catalog_sha256",
            hash(),
            "Of the list that `sha256sum` prints for its files, by name.",
        ),
        must("oldest_price", text(), "A year, a month or a day; empty where no price has a date."),
        must("newest_price", text(), ""),
        must("command", text(), "As it was given, without folders."),
        may("created", text(), "Left out where the same input is to give the same bytes."),
        may(
            "stale",
            object(&[
                must("today", text(), "The day on which it is."),
                must("sentences", list(text()), "Prices and presets."),
            ]),
            "What is older than it should be; left out where nothing is, or no day was given.",
        ),
        must(
            "checks",
            list(object(&[
                must("platform", text(), ""),
                must("name", text(), "What is held against what."),
                must("left", decimal(), ""),
                must("right", decimal(), ""),
                must("holds", flag(), ""),
            ])),
            "",
        ),
    ])
}
