use model::export::figures::counted;
use model::order;
use yew::prelude::*;

use page_engine::protocol::{Fault, Row, Sheet};

/// Every platform's total, the least first, in sight while inputs change.
pub fn totals(sheet: Option<&Sheet>, faults: &[Fault], current: bool, per: &str) -> Html {
    let Some(sheet) = sheet else { return html! {} };
    let mut rows: Vec<&Row> = sheet.rows.iter().filter(|row| !row.part).collect();
    let least = |row: &Row| sheet.cheapest.as_ref() == Some(&row.name);
    let key = |row: &Row| (!least(row), !row.rejected.is_empty(), row.dollars);
    order::sort_by(&mut rows, |one, other| {
        key(one).partial_cmp(&key(other)).unwrap_or(std::cmp::Ordering::Equal)
    });
    let problems = (!faults.is_empty()).then(|| counted(faults.len(), "problem"));
    html! {
        <section class={classes!("totals", (!current).then_some("stale"))} aria-label="Totals">
            <span class="unit">{ format!("$ per {per}") }</span>
            <ul tabindex="0">
                for row in rows {
                    <li class={classes!(least(row).then_some("cheapest"))}>
                        <span class="name">{ &row.name }</span>
                        <span class="amount">{ if row.rejected.is_empty() { row.total.as_str() } else { "cannot be planned" } }</span>
                    </li>
                }
            </ul>
            if let Some(problems) = problems {
                <strong class="problems">{ problems }{ ": these totals are from before" }</strong>
            }
        </section>
    }
}
