//! What stands around streams and platforms: time, prices, what must hold, what happens.

use model::events::EventKind;
use model::export::figures;
use model::order;
use model::scenario::Outline;
use model::scenario::fields::{self, Section};
use pricing::{PAGE_REGIONS, REGION_FILES};
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

use super::field::{Fallback, fields as rows, grouped, id_of, one, ungrouped};
use super::{Fold, faults};
use crate::inputs::Inputs;

/// A section that may not be there yet, as if it were.
fn section(outline: &Outline, key: &str, section: Section) -> Outline {
    outline.sections(key).next().cloned().unwrap_or(Outline {
        section,
        key: key.to_owned(),
        path: outline.path_of(key),
        span: 0..0,
        values: Vec::new(),
        sections: Vec::new(),
    })
}

/// Title, time, prices, discounts.
pub fn plan(inputs: &Inputs, outline: &Outline) -> Html {
    let horizon = section(outline, "horizon", Section::Horizon);
    let prices = section(outline, "prices", Section::Prices);
    let discount = section(&prices, "discount", Section::Discount);
    let groups: Vec<&'static str> =
        fields::of(Section::Discount).iter().map(|row| row.key).collect();
    html! {
        <section class="card" aria-label="Plan">
            <div class="grid">
                <div class="wide">{ one(inputs, outline, "title", None, None) }</div>
                { one(inputs, &horizon, "start", Some("First day"), None) }
                { one(inputs, &horizon, "months", None, None) }
                { market(inputs, outline, &prices) }
                { fleets(outline) }
            </div>
            <Fold class="more" summary={html! { <>{ "Negotiated discounts, clock, months" }</> }}>
                <div class="grid">
                    { for groups.iter().map(|key| discount_of(inputs, &discount, key)) }
                    { rows(inputs, &horizon, &["time_zone", "month", "log"]) }
                </div>
            </Fold>
        </section>
    }
}

/// Counts of devices that several streams share: whoever plans for more devices plans for all that they send.
fn fleets(outline: &Outline) -> Html {
    let mut counts: Vec<(&str, Vec<String>)> = Vec::new();
    for stream in outline.sections("stream") {
        let (Some(sources), Some(path)) = (stream.value("sources"), stream.path_of("sources"))
        else {
            continue;
        };
        match counts.iter_mut().find(|(count, _)| *count == sources) {
            Some((_, paths)) => paths.push(path),
            None => counts.push((sources, vec![path])),
        }
    }
    counts.retain(|(_, paths)| paths.len() > 1);
    let each = counts.into_iter().enumerate().map(|(index, (count, paths))| {
        html! { <SharedCount key={index} {index} count={count.to_owned()} {paths} /> }
    });
    each.collect()
}

#[derive(PartialEq, Properties)]
pub struct SharedCountProps {
    index: usize,
    count: String,
    paths: Vec<String>,
}

/// One count for all streams that have it.
#[component]
pub fn SharedCount(props: &SharedCountProps) -> Html {
    let inputs = use_context::<Inputs>();
    let Some(inputs) = inputs else { return html! {} };
    let onchange = {
        let paths = props.paths.clone();
        move |event: Event| {
            let typed = event.target_unchecked_into::<HtmlInputElement>().value();
            let count = ungrouped(&typed);
            let values: Vec<_> = paths.iter().map(|path| (path.clone(), count.clone())).collect();
            inputs.set_all(&values);
        }
    };
    let id = format!("devices-{}", props.index);
    html! {
        <div class="field own">
            <span class="label"><label for={id.clone()}>{ format!("Devices, in {} streams", props.paths.len()) }</label></span>
            <input {id} type="text" value={grouped(&props.count)} inputmode="numeric" autocomplete="off" {onchange} />
        </div>
    }
}

fn discount_of(inputs: &Inputs, discount: &Outline, key: &'static str) -> Html {
    let label = match key {
        "compute" => "Discount: machines",
        "block-storage" => "Discount: block volumes",
        "object-storage" => "Discount: object storage",
        "requests" => "Discount: requests",
        "network" => "Discount: data moved",
        _ => "Discount: fees",
    };
    let fallback = Fallback { value: "0 %".to_owned(), ..Fallback::default() };
    one(inputs, discount, key, Some(label), Some(fallback))
}

/// Provider and region in one choice; several regions are in the text.
fn market(inputs: &Inputs, outline: &Outline, prices: &Outline) -> Html {
    if outline.sections("region").next().is_some() {
        let names: Vec<&str> =
            outline.sections("region").filter_map(|one| one.value("name")).collect();
        return html! { <p class="quiet">{ format!("In {} regions: {}. Change them in the text.", names.len(), names.join(", ")) }</p> };
    }
    let chosen =
        (prices.value("provider").unwrap_or_default(), prices.value("region").unwrap_or_default());
    let mut places: Vec<(&str, &str)> = PAGE_REGIONS
        .iter()
        .chain(REGION_FILES)
        .filter_map(|path| page_engine::place(path))
        .collect();
    order::sort_by(&mut places, Ord::cmp);
    let known = places.contains(&chosen);
    let onchange = {
        let inputs = inputs.clone();
        move |event: Event| {
            let value = event.target_unchecked_into::<HtmlSelectElement>().value();
            if let Some((provider, region)) = value.split_once(' ') {
                let values = [("prices.provider", provider), ("prices.region", region)];
                inputs.set_all(&values.map(|(path, value)| (path.to_owned(), value.to_owned())));
            }
        }
    };
    let mut providers: Vec<&str> = places.iter().map(|(provider, _)| *provider).collect();
    providers.dedup();
    let id = id_of("prices.region");
    let mut wrong = inputs.faults_of(prices, "region");
    wrong.extend(inputs.faults_of(prices, "provider"));
    html! {
        <div class="field">
            <span class="label"><label for={id.clone()}>{ "Prices of" }</label></span>
            <select {id} {onchange}>
                if !known {
                    <option selected={true} value="">{ format!("{} {} (not in the catalogue)", chosen.0, chosen.1) }</option>
                }
                for provider in providers {
                    <optgroup label={provider.to_owned()}>
                        for (_, region) in places.iter().filter(|(one, _)| *one == provider) {
                            <option value={format!("{provider} {region}")} selected={chosen == (provider, *region)}>{ format!("{provider} {region}") }</option>
                        }
                    </optgroup>
                }
            </select>
            { faults(&wrong) }
        </div>
    }
}

