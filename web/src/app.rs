//! The page, top to bottom: what you stream, what you compare, what it costs, what happens through time, what if, why, and
//! what you take with you.

use std::rc::Rc;

use model::scenario;
use model::staleness::{FACTS_DAYS, PRICE_DAYS, age};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;
use web_sys::{HtmlDetailsElement, HtmlElement, HtmlTextAreaElement};
use yew::prelude::*;

use crate::components::answer::{self, Asked, Components};
use crate::components::{
    Bills, BreakEven, Build, Choice, Defaults, Fold, FuturesOf, Problems, Scorecards, Start, Take,
    TextEditor, ThroughTime, WhatIf, Why, around, platforms, streams, totals,
};
use crate::desk::{Desk, Lane};
use crate::fetch::fetch;
use crate::hooks::{use_settled, use_unfolded, use_width, use_window_event};
use crate::inputs::Inputs;
use crate::place;
use crate::state::{Action, State};
use page_engine::protocol::{Data, Fault, Per, Place, Sheet, Shown, Told, What};

/// Milliseconds without a change after which the link is written.
const LINK_SETTLED: i32 = 250;

/// Milliseconds without a change after which a screen reader is told the answer.
const TOLD_SETTLED: i32 = 900;

#[derive(Clone, PartialEq, Properties)]
pub struct AppProps {
    /// Who is asked for answers.
    pub desk: Desk,
}

/// What the engine said last.
#[derive(Clone, Default)]
struct Answer {
    /// The last answer that there was.
    sheet: Option<Rc<Sheet>>,
    /// The scenario that it is the answer to.
    text: Rc<str>,
    /// The scenario that the engine spoke of last: the same one, unless something is wrong with it.
    of: Rc<str>,
    /// What is wrong with that, beyond what the page sees itself.
    faults: Rc<Vec<Fault>>,
    /// What the engine waits for, or why it does not answer.
    note: Option<String>,
    /// How many answers there were.
    count: u32,
}

enum Heard {
    Sheet(Rc<str>, Box<Sheet>),
    Wrong(Rc<str>, Vec<Fault>),
    Note(Rc<str>, String),
}

impl Reducible for Answer {
    type Action = Heard;

    fn reduce(self: Rc<Self>, heard: Heard) -> Rc<Self> {
        let before = (*self).clone();
        let quiet = Self { faults: Rc::default(), note: None, count: self.count + 1, ..before };
        Rc::new(match heard {
            Heard::Sheet(text, sheet) => {
                Self { sheet: Some(Rc::new(*sheet)), text: text.clone(), of: text, ..quiet }
            }
            Heard::Wrong(text, faults) => Self { faults: Rc::new(faults), of: text, ..quiet },
            Heard::Note(text, note) => Self { note: Some(note), of: text, ..quiet },
        })
    }
}

