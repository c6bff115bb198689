//! What tests ask of every document.

use super::text;

/// A text and its estimated box: left, top, right, bottom.
struct Boxed {
    text: String,
    edges: [f64; 4],
}

/// The texts of a document, after making sure that it is well-formed, holds nothing foreign, and that no text leaves it or
/// covers another.
#[track_caller]
pub(super) fn texts(document: &str) -> Vec<String> {
    for foreign in ["<script", "href", "NaN", "inf", "style="] {
        assert!(!document.contains(foreign), "{foreign} in {document}");
    }
    shapes(document);
    let document = roxmltree::Document::parse(document).expect("well-formed XML");
    let bounds = document.root_element().attribute("viewBox").expect("a view box");
    let bounds: Vec<f64> = bounds.split(' ').map(|edge| edge.parse().unwrap()).collect();
    let mut boxes: Vec<Boxed> = Vec::new();
    for element in document.descendants().filter(|element| element.has_tag_name("text")) {
        let number = |name| element.attribute(name).and_then(|text| text.parse::<f64>().ok());
        let (x, y, size) =
            (number("x").unwrap(), number("y").unwrap(), number("font-size").unwrap());
        let text = element.text().unwrap_or_default().trim().to_owned();
        // What plotters hangs below a point is its tick's label.
        let y = if element.attribute("dy") == Some("0.76em") { y + size / 2.0 } else { y };
        let width = text::width(&text, size);
        let left = match element.attribute("text-anchor") {
            Some("middle") => x - width / 2.0,
            Some("end") => x - width,
            _ => x,
        };
        let edges = [left, y - size / 2.0, left + width, y + size / 2.0];
        assert!(left >= 0.0 && edges[2] <= bounds[2], "`{text}` is cut");
        assert!(edges[1] > 0.0 && edges[3] < bounds[3], "`{text}` is above or below");
        boxes.push(Boxed { text, edges });
    }
    for (index, one) in boxes.iter().enumerate() {
        for other in &boxes[..index] {
            let [left, top, right, bottom] = one.edges;
            let across = left < other.edges[2] && other.edges[0] < right;
            let upright = top < other.edges[3] && other.edges[1] < bottom;
            let nothing = one.text.is_empty() || other.text.is_empty();
            assert!(
                nothing || !(across && upright),
                "`{}` covers `{}` at {:?}",
                one.text,
                other.text,
                bounds
            );
        }
    }
    boxes.into_iter().map(|one| one.text).collect()
}

/// The edges of everything drawn but text, in pixels, after making sure that none leaves the document and that nothing but
/// attributes says how it looks: left, top, right, bottom.
#[track_caller]
pub(super) fn shapes(document: &str) -> Vec<[f64; 4]> {
    let document = roxmltree::Document::parse(document).expect("well-formed XML");
    let root = document.root_element();
    let bounds = numbers(root.attribute("viewBox").expect("a view box"));
    let drawn = root.descendants().filter(|node| node.is_element() && *node != root);
    let shapes = drawn.filter_map(|element| {
        let number = |name| -> f64 {
            element.attribute(name).unwrap_or_else(|| panic!("{name}")).parse().expect(name)
        };
        assert!(!element.attributes().any(|one| ["class", "id"].contains(&one.name())));
        match element.tag_name().name() {
            "rect" => {
                let (x, y) = (number("x"), number("y"));
                Some([x, y, x + number("width"), y + number("height")])
            }
            "line" => Some(around(&[number("x1"), number("y1"), number("x2"), number("y2")])),
            "polyline" | "polygon" => Some(around(&numbers(element.attribute("points").unwrap()))),
            "circle" => {
                let (x, y, r) = (number("cx"), number("cy"), number("r"));
                Some([x - r, y - r, x + r, y + r])
            }
            "title" | "desc" | "style" | "text" => None,
            other => panic!("<{other}>"),
        }
    });
    let inside = |edges: [f64; 4]| {
        let [left, top, right, bottom] = edges;
        let is_inside = left >= 0.0 && top >= 0.0 && right <= bounds[2] && bottom <= bounds[3];
        assert!(is_inside, "{edges:?} leaves {bounds:?}");
        edges.map(|edge| edge / 10.0)
    };
    shapes.map(inside).collect()
}

fn numbers(text: &str) -> Vec<f64> {
    let numbers = text.split([' ', ',']).filter(|number| !number.is_empty());
    numbers.map(|number| number.parse().expect("a number")).collect()
}

fn around(points: &[f64]) -> [f64; 4] {
    points.chunks_exact(2).fold(
        [f64::MAX, f64::MAX, f64::MIN, f64::MIN],
        |[left, top, right, bottom], point| {
            [left.min(point[0]), top.min(point[1]), right.max(point[0]), bottom.max(point[1])]
        },
    )
}