/// What must hold.
pub fn objectives(inputs: &Inputs, outline: &Outline) -> Html {
    let slo = section(outline, "slo", Section::Slo);
    html! {
        <section class="card" aria-label="What must hold">
            <div class="grid">{ rows(inputs, &slo, &["budget", "freshness", "recovery", "availability"]) }</div>
        </section>
    }
}

/// How many events there are, in words.
pub fn counted(outline: &Outline) -> String {
    match outline.sections("event").count() {
        0 => "no events".to_owned(),
        count => figures::counted(count, "event"),
    }
}

/// What happens: a card for each event, and one button for each kind of them.
pub fn events(inputs: &Inputs, outline: &Outline) -> Html {
    html! {
        <div class="cards events">
            for event in outline.sections("event") {
                { self::event(inputs, event) }
            }
            <AddEvent outline={outline.clone()} />
        </div>
    }
}

#[derive(PartialEq, Properties)]
pub struct AddEventProps {
    outline: Outline,
}

/// A kind to choose, and a button that adds an event of it.
#[component]
pub fn AddEvent(props: &AddEventProps) -> Html {
    let inputs = use_context::<Inputs>();
    let kind = use_node_ref();
    let Some(inputs) = inputs else { return html! {} };
    let add = {
        let (kind, outline) = (kind.clone(), props.outline.clone());
        move |_| {
            let select = kind.cast::<HtmlSelectElement>();
            if let Some(kind) = select.and_then(|select| EventKind::named(&select.value())) {
                added(&inputs, &outline, kind);
            }
        }
    };
    html! {
        <div class="field controls">
            <span class="label"><label for="add-event">{ "Another event" }</label></span>
            <span class="with-button">
                <select id="add-event" ref={kind}>
                    for kind in EventKind::ALL.iter().filter(|kind| kind.name() != "migration") {
                        <option value={kind.name()}>{ kind.name() }</option>
                    }
                </select>
                <button type="button" class="add-event" onclick={add}>{ "Add" }</button>
            </span>
        </div>
    }
}

/// Adds an event with what its kind has to say.
fn added(inputs: &Inputs, outline: &Outline, kind: EventKind) {
    let name = inputs.free_name(outline, "event", "name", kind.name());
    let mut values = vec![("name", name.as_str()), ("kind", kind.name()), ("at", "day 40 18:30")];
    let stream = outline.sections("stream").find_map(|stream| stream.value("name"));
    let group = outline
        .sections("stream")
        .flat_map(|stream| stream.sections("reader"))
        .find(|reader| reader.value("kind") != Some("replay"))
        .and_then(|reader| reader.value("group"));
    for key in kind.required() {
        match (*key, stream, group) {
            ("stream", Some(stream), _) => values.push(("stream", stream)),
            ("group", _, Some(group)) => values.push(("group", group)),
            ("retention", ..) => values.push(("retention", "365 d")),
            _ => {}
        }
    }
    inputs.add("event", &values);
}

fn event(inputs: &Inputs, event: &Outline) -> Html {
    let name = event.value("name").unwrap_or("an event").to_owned();
    let kind = event.value("kind").and_then(EventKind::named);
    let Some(path) = event.path.clone() else { return html! {} };
    let remove = {
        let (inputs, path) = (inputs.clone(), path.clone());
        move |_| inputs.remove(&path)
    };
    let own: Vec<&'static str> = kind.map_or(&[][..], EventKind::keys).to_vec();
    let rows_of = kind.map(model::export::event_settings).unwrap_or_default();
    let field = |key: &'static str| {
        let setting = rows_of.iter().find(|one| one.parameter.key == key);
        let fallback = setting.map(|one| Fallback {
            value: one.value.clone(),
            range: one.parameter.range.to_owned(),
            source: one.source.to_owned(),
        });
        one(inputs, event, key, None, fallback)
    };
    html! {
        <Fold class="card event" key={path} summary={html! { <>
                <strong>{ &name }</strong>
                <span class="quiet">{ format!(" {} at {}", event.value("kind").unwrap_or("?"), event.value("at").unwrap_or("?")) }</span>
            </> }}>
            if let Some(kind) = kind {
                <p class="quiet">{ kind.doc().lines().next().unwrap_or_default() }</p>
            }
            { faults(&inputs.faults_of_section(event)) }
            <div class="grid">
                { rows(inputs, event, &["name", "kind", "at"]) }
                { for own.into_iter().map(field) }
            </div>
            <button type="button" class="remove" onclick={remove} aria-label={format!("Remove event {name}")}>{ "Remove" }</button>
        </Fold>
    }
}