/// The page.
#[component]
pub fn App(props: &AppProps) -> Html {
    let state = use_reducer(opened);
    let answer = use_reducer(Answer::default);
    let link = use_state(|| Ok::<String, String>(String::new()));
    let asked = use_state(|| None::<Asked>);
    let told = use_state(String::new);
    let editor = use_node_ref();
    let measured = use_node_ref();
    let room = use_width(&measured) as u32;

    use_link(&state, &link);

    let outline = use_memo(state.text.clone(), |text| scenario::outline(text).map(Rc::new));
    let own = use_memo(state.text.clone(), |text| Rc::new(page_engine::faults(text)));
    use_answers(&props.desk, &state, own.is_empty(), &answer);
    let faults = match (own.is_empty(), answer.of == state.text) {
        (false, _) => (*own).clone(),
        (true, true) => answer.faults.clone(),
        (true, false) => Rc::default(),
    };
    let headline = headline(&answer, &faults);
    {
        let told = told.clone();
        use_settled(headline.clone(), TOLD_SETTLED, move |headline| told.set(headline.clone()));
    }

    let inputs = Inputs {
        text: state.text.clone(),
        outline: (*outline).clone(),
        faults: faults.clone(),
        write: dispatched(&state, Action::Write),
        refuse: dispatched(&state, Action::Refuse),
        note: dispatched(&state, Action::Note),
    };
    let show_place = {
        let editor = editor.clone();
        Callback::from(move |place: Place| {
            if let Some(field) = editor.cast::<HtmlTextAreaElement>() {
                select(&field, &place);
            }
        })
    };
    // Whoever mends a text must not have it folded away in the middle of that.
    let (unfolded, fold) = use_unfolded();
    let open = {
        let dispatch = state.dispatcher();
        Callback::from(move |file: Result<String, String>| {
            dispatch.dispatch(file.map_or_else(Action::Refuse, Action::Open));
        })
    };
    let ask_why = {
        let asked = asked.clone();
        Callback::from(move |what: Asked| asked.set(Some(what)))
    };
    let close_why = {
        let asked = asked.clone();
        Callback::from(move |()| asked.set(None))
    };
    let sheet = answer.sheet.clone();
    let text = answer.text.clone();
    let shown = state.shown;
    let current = answer.of == state.text && faults.is_empty() && answer.note.is_none();
    let figures = sheet.as_ref().filter(|_| current);
    html! {
        <ContextProvider<Inputs> context={inputs.clone()}>
            <button type="button" class="skip" onclick={|_| jump("answer")}>{ "Skip to the answer" }</button>
            <div class="bar">
                { totals(sheet.as_deref(), &faults, current, shown.per.name()) }
                <nav aria-label="Sections">
                    for (id, name) in SECTIONS {
                        <button type="button" data-to={id} onclick={move |_| jump(id)}>{ name }</button>
                    }
                </nav>
            </div>
            <main data-answers={answer.count.to_string()} data-current={current.to_string()}>
                if let Some(note) = &state.note {
                    <p class="told" role="status">{ note }</p>
                }
                if let Some(refused) = &state.refused {
                    <p class="refused fault" role="alert">{ crate::components::prose(refused) }</p>
                }
                <section aria-labelledby="stream">
                    <h2 id="stream" tabindex="-1">{ "What you stream" }</h2>
                    <Start example={state.example()} own={state.own.is_some()} start={dispatched(&state, Action::Start)} back={dispatched(&state, |()| Action::Own)} />
                    if let Some(outline) = &inputs.outline {
                        { around::plan(&inputs, outline) }
                        { streams::streams(&inputs, outline, figures) }
                        <Fold class="more fold" summary={html! { <><h3>{ "Targets and events" }</h3><span class="quiet">{ around::counted(outline) }</span></> }}>
                            { around::objectives(&inputs, outline) }
                            { around::events(&inputs, outline) }
                        </Fold>
                    } else {
                        <p class="fault">{ "The text below is not TOML, so there are no fields to show. Mend it, or start from an example." }</p>
                    }
                    <details class="more fold" id="as-text" open={unfolded || inputs.outline.is_none()} ontoggle={fold}>
                        <summary><h3>{ "The scenario as text" }</h3><span class="quiet">{ "the file that the command reads" }</span></summary>
                        <TextEditor text={AttrValue::from(state.text.to_string())} field={editor} write={dispatched(&state, Action::Write)} />
                    </details>
                </section>
                <section aria-labelledby="compare">
                    <h2 id="compare" tabindex="-1">{ "What you compare" }</h2>
                    if let Some(outline) = &inputs.outline {
                        { platforms::platforms(&inputs, outline) }
                    }
                </section>
                <section aria-labelledby="answer" class={classes!("answer", (!current && sheet.is_some()).then_some("stale"))}>
                    <h2 id="answer" tabindex="-1">{ "What it costs" }</h2>
                    <p class="headline">{ crate::components::prose(&headline) }</p>
                    <p class="unseen" role="status">{ &*told }</p>
                    if !faults.is_empty() {
                        <Problems faults={(*faults).clone()} show={show_place} />
                        if sheet.is_some() {
                            <p class="quiet">{ "What follows is the answer before that." }</p>
                        }
                    }
                    <div ref={measured} class="measured">
                        if let Some(sheet) = &sheet {
                            <div class="choices">
                                <Choice<Per> legend="Costs for" options={Per::ALL.map(|per| (per, per_label(per))).to_vec()} value={shown.per} choose={dispatched(&state, move |per| Action::Show(Shown { per, ..shown }))} />
                                <Choice<Data> legend="Data in" options={Data::ALL.map(|data| (data, data_label(data))).to_vec()} value={shown.data} choose={dispatched(&state, move |data| Action::Show(Shown { data, ..shown }))} />
                            </div>
                            { answer::notes(sheet, &old(sheet)) }
                            { answer::platforms(sheet, shown.per.name()) }
                            <Bills text={text.clone()} sheet={sheet.clone()} desk={props.desk.clone()} {room} />
                            <Components sheet={sheet.clone()} per={shown.per.name()} ask={ask_why} />
                            { answer::drivers(sheet, shown.per.name()) }
                            { answer::remarks(sheet) }
                            <h3>{ "Can it run?" }</h3>
                            <Scorecards text={text.clone()} sheet={sheet.clone()} desk={props.desk.clone()} />
                        }
                    </div>
                </section>
                if let Some(sheet) = &sheet {
                    <section aria-labelledby="time" class={classes!((!current).then_some("stale"))}>
                        <h2 id="time" tabindex="-1">{ "Through time" }</h2>
                        <ThroughTime text={text.clone()} sheet={sheet.clone()} desk={props.desk.clone()} {room} />
                    </section>
                    <section aria-labelledby="what-if" class={classes!((!current).then_some("stale"))}>
                        <h2 id="what-if" tabindex="-1">{ "What if" }</h2>
                        <WhatIf text={text.clone()} sheet={sheet.clone()} desk={props.desk.clone()} {shown} />
                    </section>
                    <section aria-labelledby="doubt" class={classes!((!current).then_some("stale"))}>
                        <h2 id="doubt" tabindex="-1">{ "How sure is it?" }</h2>
                        <Defaults text={text.clone()} desk={props.desk.clone()} />
                        <BreakEven text={text.clone()} sheet={sheet.clone()} desk={props.desk.clone()} {room} />
                        <Build text={text.clone()} sheet={sheet.clone()} desk={props.desk.clone()} />
                        <h3>{ "What if the scenario itself is not certain?" }</h3>
                        <FuturesOf text={text.clone()} sheet={sheet.clone()} desk={props.desk.clone()} />
                    </section>
                }
                <section aria-labelledby="take">
                    <h2 id="take" tabindex="-1">{ "Take it with you" }</h2>
                    <Take text={state.text.clone()} sheet={sheet.clone().filter(|_| current)} desk={props.desk.clone()} link={(*link).clone()} {open} />
                </section>
            </main>
            <Why {text} desk={props.desk.clone()} asked={(*asked).clone()} close={close_why} />
            <footer>
                <p>{ "Nothing you write leaves this page: no server computes, counts or stores anything. It works without a network once it has been opened." }</p>
                <p>{ concat!("highwater ", env!("CARGO_PKG_VERSION"), ". The command computes the same digits, and reads the file that this page saves.") }</p>
            </footer>
        </ContextProvider<Inputs>>
    }
}

