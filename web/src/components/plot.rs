use std::rc::Rc;

use model::chart::{Breakdown, Drawing};
use web_sys::{Element, KeyboardEvent, PointerEvent};
use yew::prelude::*;

use super::scrolling;
use crate::hooks::use_unfolded;

#[derive(Clone, Properties)]
pub struct PlotProps {
    /// What is drawn.
    pub drawing: Rc<Drawing>,
    /// Buttons below it.
    #[prop_or_default]
    pub children: Html,
}

/// The same picture, not merely an equal one.
impl PartialEq for PlotProps {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.drawing, &other.drawing) && self.children == other.children
    }
}

/// A picture through time whose values can be read under the pointer, with the arrow keys, and in a table behind it.
#[component]
pub fn Plot(props: &PlotProps) -> Html {
    let at = use_state(|| None::<f64>);
    let place = use_node_ref();
    let drawing = &props.drawing;
    let frame = drawing.frame;
    let moved = {
        let (at, place, drawing) = (at.clone(), place.clone(), drawing.clone());
        move |event: PointerEvent| {
            let Some(element) = place.cast::<Element>() else { return };
            let shown = element.get_bounding_client_rect();
            let x = (f64::from(event.client_x()) - shown.left()) / shown.width().max(1.0);
            at.set(Some(drawing.frame.hours(x * drawing.frame.paper_width)));
        }
    };
    let left = {
        let at = at.clone();
        move |_: PointerEvent| at.set(None)
    };
    let pressed = {
        let (at, drawing) = (at.clone(), drawing.clone());
        move |event: KeyboardEvent| {
            let moments = drawing.moments();
            let here = at.unwrap_or(drawing.frame.from);
            // A picture has hundreds of moments: a step goes over those that a pixel holds.
            let step = (drawing.frame.to - drawing.frame.from) / drawing.frame.width.max(1.0);
            let next = match event.key().as_str() {
                "ArrowRight" => moments.iter().copied().find(|one| *one >= here + step),
                "ArrowLeft" => moments.iter().rev().copied().find(|one| *one <= here - step),
                "Home" => moments.first().copied(),
                "End" => moments.last().copied(),
                "Escape" => return at.set(None),
                _ => return,
            };
            event.prevent_default();
            if let Some(next) = next {
                at.set(Some(next));
            }
        }
    };
    let reading = at.map(|at| drawing.reading(at));
    // `MiB/s, highest of each day`: the unit, and what it is of.
    let unit = drawing.unit.split(',').next().unwrap_or_default();
    let svg = Html::from_html_unchecked(AttrValue::from(drawing.svg.clone()));
    html! {
        <figure class="plot" data-picture={drawing.picture.clone()}>
            <div
                class="paper"
                ref={place}
                tabindex="0"
                role="application"
                aria-roledescription="chart"
                aria-label={format!("{}, {}. Arrow keys read its values.", drawing.title, drawing.unit)}
                onpointermove={moved}
                onpointerleave={left}
                onkeydown={pressed}
            >
                { svg }
                if let Some(reading) = &reading {
                    <svg class="cross" viewBox={format!("0 0 {} {}", frame.paper_width, frame.paper_height)} aria-hidden="true">
                        <line x1={reading.x.to_string()} x2={reading.x.to_string()} y1={frame.top.to_string()} y2={(frame.top + frame.height).to_string()} />
                        for value in &reading.values {
                            <circle cx={reading.x.to_string()} cy={value.y.to_string()} r="3.5" fill={value.color.clone()} />
                        }
                    </svg>
                }
            </div>
            <output class="reading" aria-live="polite">
                if let Some(reading) = &reading {
                    <strong>{ &reading.moment }</strong>
                    for value in &reading.values {
                        <span class="value">
                            { swatch(drawing, &value.name) }
                            { format!("{} {} {unit}", value.name, value.text) }
                        </span>
                    }
                    for mark in &reading.marks {
                        <span class="mark">{ mark }</span>
                    }
                } else {
                    <span class="quiet">{ "Point at the chart, or focus it and use the arrow keys, to read its values." }</span>
                }
            </output>
            <div class="plot-foot">
                { props.children.clone() }
                <Behind picture={Picture::Through(drawing.clone())} />
            </div>
        </figure>
    }
}

/// A series as the legend shows it.
fn swatch(drawing: &Drawing, name: &str) -> Html {
    let Some(track) = drawing.tracks.iter().find(|track| track.name == name) else {
        return html! {};
    };
    let dashes: Vec<String> = track.dashes.iter().map(f64::to_string).collect();
    html! {
        <svg class="line" viewBox="0 0 26 10" aria-hidden="true">
            <line x1="0" x2="26" y1="5" y2="5" stroke={track.color.clone()} stroke-width="2.5" stroke-dasharray={dashes.join(" ")} />
        </svg>
    }
}

/// A picture that has figures behind it.
#[derive(Clone)]
pub enum Picture {
    /// Of something through time.
    Through(Rc<Drawing>),
    /// Of bills.
    Bills(Rc<Breakdown>),
}

/// The same picture, not merely an equal one.
impl PartialEq for Picture {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Through(one), Self::Through(other)) => Rc::ptr_eq(one, other),
            (Self::Bills(one), Self::Bills(other)) => Rc::ptr_eq(one, other),
            _ => false,
        }
    }
}

#[derive(PartialEq, Properties)]
pub struct BehindProps {
    /// The picture.
    pub picture: Picture,
}

/// The table behind a picture, which is made when somebody opens it: it has a row for each point.
#[component]
pub fn Behind(props: &BehindProps) -> Html {
    let (open, ontoggle) = use_unfolded();
    html! {
        <details class="behind" {ontoggle}>
            <summary>{ "Table" }</summary>
            if open {
                { match &props.picture {
                    Picture::Through(drawing) => table(&drawing.table),
                    Picture::Bills(bills) => table(&bills.table),
                } }
            }
        </details>
    }
}

pub fn table(table: &model::chart::Table) -> Html {
    scrolling(
        format!("Figures: {}", table.caption),
        html! {
            <table class="dense">
                <caption><span>{ &table.caption }</span></caption>
                <thead><tr>
                    for (index, head) in table.columns.iter().enumerate() {
                        <th scope="col" class={classes!((index > 0).then_some("number"))}>{ head }</th>
                    }
                </tr></thead>
                <tbody>
                    for row in &table.rows {
                        <tr>
                            for (index, cell) in row.iter().enumerate() {
                                if index == 0 { <th scope="row">{ cell }</th> } else { <td class="number">{ cell }</td> }
                            }
                        </tr>
                    }
                </tbody>
            </table>
        },
    )
}
