use std::rc::Rc;

use model::export::figures::counted;
use model::scenario::Outline;
use model::scenario::fields::Section;
use yew::prelude::*;

use super::field::{fields, kept, one};
use super::shape::shape;
use super::{Fold, faults, prose};
use crate::inputs::Inputs;
use crate::place;
use page_engine::protocol::{Sheet, StreamFigures};

/// A way to say how much a stream carries.
struct Volume {
    words: &'static str,
    /// The keys that say it; the first of them tells it from others.
    keys: &'static [&'static str],
    /// What to start with.
    start: &'static [(&'static str, &'static str)],
}

const VOLUMES: [Volume; 3] = [
    Volume {
        words: "devices × interval × size",
        keys: &["sources", "every", "record"],
        start: &[("sources", "100_000"), ("every", "1 min"), ("record", "500 B")],
    },
    Volume {
        words: "records a second × size",
        keys: &["records", "record"],
        start: &[("records", "1000 /s"), ("record", "500 B")],
    },
    Volume { words: "bytes a second", keys: &["produce"], start: &[("produce", "1 MiB/s")] },
];

/// What is rarely asked for.
const MORE: &[&str] =
    &["partitions", "cleanup", "live", "peak_to_mean", "time_zone", "start", "end"];
const KEYS: &[&str] = &["count", "skew"];
const TAIL: &[&str] = &["lag_budget", "share", "consumers", "capacity", "region"];
const REPLAY: &[&str] = &["window", "every", "within", "share", "consumers", "region"];

/// The streams as cards.
pub fn streams(inputs: &Inputs, outline: &Outline, sheet: Option<&Rc<Sheet>>) -> Html {
    let add = {
        let (inputs, name) =
            (inputs.clone(), inputs.free_name(outline, "stream", "name", "events"));
        move |_| {
            let values = [
                ("name", name.as_str()),
                ("sources", "100_000"),
                ("every", "1 min"),
                ("record", "500 B"),
                ("compression", "2.0"),
                ("retention", "7 d"),
            ];
            inputs.add("stream", &values);
        }
    };
    let count = outline.sections("stream").count();
    html! {
        <div class="cards">
            for stream in outline.sections("stream") {
                { card(inputs, stream, sheet, count) }
            }
            <p class="actions"><button type="button" class="add" onclick={add}>{ "Add a stream" }</button></p>
        </div>
    }
}

fn card(inputs: &Inputs, stream: &Outline, sheet: Option<&Rc<Sheet>>, count: usize) -> Html {
    let name = stream.value("name").unwrap_or("a stream without a name").to_owned();
    let Some(path) = stream.path.clone() else {
        return html! {
            <section class="card">
                <h3>{ &name }</h3>
                { faults(&inputs.faults_of_section(stream)) }
                <p class="quiet">{ "Several streams have this name, or none: give each its own in the text below." }</p>
            </section>
        };
    };
    let figures = sheet.and_then(|sheet| sheet.streams.iter().find(|one| one.name == name));
    let remove = {
        let (inputs, stream, name) = (inputs.clone(), stream.clone(), name.clone());
        move |_| {
            let groups = stream.sections("reader").filter_map(|reader| reader.value("group"));
            let mut names: Vec<(Section, &str)> =
                groups.map(|group| (Section::Reader, group)).collect();
            names.push((Section::Stream, &name));
            place::focus("stream");
            inputs.remove_with_events(&stream, &names);
        }
    };
    html! {
        <section class="card stream" key={path.clone()} aria-label={format!("Stream {name}")}>
            <div class="head">
                <h3>{ &name }</h3>
                if count > 1 {
                    <button type="button" class="remove" onclick={remove} aria-label={format!("Remove stream {name}")}>{ "Remove" }</button>
                }
            </div>
            { live(figures) }
            { faults(&inputs.faults_of_section(stream)) }
            { faults(&inputs.faults_below(stream, "reader", "group")) }
            <div class="grid tight">
                { volume(inputs, stream, &path) }
                { fields(inputs, stream, &["compression", "retention", "growth"]) }
            </div>
            { shape(inputs, stream, &path) }
            { readers(inputs, stream, &path) }
            <Fold class="more" summary={html! { <>{ "More about this stream" }</> }}>
                <div class="grid">
                    { one(inputs, stream, "name", None, None) }
                    { fields(inputs, stream, MORE) }
                    { keys(inputs, stream) }
                </div>
            </Fold>
        </section>
    }
}

/// What the stream comes to, as it is typed.
fn live(figures: Option<&StreamFigures>) -> Html {
    match figures {
        Some(figures) => html! {
            <p class="live">
                <strong>{ "That is " }{ &figures.rates }{ "." }</strong>
                <span class="quiet">{ " " }{ &figures.kept }{ "." }</span>
            </p>
        },
        None => html! { <p class="live quiet">{ "Not computed yet." }</p> },
    }
}