/// Sections by their headings' names in the document.
const SECTIONS: [(&str, &str); 7] = [
    ("stream", "Stream"),
    ("compare", "Compare"),
    ("answer", "Costs"),
    ("time", "Time"),
    ("what-if", "What if"),
    ("doubt", "Doubt"),
    ("take", "Share"),
];

fn per_label(per: Per) -> &'static str {
    match per {
        Per::Hour => "an hour",
        Per::Month => "a month",
        Per::Year => "a year",
    }
}

fn data_label(data: Data) -> &'static str {
    match data {
        Data::Binary => "GiB (powers of two)",
        Data::Decimal => "GB (powers of ten)",
    }
}

/// The page as its link says, or as it opens without one.
fn opened() -> State {
    let state = State::default();
    match place::here() {
        Ok(linked) => state.after(Action::Follow(linked)),
        Err(why) => state.after(Action::Refuse(why)),
    }
}

fn dispatched<T: 'static>(
    state: &UseReducerHandle<State>,
    action: impl Fn(T) -> Action + 'static,
) -> Callback<T> {
    let state = state.dispatcher();
    Callback::from(move |value| state.dispatch(action(value)))
}

/// Asks the engine whenever a scenario that is sound in itself, or how it is shown, changes.
#[hook]
fn use_answers(
    desk: &Desk,
    state: &UseReducerHandle<State>,
    sound: bool,
    answer: &UseReducerHandle<Answer>,
) {
    let (desk, answer) = (desk.clone(), answer.dispatcher());
    use_effect_with((state.text.clone(), state.shown), move |(text, shown)| {
        if sound {
            put(desk, text.clone(), *shown, answer);
        }
    });
}

