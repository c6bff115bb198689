//! The answer: what it comes to in words, the platforms side by side, and what each pays for.

use std::rc::Rc;

use model::export::figures::counted;
use yew::prelude::*;

use super::{prose, scrolling};
use page_engine::protocol::{Row, Sheet};

/// What somebody asks about: a platform, one of its components or all, and the amount.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// The platform.
    pub platform: String,
    /// The component; empty for all.
    pub component: String,
    /// What it costs, as it is shown.
    pub amount: String,
}

/// The rest of the verdict, and what the answer is about.
pub fn notes(sheet: &Sheet, old: &[String]) -> Html {
    html! {
        <div class="notes">
            for sentence in sheet.verdict.iter().skip(1) {
                <p>{ prose(sentence) }</p>
            }
            <p class="about">{ &sheet.title }{ ": " }{ &sheet.place }{ ", " }{ &sheet.span }{ ". Costs are US dollars, written 1,234.56, an average over the whole time." }</p>
            <ul class="about workload">
                for line in &sheet.workload {
                    <li>{ line }</li>
                }
            </ul>
            if let Some((oldest, newest)) = &sheet.dates {
                <p class="about prices-of">
                    { if oldest == newest { format!("Prices of {oldest}.") } else { format!("Prices of {oldest} to {newest}.") } }
                    for sentence in old {
                        { " " }<strong class="stale">{ sentence }</strong>
                    }
                </p>
            }
            if let Some(names) = &sheet.absent {
                <p class="about">{ format!("Not asked for, and so zero: {names}.") }</p>
            }
        </div>
    }
}

/// The platforms side by side: what each is, takes and costs.
pub fn platforms(sheet: &Sheet, per: &str) -> Html {
    let table = html! {
        <table class="platforms">
            <caption><span>{ "Platforms side by side" }</span></caption>
            <thead>
                <tr>
                    <th scope="col">{ "Platform" }</th>
                    <th scope="col" class="number">{ format!("Total per {per}") }</th>
                    <th scope="col">{ "Fleet" }</th>
                    <th scope="col">{ "What binds" }</th>
                    <th scope="col" class="number">{ "Over the horizon" }</th>
                    <th scope="col" class="number">{ "Write p50" }</th>
                    <th scope="col" class="number">{ "Redundant after" }</th>
                </tr>
            </thead>
            <tbody>
                for row in &sheet.rows {
                    { if row.rejected.is_empty() { planned(row, sheet) } else { rejected(row) } }
                }
            </tbody>
        </table>
    };
    scrolling("Platforms side by side", table)
}

fn planned(row: &Row, sheet: &Sheet) -> Html {
    let cheapest = !row.part && sheet.cheapest.as_ref() == Some(&row.name);
    html! {
        <tr class={classes!(cheapest.then_some("cheapest"), row.part.then_some("part"))}>
            <th scope="row">
                { &row.name }
                if !row.part {
                    <small>{ &row.title }{ " · " }{ &row.architecture }</small>
                }
            </th>
            <td class="number total">{ &row.total }<small>{ &row.against }</small></td>
            <td class="whole fleet">{ &row.fleet }</td>
            <td class="binding">
                { &row.binds }
                <small>{ &row.headroom }</small>
                if let Some(used) = row.used {
                    { meter(used) }
                }
            </td>
            <td class="number horizon">{ &row.horizon }</td>
            <td class="number">{ &row.latency }</td>
            <td class="number recovery">{ &row.recovery }</td>
        </tr>
    }
}

/// How much is used, as a bar.
fn meter(used: f64) -> Html {
    let width = (used.clamp(0.0, 1.0) * 100.0).round();
    html! {
        <svg class="meter" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">
            <rect class="all" width="100" height="4" />
            <rect class="used" width={width.to_string()} height="4" />
        </svg>
    }
}

fn rejected(row: &Row) -> Html {
    html! {
        <tr class="rejected">
            <th scope="row">{ &row.name }<small>{ &row.title }{ " · " }{ &row.architecture }</small></th>
            <td colspan="6" class="remarks">
                <strong>{ "Cannot be planned. " }</strong>
                for (what, hint) in &row.rejected {
                    <p>{ prose(what) }{ "; " }{ prose(hint) }</p>
                }
            </td>
        </tr>
    }
}