/// How much it carries: which way to say it, and the figures.
fn volume(inputs: &Inputs, stream: &Outline, path: &str) -> Html {
    let chosen = VOLUMES.iter().position(|volume| stream.value(volume.keys[0]).is_some());
    let choose = {
        let (inputs, stream, path) = (inputs.clone(), stream.clone(), path.to_owned());
        Callback::from(move |event: Event| {
            let select = event.target_unchecked_into::<web_sys::HtmlSelectElement>();
            let index = usize::try_from(select.selected_index()).unwrap_or(0);
            inputs.write.emit(with_volume(&inputs.text, &stream, &path, index));
        })
    };
    let id = super::field::id_of(&format!("{path}.volume"));
    html! {
        <>
            <div class="field wide">
                <span class="label"><label for={id.clone()}>{ "Given as" }</label></span>
                <select {id} onchange={choose}>
                    for (index, volume) in VOLUMES.iter().enumerate() {
                        <option value={volume.words} selected={chosen == Some(index)}>{ volume.words }</option>
                    }
                </select>
            </div>
            if let Some(chosen) = chosen {
                { kept(inputs, stream, VOLUMES[chosen].keys) }
            }
        </>
    }
}

/// The text with a stream's volume said in another way.
fn with_volume(text: &str, stream: &Outline, path: &str, index: usize) -> String {
    let Some(volume) = VOLUMES.get(index) else { return text.to_owned() };
    let mut text = text.to_owned();
    for key in ["sources", "every", "records", "record", "produce"] {
        if stream.value(key).is_some() && !volume.keys.contains(&key) {
            text = model::scenario::remove(&text, &format!("{path}.{key}")).unwrap_or(text);
        }
    }
    for (key, value) in volume.start.iter().filter(|(key, _)| stream.value(key).is_none()) {
        text = model::scenario::set(&text, &format!("{path}.{key}"), value).unwrap_or(text);
    }
    text
}

fn keys(inputs: &Inputs, stream: &Outline) -> Html {
    let there = stream.sections("keys").next();
    match there {
        Some(keys) => html! {
            <>
                { one(inputs, keys, KEYS[0], Some("Distinct keys"), None) }
                { one(inputs, keys, KEYS[1], Some("Skew of keys"), None) }
            </>
        },
        None => html! {},
    }
}

/// Its consumer groups.
fn readers(inputs: &Inputs, stream: &Outline, path: &str) -> Html {
    let add = |kind: &'static str| {
        let stem = if kind == "tail" { "reader" } else { "rebuild" };
        let name = inputs.free_name(stream, "reader", "group", stem);
        let (inputs, path) = (inputs.clone(), format!("{path}.reader"));
        move |_| {
            let tail = [("group", name.as_str())];
            let replay = [
                ("group", name.as_str()),
                ("kind", "replay"),
                ("window", "7 d"),
                ("every", "30 d"),
                ("within", "8 h"),
            ];
            inputs.add(&path, if kind == "tail" { &tail } else { &replay });
        }
    };
    let count = stream.sections("reader").count();
    html! {
        <Fold class="more readers" summary={html! { <>{ if count == 0 { "No readers".to_owned() } else { counted(count, "reader") } }
                <span class="quiet">{ groups(stream) }</span>
            </> }}>
            for reader in stream.sections("reader") {
                { self::reader(inputs, reader) }
            }
            <p class="actions">
                <button type="button" class="add" onclick={add("tail")}>{ "Add a reader" }</button>
                <button type="button" class="add" onclick={add("replay")}>{ "Add a replay of history" }</button>
            </p>
        </Fold>
    }
}

fn groups(stream: &Outline) -> String {
    let names: Vec<&str> = stream.sections("reader").filter_map(|one| one.value("group")).collect();
    if names.is_empty() { String::new() } else { format!(": {}", names.join(", ")) }
}

fn reader(inputs: &Inputs, reader: &Outline) -> Html {
    let group = reader.value("group").unwrap_or("a reader").to_owned();
    let replay = reader.value("kind") == Some("replay");
    let Some(path) = reader.path.clone() else {
        return html! { <p class="quiet">{ prose(&format!("`{group}` shares its name with another reader: see the text below.")) }</p> };
    };
    let remove = {
        let (inputs, reader, group) = (inputs.clone(), reader.clone(), group.clone());
        move |_| {
            place::focus("stream");
            inputs.remove_with_events(&reader, &[(Section::Reader, &group)]);
        }
    };
    html! {
        <fieldset class="reader" key={path}>
            <legend>{ &group }<span class="quiet">{ if replay { " replays history" } else { " follows the end of the log" } }</span></legend>
            { faults(&inputs.faults_of_section(reader)) }
            <div class="grid">
                { fields(inputs, reader, &["group", "kind"]) }
                { fields(inputs, reader, if replay { REPLAY } else { TAIL }) }
            </div>
            <button type="button" class="remove" onclick={remove} aria-label={format!("Remove reader {group}")}>{ "Remove" }</button>
        </fieldset>
    }
}
