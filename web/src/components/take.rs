use std::rc::Rc;

use wasm_bindgen_futures::spawn_local;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::pick::pick_name;
use crate::desk::{Desk, Lane};
use crate::download;
use crate::protocol::{File, FileKind, Sheet, Told, What};

/// What a workbook is, to a browser.
const WORKBOOK: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

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
    let said = use_state(String::new);
    let names: Vec<String> = props
        .sheet
        .iter()
        .flat_map(|sheet| &sheet.rows)
        .filter(|row| row.rejected.is_empty() && !row.part)
        .map(|row| row.name.clone())
        .collect();
    let chosen = platform.as_ref().filter(|name| names.contains(name)).or(names.first()).cloned();
    let take = |kind: FileKind, of_platform: bool| {
        let (desk, text, said) = (props.desk.clone(), props.text.clone(), said.clone());
        let platform = chosen.clone().filter(|_| of_platform);
        Callback::from(move |_: MouseEvent| {
            let said = said.clone();
            let then = Callback::from(move |told| match told {
                Told::File(file) => {
                    download::file(&file);
                    said.set(format!("{} is on its way.", file.name));
                }
                Told::Nothing(why) => said.set(why),
                _ => {}
            });
            desk.ask(
                Lane::Quick,
                "file",
                &text,
                What::File { kind, platform: platform.clone() },
                then,
            );
        })
    };
    let workbook = {
        let (desk, text, said) = (props.desk.clone(), props.text.clone(), said.clone());
        let platform = chosen.clone();
        move |_: MouseEvent| {
            let Some(platform) = platform.clone() else { return };
            let (writer, said) = (desk.clone(), said.clone());
            let then = Callback::from(move |told| {
                let (writer, said) = (writer.clone(), said.clone());
                match told {
                    Told::Workbook(described) => spawn_local(async move {
                        said.set(match writer.workbook(&described.workbook).await {
                            Ok(bytes) => {
                                download::bytes(&described.name, WORKBOOK, &bytes);
                                format!("{} is on its way.", described.name)
                            }
                            Err(why) => why,
                        });
                    }),
                    Told::Nothing(why) => said.set(why),
                    _ => {}
                }
            });
            desk.ask(Lane::Long, "workbook", &text, What::Workbook { platform }, then);
        }
    };
    let save = {
        let (text, said) = (props.text.clone(), said.clone());
        move |_| {
            download::file(&File {
                name: "scenario.toml".to_owned(),
                media: "application/toml".to_owned(),
                text: text.to_string(),
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
                <button type="button" data-file="csv" disabled={!answered} onclick={take(FileKind::Csv, false)}>{ "Every line of every bill, CSV" }</button>
                <button type="button" data-file="json" disabled={!answered} onclick={take(FileKind::Json, false)}>{ "Everything, JSON" }</button>
                <button type="button" data-file="report" disabled={!answered} onclick={take(FileKind::Report, false)}>{ "Report to print or forward, HTML" }</button>
                <button type="button" data-file="bills" disabled={!answered} onclick={take(FileKind::Bars, false)}>{ "Bills side by side, SVG" }</button>
                <button type="button" data-file="print" onclick={|_| download::print()}>{ "Print" }</button>
            </p>
            { pick_name("take-platform", "Of one platform", &names, chosen.as_deref().unwrap_or_default(), choose) }
            <p class="actions files">
                <button type="button" data-file="workbook" disabled={!answered} onclick={workbook}>{ "Workbook with live formulas, XLSX" }</button>
                <button type="button" data-file="finance" disabled={!answered} onclick={take(FileKind::Finance, true)}>{ "Money through time, CSV" }</button>
                <button type="button" data-file="focus" disabled={!answered} onclick={take(FileKind::Focus, true)}>{ "Plan in FOCUS' columns, CSV" }</button>
                <button type="button" data-file="focus-metadata" disabled={!answered} onclick={take(FileKind::FocusMetadata, true)}>{ "Its description, JSON" }</button>
                <button type="button" data-file="timeline" disabled={!answered} onclick={take(FileKind::Timeline, true)}>{ "Every breakpoint through time, CSV" }</button>
            </p>
        </>
    }
}
