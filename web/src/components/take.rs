use std::rc::Rc;

use web_sys::HtmlInputElement;
use yew::prelude::*;

use model::export::csv::Table;
use model::export::focus::Version;

use super::pick::{into_state, pick, pick_name};
use crate::desk::{Desk, Lane};
use crate::{download, place};
use page_engine::protocol::{File, FileKind, Later, Sheet, Told, What};

/// How cells are written: points and commas, or as local Excel reads them.
const PLAIN: &str = "plain";
const LOCAL: &str = "local";
const SPREADSHEETS: [[&str; 2]; 2] = [
    [PLAIN, "1234.56, commas between cells"],
    [LOCAL, "1234,56 and semicolons, as local Excel opens it"],
];

/// What is in a table, on its button.
fn label(table: Table) -> &'static str {
    match table {
        Table::Totals => "Totals by month and year",
        Table::WideBilled => "Billed (cash), month by month",
        Table::WideEffective => "Effective (accrual), month by month",
        Table::Charges => "Every charge of every month",
        Table::Prices => "Prices, and what is taken off",
        Table::Assumptions => "Assumptions with sources",
        Table::Audit => "Checks, and what it was made from",
    }
}

#[derive(Clone, Properties)]
pub struct TakeProps {
    /// The scenario.
    pub text: Rc<str>,
    /// Its answer, where there is one.
    pub sheet: Option<Rc<Sheet>>,
    /// Who writes files.
    pub desk: Desk,
    /// The link to the scenario, or why there is none.
    pub link: Result<String, String>,
    /// Called with the text of a file that was opened, or why it was not.
    pub open: Callback<Result<String, String>>,
}

impl PartialEq for TakeProps {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
            && self.link == other.link
            && match (&self.sheet, &other.sheet) {
                (Some(one), Some(other)) => Rc::ptr_eq(one, other),
                (one, other) => one.is_none() && other.is_none(),
            }
    }
}