/// Asks for the answer to a scenario; where it needs prices that did not come with the page, fetches them and asks again.
fn put(desk: Desk, text: Rc<str>, shown: Shown, answer: UseReducerDispatcher<Answer>) {
    let (again, of) = (desk.clone(), text.clone());
    let then = Callback::from(move |told| match told {
        Told::Sheet(sheet) => answer.dispatch(Heard::Sheet(of.clone(), sheet)),
        Told::Wrong(faults) => answer.dispatch(Heard::Wrong(of.clone(), faults)),
        Told::Nothing(why) => answer.dispatch(Heard::Note(of.clone(), why)),
        Told::Awaits(path) => {
            let (provider, region) = page_engine::place(&path).unwrap_or_default();
            let note = format!("The prices of {provider} {region} are on their way.");
            answer.dispatch(Heard::Note(of.clone(), note));
            let (desk, of, answer) = (again.clone(), of.clone(), answer.clone());
            spawn_local(async move {
                desk.hand(&path, &fetch(&path).await);
                put(desk, of, shown, answer);
            });
        }
        _ => {}
    });
    desk.ask(Lane::Quick, "sheet", &text, What::Sheet(shown), then);
}

/// Keeps the link and what is shown the same: whichever changes, the other follows.
#[hook]
fn use_link(state: &UseReducerHandle<State>, link: &UseStateHandle<Result<String, String>>) {
    // What the step of the history that we are on stands for.
    let on = use_mut_ref(|| state.linked());
    {
        let (on, link) = (on.clone(), link.clone());
        use_settled(state.linked(), LINK_SETTLED, move |linked| {
            let whole = place::to(linked);
            if *on.borrow() != *linked {
                if let Ok(whole) = &whole {
                    place::go(whole);
                }
                on.replace(linked.clone());
            }
            link.set(whole);
        });
    }
    let back = {
        let dispatch = state.dispatcher();
        use_callback((), move |(), ()| match place::here() {
            Ok(linked) => {
                on.replace(linked.clone());
                dispatch.dispatch(Action::Follow(linked));
            }
            Err(why) => dispatch.dispatch(Action::Refuse(why)),
        })
    };
    use_window_event("popstate", back);
}

/// The answer in one sentence, which screen readers announce when it has changed and settled.
fn headline(answer: &Answer, faults: &[Fault]) -> String {
    let place = faults.first().and_then(|fault| fault.place.as_ref());
    match (faults.len(), place) {
        (0, _) => {}
        (1, Some(place)) => return format!("The scenario has a problem at {place}."),
        (1, None) => return "The scenario has a problem.".to_owned(),
        (count, Some(place)) => {
            return format!("The scenario has {count} problems, the first at {place}.");
        }
        (count, None) => return format!("The scenario has {count} problems."),
    }
    let verdict = answer.sheet.as_ref().and_then(|sheet| sheet.verdict.first());
    match (&answer.note, verdict) {
        (Some(note), _) => note.clone(),
        (None, Some(verdict)) => verdict.clone(),
        (None, None) => "Simulating the first scenario…".to_owned(),
    }
}

/// What is older than it should be today, in sentences.
fn old(sheet: &Sheet) -> Vec<String> {
    let Some(today) = place::today() else { return Vec::new() };
    let age = |date: &str, limit: i64| age(date, today).filter(|days| *days > limit);
    let oldest = sheet.dates.iter().filter_map(|(oldest, _)| age(oldest, PRICE_DAYS));
    let prices = oldest
        .map(|days| format!("The oldest is {days} days old: check it before you rely on it."));
    let facts = sheet.facts.iter().filter_map(|(name, date)| {
        age(date, FACTS_DAYS)?;
        Some(format!("What is known of {name} is of {date}: check what has changed since."))
    });
    prices.chain(facts).collect()
}

/// Brings a heading into view, and the keyboard with it. The address says what is planned, so it cannot say a place.
fn jump(id: &str) {
    let document = web_sys::window().and_then(|window| window.document());
    let heading = document.and_then(|document| document.get_element_by_id(id));
    if let Some(heading) = heading {
        heading.scroll_into_view();
        focus(&heading);
    }
}

fn focus(element: &web_sys::Element) {
    if let Some(element) = element.dyn_ref::<HtmlElement>() {
        // A browser that refuses leaves the focus where it was: nothing is lost.
        drop(element.focus());
    }
}

/// Selects a place in the editor and brings it into view.
fn select(field: &HtmlTextAreaElement, place: &Place) {
    let fold = field.closest("details").ok().flatten();
    if let Some(fold) = fold.and_then(|fold| fold.dyn_into::<HtmlDetailsElement>().ok()) {
        fold.set_open(true);
    }
    focus(field);
    drop(field.set_selection_range(place.units.0, place.units.1));
    let lines = field.value().lines().count().max(1) as f64;
    let above = place.line.saturating_sub(4) as f64;
    field.set_scroll_top((f64::from(field.scroll_height()) * above / lines) as i32);
}