/// What a careful reader should know about each platform: unknown prices, warnings, what broke.
pub fn remarks(sheet: &Sheet) -> Html {
    let told =
        |row: &&Row| !(row.gaps.is_empty() && row.warnings.is_empty() && row.incidents.is_empty());
    let rows: Vec<&Row> = sheet.rows.iter().filter(|row| !row.part).filter(told).collect();
    html! {
        <div class="remarks-of">
            for row in rows {
                <details class="more">
                    <summary>
                        <strong>{ &row.name }</strong>
                        <span class="quiet">{ counts(row) }</span>
                    </summary>
                    <ul>
                        for (what, hint) in &row.gaps {
                            <li><strong>{ "Not known: " }{ prose(what) }{ ". " }</strong>{ prose(hint) }</li>
                        }
                        for incident in &row.incidents {
                            <li>{ prose(incident) }</li>
                        }
                        for warning in &row.warnings {
                            <li>{ prose(warning) }</li>
                        }
                    </ul>
                </details>
            }
        </div>
    }
}

fn counts(row: &Row) -> String {
    let unheld = match row.incidents.len() {
        1 => "1 thing that did not hold".to_owned(),
        more => format!("{more} things that did not hold"),
    };
    let parts = [
        (row.gaps.len(), counted(row.gaps.len(), "unknown price")),
        (row.incidents.len(), unheld),
        (row.warnings.len(), counted(row.warnings.len(), "remark")),
    ];
    let told = parts.into_iter().filter(|(count, _)| *count > 0).map(|(_, words)| words);
    format!(": {}", told.collect::<Vec<_>>().join(", "))
}

#[derive(Clone, PartialEq, Properties)]
pub struct ComponentsProps {
    /// The answer.
    pub sheet: Rc<Sheet>,
    /// The time that costs are for.
    pub per: &'static str,
    /// Called with what somebody asks about.
    pub ask: Callback<Asked>,
}

/// The bill by component: every amount says why when it is asked.
#[component]
pub fn Components(props: &ComponentsProps) -> Html {
    let sheet = &props.sheet;
    let heads = sheet.components.iter().map(String::as_str).chain(["total"]);
    let cells = |row: &Row| {
        let components = sheet.components.iter().map(String::as_str).chain([""]);
        let amounts = components.zip(row.amounts.iter().chain([&row.total]));
        amounts.map(|(component, text)| amount(row, component, text, &props.ask)).collect()
    };
    let caption = format!("Dollars per {}, by component. Choose an amount to see why.", props.per);
    split("components", "Dollars by component", caption, sheet, heads, cells)
}

/// Dollars of every platform in columns.
fn split<'a>(
    class: &'static str,
    label: &'static str,
    caption: String,
    sheet: &Sheet,
    heads: impl Iterator<Item = &'a str>,
    cells: impl Fn(&Row) -> Html,
) -> Html {
    let table = html! {
        <table class={classes!("dense", class)}>
            <caption><span>{ caption }</span></caption>
            <thead>
                <tr>
                    <th scope="col">{ "Platform" }</th>
                    for head in heads {
                        <th scope="col" class="number">{ head }</th>
                    }
                </tr>
            </thead>
            <tbody>
                for row in sheet.rows.iter().filter(|row| row.rejected.is_empty()) {
                    <tr class={classes!(row.part.then_some("part"))}>
                        <th scope="row">{ &row.name }</th>
                        { cells(row) }
                    </tr>
                }
            </tbody>
        </table>
    };
    scrolling(label, table)
}

fn amount(row: &Row, component: &str, amount: &str, ask: &Callback<Asked>) -> Html {
    let class = if component.is_empty() { "number total" } else { "number" };
    if amount == "–" || row.part {
        return html! { <td class={classes!(class, (amount == "–").then_some("none"))}>{ amount }</td> };
    }
    let asked = Asked {
        platform: row.name.clone(),
        component: component.to_owned(),
        amount: amount.to_owned(),
    };
    let label = match component {
        "" => format!("{amount}: why {} costs this", row.name),
        component => format!("{amount}: why {} pays this for {component}", row.name),
    };
    let ask = ask.clone();
    html! {
        <td class={class}>
            <button type="button" class="why" aria-label={label} onclick={move |_| ask.emit(asked.clone())}>{ amount }</button>
        </td>
    }
}

/// What costs grow with.
pub fn drivers(sheet: &Sheet, per: &str) -> Html {
    let cell = |amount: &String| html! { <td class={classes!("number", (amount == "–").then_some("none"))}>{ amount }</td> };
    let cells = |row: &Row| row.grows.iter().map(cell).collect();
    let caption = format!("Dollars per {per}, by what they grow with");
    let heads = sheet.drivers.iter().map(String::as_str);
    split("drivers", "Dollars by what they grow with", caption, sheet, heads, cells)
}