/// Files in and out, the link, and paper.
#[component]
pub fn Take(props: &TakeProps) -> Html {
    let platform = use_state(|| None::<String>);
    let cells = use_state(|| PLAIN.to_owned());
    let version = use_state(|| Version::default().name().to_owned());
    let said = use_state(String::new);
    let names: Vec<String> = props
        .sheet
        .iter()
        .flat_map(|sheet| &sheet.rows)
        .filter(|row| row.rejected.is_empty() && !row.part)
        .map(|row| row.name.clone())
        .collect();
    let chosen = platform.as_ref().filter(|name| names.contains(name)).or(names.first()).cloned();
    // Each file is a topic of its own: who asks for two gets both.
    let take = |file: &'static str, lane: Lane, what: What| {
        let (desk, text, said) = (props.desk.clone(), props.text.clone(), said.clone());
        Callback::from(move |_: MouseEvent| {
            let heard = said.clone();
            let then = Callback::from(move |told| match told {
                Told::File(file) => {
                    download::file(&file);
                    heard.set(format!("{} is on its way.", file.name));
                }
                Told::Nothing(why) => heard.set(why),
                // Something is wrong with the scenario, which stands beside it.
                _ => heard.set(String::new()),
            });
            said.set("The file is being made.".to_owned());
            desk.ask(lane, file, &text, what.clone(), then);
        })
    };
    let save = {
        let (text, said) = (props.text.clone(), said.clone());
        move |_| {
            download::file(&File {
                name: "scenario.toml".to_owned(),
                media: "application/toml".to_owned(),
                bytes: text.as_bytes().to_vec(),
            });
            said.set("scenario.toml is on its way.".to_owned());
        }
    };
    let copy = {
        let (link, said) = (props.link.clone(), said.clone());
        move |_| match &link {
            Ok(link) => {
                let said = said.clone();
                let done = Callback::from(move |copied: bool| {
                    let words = if copied {
                        "The link is copied."
                    } else {
                        "Copy the link from the field beside."
                    };
                    said.set(words.to_owned());
                });
                download::copy(link, done);
            }
            Err(why) => said.set(why.clone()),
        }
    };
    let open = {
        let open = props.open.clone();
        move |event: Event| {
            let field = event.target_unchecked_into::<HtmlInputElement>();
            if let Some(file) = field.files().and_then(|files| files.get(0)) {
                download::read(file, open.clone());
            }
            // The same file can be opened again after it has changed.
            field.set_value("");
        }
    };
    let choose = {
        let platform = platform.clone();
        Callback::from(move |name| platform.set(Some(name)))
    };
    let answered = props.sheet.is_some();
    let local = *cells == LOCAL;
    let at = Version::ALL.iter().position(|one| one.name() == *version).unwrap_or_default();
    let button = |file: &'static str, label: &'static str, onclick: Callback<MouseEvent>| {
        html! { <button type="button" data-file={file} disabled={!answered} {onclick}>{ label }</button> }
    };
    let later = |file, label, kind, platform: Option<String>| {
        let today = place::today().map(|today| today.to_string());
        let asked = take(file, Lane::Long, What::Later(Later::File { kind, platform, today }));
        button(file, label, asked)
    };
    let of_all = |file, label, kind| later(file, label, kind, None);
    let of_one = |file, label, kind| later(file, label, kind, chosen.clone());
    let bills = take("bills", Lane::Quick, What::Picture { chart: None, platform: None });
    html! {
        <>
            <div class="take">
                <div class="field link">
                    <span class="label"><label for="link">{ "A link to all of this" }</label></span>
                    <span class="with-button">
                        <input id="link" type="text" readonly={true} value={props.link.clone().unwrap_or_else(|why| why)} />
                        <button type="button" class="copy" onclick={copy}>{ "Copy link" }</button>
                    </span>
                </div>
                <div class="field">
                    <span class="label"><label for="open-file">{ "Open a scenario (TOML)" }</label></span>
                    <input id="open-file" type="file" accept=".toml,text/plain,application/toml" onchange={open} />
                </div>
            </div>
            <p class="quiet" role="status">{ &*said }</p>
            <p class="actions files">
                <button type="button" data-file="toml" onclick={save}>{ "Scenario, TOML" }</button>
                { of_all("json", "Everything, JSON", FileKind::Json) }
                { of_all("report", "Report to print or forward, HTML", FileKind::Report) }
                { button("bills", "Bills side by side, SVG", bills) }
                <button type="button" data-file="print" onclick={|_| download::print()}>{ "Print" }</button>
            </p>
            { pick("take-cells", "Tables for spreadsheets, CSV", SPREADSHEETS.map(|[value, words]| (value.to_owned(), words.to_owned())), &cells, into_state(&cells)) }
            <p class="actions files">
                for (index, table) in Table::ALL.into_iter().enumerate() {
                    { of_all(table.file(), label(table), FileKind::Table(index, local)) }
                }
                { of_all("manifest", "Their list with hashes, JSON", FileKind::Manifest(local)) }
            </p>
            { pick_name("take-platform", "Of one platform", &names, chosen.as_deref().unwrap_or_default(), choose) }
            <p class="actions files">
                { of_one("workbook", "Workbook with live formulas, XLSX", FileKind::Workbook) }
                { of_one("finance", "Money through time, CSV", FileKind::Finance) }
                { of_one("timeline", "Every breakpoint through time, CSV", FileKind::Timeline) }
            </p>
            { pick("take-focus", "Version of FOCUS", Version::ALL.map(|one| (one.name().to_owned(), one.name().to_owned())), &version, into_state(&version)) }
            <p class="actions files">
                { of_one("focus", "Plan in FOCUS columns, CSV", FileKind::Focus(at)) }
                { of_one("focus-metadata", "Its description, JSON", FileKind::FocusMetadata(at)) }
            </p>
        </>
    }
}
