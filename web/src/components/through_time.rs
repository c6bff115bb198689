use std::rc::Rc;

use model::chart::{Breakdown, Drawing};
use model::export::timeline::Picture;
use web_sys::HtmlSelectElement;
use yew::prelude::*;

use super::Plot;
use super::plot::{self, Behind};
use crate::desk::{Desk, Lane};
use crate::download;
use crate::hooks::use_settled;
use page_engine::protocol::{Sheet, Told, What};

/// Milliseconds without a new answer after which pictures are drawn: while somebody types, answers come first.
const SETTLED: i32 = 120;

/// Widths that pictures are drawn for are these apart, so that a window that is dragged redraws them seldom.
const STEP: u32 = 20;
const NARROWEST: u32 = 280;
const WIDEST: u32 = 1200;

/// What stands beside a picture within its frame.
const EDGE: u32 = 26;

/// Between two pictures side by side.
const GAP: u32 = 20;

/// From so much room on, pictures stand two by two.
const TWO: u32 = 900;

/// The widest picture that so much room holds.
fn width_for(room: u32) -> u32 {
    (room.saturating_sub(EDGE) / STEP * STEP).clamp(NARROWEST, WIDEST)
}

#[derive(Clone, Properties)]
pub struct ThroughTimeProps {
    /// The scenario.
    pub text: Rc<str>,
    /// Its answer.
    pub sheet: Rc<Sheet>,
    /// Who is asked for pictures.
    pub desk: Desk,
    /// How much room there is, in pixels; nothing before that is known.
    pub room: u32,
}

impl PartialEq for ThroughTimeProps {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.sheet, &other.sheet) && self.room == other.room
    }
}

/// What happens through the horizon: one platform in all that it does, or all of them side by side; the whole time, or a
/// few days around something that happens.
#[component]
pub fn ThroughTime(props: &ThroughTimeProps) -> Html {
    let platform = use_state(|| None::<String>);
    let moment = use_state(|| None::<String>);
    let drawings = use_state(Vec::<Rc<Drawing>>::new);
    let sheet = &props.sheet;
    let planned: Vec<&str> = sheet
        .rows
        .iter()
        .filter(|row| row.rejected.is_empty() && !row.part)
        .map(|row| row.name.as_str())
        .collect();
    let chosen = platform.as_ref().filter(|name| planned.contains(&name.as_str())).cloned();
    let around = moment.as_ref().and_then(|name| sheet.events.iter().find(|one| one.name == *name));
    let span = around.map(|one| one.span.clone()).unwrap_or_default();
    {
        let (desk, drawings) = (props.desk.clone(), drawings.clone());
        let asked = (props.clone(), chosen.clone(), span.clone());
        use_settled(asked, SETTLED, move |(props, platform, span)| {
            if props.room == 0 {
                return;
            }
            let room = if props.room >= TWO { (props.room - GAP) / 2 } else { props.room };
            let what = What::Pictures {
                platform: platform.clone(),
                span: span.clone(),
                width: width_for(room),
            };
            let then = Callback::from(move |told| {
                if let Told::Pictures(all) = told {
                    drawings.set(all.into_iter().map(Rc::new).collect());
                }
            });
            desk.ask(Lane::Quick, "pictures", &props.text, what, then);
        });
    }
    let choose = |state: UseStateHandle<Option<String>>| {
        Callback::from(move |event: Event| {
            let value = event.target_unchecked_into::<HtmlSelectElement>().value();
            state.set((!value.is_empty()).then_some(value));
        })
    };
    html! {
        <>
            <div class="grid controls">
                <div class="field">
                    <span class="label"><label for="time-platform">{ "Platform" }</label></span>
                    <select id="time-platform" onchange={choose(platform.clone())}>
                        <option value="" selected={chosen.is_none()}>{ "all, side by side" }</option>
                        for name in planned {
                            <option value={name.to_owned()} selected={chosen.as_deref() == Some(name)}>{ name }</option>
                        }
                    </select>
                </div>
                <div class="field wide">
                    <span class="label"><label for="time-span">{ "Time" }</label></span>
                    <select id="time-span" onchange={choose(moment.clone())}>
                        <option value="" selected={around.is_none()}>{ sheet.span.clone() }</option>
                        for event in &sheet.events {
                            <option value={event.name.clone()} selected={around.is_some_and(|one| one.name == event.name)}>{ format!("around {}, {}", event.name, event.at) }</option>
                        }
                    </select>
                </div>
            </div>
            <div class={classes!("plots", (props.room >= TWO).then_some("two"))}>
                for (index, drawing) in drawings.iter().enumerate() {
                    <Plot drawing={drawing.clone()}>
                        { buttons(props, Some(index), chosen.as_ref(), Picture::ALL.get(index).map_or("chart", |one| one.name())) }
                    </Plot>
                }
            </div>
        </>
    }
}

