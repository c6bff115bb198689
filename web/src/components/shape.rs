use model::float;
use model::scenario::Outline;
use model::shape::{self, Shape};
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

use super::faults;
use super::field::id_of;
use crate::inputs::Inputs;

/// Hours of a day.
const DAY: usize = 24;

/// The highest weight that the sliders of a curve give.
const MOST: f64 = 10.0;

/// How a stream's rate moves through a week: a drawing, a named curve to pick, or a curve of one's own by the hour.
pub fn shape(inputs: &Inputs, stream: &Outline, path: &str) -> Html {
    let written = stream.value("shape").unwrap_or("flat");
    let own = weights(written);
    let curve = match &own {
        Some(weights) => Shape::from_weights("weights", weights),
        None => Shape::named(written),
    };
    let doc = shape::NAMED.iter().find(|named| named.name == written).map(|named| named.doc);
    let path = format!("{path}.shape");
    let choose = {
        let (inputs, path, curve) = (inputs.clone(), path.clone(), curve.clone());
        move |event: Event| {
            let value = event.target_unchecked_into::<HtmlSelectElement>().value();
            match (value.as_str(), &curve) {
                // Whoever draws a curve starts from the one that is shown.
                ("own", Some(curve)) => inputs.set(&path, &as_toml(&day_of(curve))),
                _ => inputs.set(&path, &value),
            }
        }
    };
    let id = id_of(&path);
    html! {
        <div class="shape">
            <div class="field">
                <span class="label"><label for={id.clone()}>{ "Shape of the week" }</label></span>
                <select {id} onchange={choose}>
                    for named in shape::NAMED {
                        <option value={named.name} selected={own.is_none() && named.name == written}>{ named.name }</option>
                    }
                    <option value="own" selected={own.is_some()}>{ "my own, hour by hour" }</option>
                </select>
                { faults(&inputs.faults_of(stream, "shape")) }
            </div>
            if let Some(curve) = &curve {
                <figure class="curve">
                    { drawn(curve) }
                    <figcaption>{ format!("peak {:.1} × mean", curve.peak_to_mean()) }{ doc.map(|doc| format!(": {doc}")).unwrap_or_default() }</figcaption>
                </figure>
            }
            if let Some(weights) = own.filter(|weights| weights.len() == DAY) {
                { sliders(inputs, &path, &weights) }
            }
        </div>
    }
}

/// A week as bars, an hour each.
fn drawn(curve: &Shape) -> Html {
    let highest = curve.peak_to_mean().max(1.0);
    let bar = |hour: usize| {
        let height = curve.factor(hour) / highest * 40.0;
        format!("M{hour} {:.1}v{height:.1}h.9v-{height:.1}z", 41.0 - height)
    };
    html! {
        <svg viewBox="0 0 168 50" preserveAspectRatio="none" role="img" aria-label="A week from Monday, hour by hour">
            <path d={(0..shape::WEEK).map(bar).collect::<String>()} />
            { for (1..7).map(|day| html! { <line x1={(day * 24).to_string()} x2={(day * 24).to_string()} y1="0" y2="46" /> }) }
        </svg>
    }
}

/// A slider for each hour of the day.
fn sliders(inputs: &Inputs, path: &str, weights: &[f64]) -> Html {
    let slider = |hour: usize| {
        let oninput = {
            let (inputs, path, weights) = (inputs.clone(), path.to_owned(), weights.to_vec());
            move |event: InputEvent| {
                let value = event.target_unchecked_into::<HtmlInputElement>().value_as_number();
                let mut weights = weights.clone();
                weights[hour] = value;
                inputs.set(&path, &as_toml(&weights));
            }
        };
        html! {
            <label class="hour">
                <input type="range" min="0" max={MOST.to_string()} step="0.5" value={weights[hour].to_string()} aria-label={format!("Weight of the hour from {hour}:00")} {oninput} />
                <output aria-hidden="true">{ weights[hour] }</output>
                <span aria-hidden="true">{ format!("{hour}h") }</span>
            </label>
        }
    };
    html! { <div class="hours" role="group" aria-label="Weight of each hour of the day">{ for (0..DAY).map(slider) }</div> }
}

/// Weights from a TOML array; `None` for anything else.
fn weights(written: &str) -> Option<Vec<f64>> {
    let inside = written.trim().strip_prefix('[')?.strip_suffix(']')?;
    let numbers = inside.split(',').map(str::trim).filter(|number| !number.is_empty());
    numbers.map(|number| float::parse(&number.replace('_', ""))).collect()
}

/// The first day of a curve, its mean in the middle of the sliders, or its peak at their top.
fn day_of(curve: &Shape) -> Vec<f64> {
    let day: Vec<f64> = (0..DAY).map(|hour| curve.factor(hour)).collect();
    let highest = day.iter().copied().fold(0.0, f64::max);
    if highest <= 0.0 {
        return vec![1.0; DAY];
    }
    let scale = (MOST / highest).min(MOST / 2.0);
    day.iter().map(|factor| (factor * scale * 2.0).round() / 2.0).collect()
}

fn as_toml(weights: &[f64]) -> String {
    let each: Vec<String> = weights.iter().map(f64::to_string).collect();
    format!("[{}]", each.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_curve_of_ones_own_starts_from_the_one_that_is_shown() {
        let office = Shape::named("office-hours").expect("a named curve");
        let day = day_of(&office);
        assert_eq!((day[3], day[10]), (1.0, 10.0));
        assert_eq!(weights(&as_toml(&day)), Some(day));
        assert_eq!(day_of(&Shape::flat()), vec![5.0; 24]);
        assert_eq!(weights("flat"), None);
        assert_eq!(weights("[1, x]"), None);
    }
}
