use std::rc::Rc;

use model::order;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::pick::pick_name;
use super::plot::table;
use super::{Choice, prose};
use crate::desk::{Desk, Lane};
use crate::inputs::Inputs;
use crate::levers::interval;
use page_engine::protocol::{Crossed, Later, Sheet, Told, What};

#[derive(Clone, Properties)]
pub struct BreakEvenProps {
    /// The scenario.
    pub text: Rc<str>,
    /// Its answer.
    pub sheet: Rc<Sheet>,
    /// Who looks for crossings.
    pub desk: Desk,
    /// Pixels that pictures may take.
    pub room: u32,
}

impl PartialEq for BreakEvenProps {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.sheet, &other.sheet)
    }
}

/// What people ask of a stream: from when on would another platform be the better one?
const ASKED: [&str; 6] = ["retention", "sources", "records", "produce", "compression", "record"];

/// How far a range reaches at first: a tenth of a value, and ten times as much.
const REACH: (f64, f64) = (0.1, 10.0);

/// What is asked: a path and the ends of its range, as far as somebody has changed them.
#[derive(Clone, Default, PartialEq)]
struct Asked {
    path: String,
    from: Option<String>,
    to: Option<String>,
    one: String,
    other: String,
    steady: bool,
}

/// Where one platform overtakes another along a value of a stream.
#[component]
pub fn BreakEven(props: &BreakEvenProps) -> Html {
    let inputs = use_context::<Inputs>();
    let asked = use_state(Asked::default);
    let told = use_state(|| None::<Result<Rc<Crossed>, String>>);
    let waiting = use_state(|| false);
    {
        let (told, waiting) = (told.clone(), waiting.clone());
        use_effect_with((props.text.clone(), (*asked).clone()), move |_| {
            told.set(None);
            waiting.set(false);
        });
    }
    let Some(outline) = inputs.and_then(|inputs| inputs.outline) else { return html! {} };
    let values: Vec<(String, String)> = outline
        .sections("stream")
        .flat_map(|stream| {
            ASKED.into_iter().filter_map(|key| {
                // Of an interval, its middle.
                let value = stream.value(key)?;
                let parts: Vec<&str> = value.split("..").collect();
                let middle = parts[parts.len() / 2].trim();
                Some((stream.path_of(key)?, middle.to_owned()))
            })
        })
        .collect();
    // The two that are closest to being chosen come first.
    let rows = props.sheet.rows.iter().filter(|row| !row.part && row.rejected.is_empty());
    let mut rows: Vec<_> = rows.collect();
    order::sort_by(&mut rows, |one, other| one.dollars.total_cmp(&other.dollars));
    let names: Vec<&String> = rows.iter().map(|row| &row.name).collect();
    let Some((path, value)) =
        values.iter().find(|(path, _)| *path == asked.path).or(values.first())
    else {
        return html! {};
    };
    let reach = interval(value, REACH.0, REACH.1).unwrap_or_default();
    let mut ends = reach.split(" .. ");
    let (low, high) = (ends.next().unwrap_or_default(), ends.last().unwrap_or_default());
    let from = asked.from.clone().unwrap_or_else(|| low.to_owned());
    let to = asked.to.clone().unwrap_or_else(|| high.to_owned());
    let chosen = |wanted: &str, place: usize| {
        let own = names.iter().find(|name| ***name == wanted);
        own.or(names.get(place)).map(|name| (*name).clone()).unwrap_or_default()
    };
    let (one, other) = (chosen(&asked.one, 0), chosen(&asked.other, 1));
    let change = |set: fn(&mut Asked, String)| {
        let asked = asked.clone();
        Callback::from(move |value: String| {
            let mut changed = (*asked).clone();
            set(&mut changed, value);
            asked.set(changed);
        })
    };
    let end = |id: &'static str, label: &'static str, value: &str, set: fn(&mut Asked, String)| {
        let change = change(set);
        let oninput = move |event: InputEvent| {
            change.emit(event.target_unchecked_into::<HtmlInputElement>().value());
        };
        html! {
            <div class="field">
                <span class="label"><label for={id}>{ label }</label></span>
                <input {id} type="text" value={value.to_owned()} {oninput} />
            </div>
        }
    };
    let ask = {
        let (props, told, waiting) = (props.clone(), told.clone(), waiting.clone());
        let what = What::Later(Later::BreakEven {
            path: path.clone(),
            from: from.clone(),
            to: to.clone(),
            between: vec![one.clone(), other.clone()],
            steady: asked.steady,
            width: props.room,
        });
        move |_| {
            waiting.set(true);
            let (told, waiting) = (told.clone(), waiting.clone());
            let then = Callback::from(move |answer| {
                waiting.set(false);
                told.set(match answer {
                    Told::BreakEven(answer) => Some(Ok(Rc::new(*answer))),
                    Told::Wrong(faults) => faults.first().map(|fault| {
                        let hint = fault.hint.as_ref().map(|hint| format!("; {hint}"));
                        Err(format!("{}{}", fault.message, hint.unwrap_or_default()))
                    }),
                    Told::Nothing(why) => Some(Err(why)),
                    _ => None,
                });
            });
            props.desk.ask(Lane::Long, "break-even", &props.text, what.clone(), then);
        }
    };
    let choose = {
        let asked = asked.clone();
        Callback::from(move |steady| asked.set(Asked { steady, ..(*asked).clone() }))
    };
    let options = vec![(false, "the whole horizon"), (true, "a steady month")];
    html! {
        <>
            <h3>{ "From when on is another platform better?" }</h3>
            <div class="choices">
                { pick_name("even-path", "Along", values.iter().map(|(one, _)| one), path, change(|asked, path| *asked = Asked { path, from: None, to: None, ..asked.clone() })) }
                { end("even-from", "from", &from, |asked, from| asked.from = Some(from)) }
                { end("even-to", "to", &to, |asked, to| asked.to = Some(to)) }
            </div>
            <div class="choices">
                { pick_name("even-one", "between", names.iter().copied(), &one, change(|asked, one| asked.one = one)) }
                { pick_name("even-other", "and", names.iter().copied(), &other, change(|asked, other| asked.other = other)) }
                <Choice<bool> legend="Compare" {options} value={asked.steady} {choose} />
            </div>
            <p class="actions">
                <button type="button" id="even-find" onclick={ask} disabled={*waiting || one == other}>{ "Find where they cross" }</button>
            </p>
            <div aria-live="polite" data-even={if *waiting { "waiting" } else if told.is_some() { "told" } else { "none" }}>
                { match (&*told, *waiting) {
                    (_, true) => html! { <p class="quiet">{ "Looking…" }</p> },
                    (Some(Err(why)), _) => html! { <p class="fault">{ prose(why) }</p> },
                    (Some(Ok(answer)), _) => html! {
                        for (index, sentence) in answer.told.sentences.iter().enumerate() {
                            <p class={if index == 0 { "headline" } else { "" }}>{ prose(sentence) }</p>
                        }
                    },
                    (None, false) => html! {},
                } }
            </div>
            if let (Some(Ok(answer)), false) = (&*told, *waiting) {
                <div class="crossing">
                    { Html::from_html_unchecked(answer.svg.clone().into()) }
                </div>
                for figures in [&answer.told.crossings, &answer.told.ranges, &answer.told.gaps] {
                    if !figures.rows.is_empty() {
                        { table(figures) }
                    }
                }
                <p class="quiet">{ prose(&answer.told.resolution) }</p>
            }
        </>
    }
}