/// Buttons that take a picture away.
fn buttons(
    props: &ThroughTimeProps,
    chart: Option<usize>,
    platform: Option<&String>,
    name: &str,
) -> Html {
    let take = |as_png: bool| {
        let (desk, text, platform) = (props.desk.clone(), props.text.clone(), platform.cloned());
        move |_| {
            let what = What::Picture { chart, platform: platform.clone() };
            let then = Callback::from(move |told| {
                if let Told::File(file) = told {
                    if as_png { download::png(*file, WIDEST) } else { download::file(&file) }
                }
            });
            desk.ask(Lane::Quick, "picture", &text, what, then);
        }
    };
    html! {
        <span class="take-picture">
            <button type="button" aria-label={format!("Download {name} as SVG")} onclick={take(false)}>{ "SVG" }</button>
            <button type="button" aria-label={format!("Download {name} as PNG")} onclick={take(true)}>{ "PNG" }</button>
        </span>
    }
}

/// Every platform's bill as bars, with the table behind them.
#[component]
pub fn Bills(props: &ThroughTimeProps) -> Html {
    let bills = use_state(|| None::<Rc<Breakdown>>);
    let at = use_state(|| None::<usize>);
    {
        let (desk, bills) = (props.desk.clone(), bills.clone());
        use_settled(props.clone(), SETTLED, move |props| {
            let then = Callback::from(move |told| {
                if let Told::Bars(all) = told {
                    bills.set(Some(Rc::from(all)));
                }
            });
            if props.room > 0 {
                let what = What::Bars { width: width_for(props.room) };
                desk.ask(Lane::Quick, "bars", &props.text, what, then);
            }
        });
    }
    let Some(drawn) = &*bills else { return html! {} };
    let pointed = |index: usize| {
        let at = at.clone();
        move |_: PointerEvent| at.set(Some(index))
    };
    let left = {
        let at = at.clone();
        move |_: PointerEvent| at.set(None)
    };
    let pressed = {
        let (at, last) = (at.clone(), drawn.segments.len().saturating_sub(1));
        let bars: Vec<String> = drawn.segments.iter().map(|segment| segment.bar.clone()).collect();
        move |event: KeyboardEvent| {
            let first_of = |bar: &String| bars.iter().position(|one| one == bar).unwrap_or(0);
            let next = match (event.key().as_str(), *at) {
                ("ArrowRight", Some(here)) => (here + 1).min(last),
                ("ArrowDown", Some(here)) => {
                    let below = bars[here..].iter().position(|bar| *bar != bars[here]);
                    below.map_or(here, |steps| here + steps)
                }
                ("ArrowUp", Some(here)) => match first_of(&bars[here]) {
                    0 => 0,
                    first => first_of(&bars[first - 1]),
                },
                ("ArrowRight" | "ArrowDown" | "ArrowUp" | "Home", None) => 0,
                ("ArrowLeft", here) => here.unwrap_or(1).saturating_sub(1),
                ("Home", _) => 0,
                ("End", _) => last,
                ("Escape", _) => return at.set(None),
                _ => return,
            };
            event.prevent_default();
            at.set(Some(next));
        }
    };
    let here = at.and_then(|index| drawn.segments.get(index));
    let svg = Html::from_html_unchecked(AttrValue::from(drawn.svg.clone()));
    html! {
        <figure class="plot bills" data-picture="bills">
            <div class="paper" tabindex="0" role="application" aria-roledescription="chart" aria-label={format!("{}, {}. Arrow keys read its values.", drawn.title, drawn.unit)} onkeydown={pressed} onpointerleave={left}>
                { svg }
                <svg class="cross" viewBox={format!("0 0 {} {}", drawn.width, drawn.height)} aria-hidden="true">
                    for (index, segment) in drawn.segments.iter().enumerate() {
                        <rect
                            class={classes!("segment", (here == Some(segment)).then_some("here"))}
                            x={segment.x.to_string()}
                            y={segment.y.to_string()}
                            width={segment.width.to_string()}
                            height={segment.height.to_string()}
                            onpointerenter={pointed(index)}
                        />
                    }
                </svg>
            </div>
            <output class="reading" aria-live="polite">
                if let Some(segment) = here {
                    <strong>{ &segment.bar }</strong>
                    <span class="value">
                        <svg viewBox="0 0 10 10" aria-hidden="true"><rect width="10" height="10" fill={segment.color.clone()} fill-opacity={segment.strength.to_string()} /></svg>
                        { format!("{} {}, {} of it", segment.part, segment.amount, segment.share) }
                    </span>
                } else {
                    <span class="quiet">{ "Point at a bar, or focus it and use the arrow keys, to read its parts." }</span>
                }
            </output>
            <div class="plot-foot">
                { buttons(props, None, None, "bills") }
                <Behind picture={plot::Picture::Bills(drawn.clone())} />
            </div>
        </figure>
    }
}
