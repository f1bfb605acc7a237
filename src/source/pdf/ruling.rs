//! Drawn paths to rulings: strokes, thin filled boxes, stroked boxes, dashes; across and down only.

use hayro_interpret::kurbo::{Affine, BezPath, PathEl, Point};

use crate::source::{Axis, Ruling};

/// A filled box that is at most this thick, in points, is a border. Word draws borders 0.5 to 1 pt thick, and double
/// or heavy ones up to 3.
const BORDER_THICKNESS: f64 = 3.0;

/// A stroke up to this thick, in points, is a line; a thicker one paints a box. Heavy rules under a title reach 5,
/// rows that are shaded by one broad stroke begin at 8.
const PEN_THICKNESS: f64 = 6.0;

/// A border is at least this many times as long as it is thick; what is stouter is a dot, a bullet or a box.
const BORDER_SLIMNESS: f64 = 2.0;

/// A line may lean this many points over its length and is still across or down: rounding of coordinates leans 0.1.
const LEAN: f64 = 0.5;

/// Shorter strokes, in points, are parts of drawn signs; the shortest cells of forms are 4 points high.
const SHORTEST: f64 = 1.0;

/// The rulings of a path stroked with a pen of `width`, its points mapped by `to_page`.
pub(crate) fn of_stroke(path: &BezPath, to_page: Affine, width: f64) -> Vec<Ruling> {
    let thickness = width * to_page.determinant().abs().sqrt();
    let mut rulings = Vec::new();
    let (mut start, mut last) = (Point::ZERO, Point::ZERO);
    for element in path.elements() {
        let next = match *element {
            PathEl::MoveTo(point) => {
                start = point;
                last = point;
                continue;
            }
            PathEl::LineTo(point) => point,
            PathEl::ClosePath => start,
            PathEl::QuadTo(_, point) | PathEl::CurveTo(_, _, point) => {
                last = point;
                continue;
            }
        };
        rulings.extend(of_segment(to_page * last, to_page * next, thickness));
        last = next;
    }
    rulings
}

/// The rulings of a filled path: each sub-path of straight lines that is a thin upright box.
pub(crate) fn of_fill(path: &BezPath, to_page: Affine) -> Vec<Ruling> {
    let mut rulings = Vec::new();
    let mut points: Vec<Point> = Vec::new();
    let mut straight = true;
    for element in path.elements() {
        match *element {
            PathEl::MoveTo(point) => {
                if straight {
                    rulings.extend(of_box(&points));
                }
                points.clear();
                straight = true;
                points.push(to_page * point);
            }
            PathEl::LineTo(point) => points.push(to_page * point),
            PathEl::ClosePath => {}
            PathEl::QuadTo(..) | PathEl::CurveTo(..) => straight = false,
        }
    }
    if straight {
        rulings.extend(of_box(&points));
    }
    rulings
}

/// The ruling of one straight stroke from `a` to `b` on the page, if it runs across or down. A stroke thicker than a
/// line is the box that it paints: some producers draw a line as a short stroke of a broad pen.
fn of_segment(a: Point, b: Point, thickness: f64) -> Option<Ruling> {
    let (across, down) = ((a.x - b.x).abs(), (a.y - b.y).abs());
    let half = thickness / 2.0;
    if thickness > PEN_THICKNESS {
        let (x, y) = if across > down { (0.0, half) } else { (half, 0.0) };
        if across.min(down) > LEAN {
            return None;
        }
        return of_box(&[
            Point::new(a.x - x, a.y - y),
            Point::new(a.x + x, a.y + y),
            Point::new(b.x + x, b.y + y),
            Point::new(b.x - x, b.y - y),
        ]);
    }
    if down <= LEAN && across >= SHORTEST && across > down {
        Some(Ruling { axis: Axis::Horizontal, at: (a.y + b.y) / 2.0, from: a.x.min(b.x), to: a.x.max(b.x) })
    } else if across <= LEAN && down >= SHORTEST && down > across {
        Some(Ruling { axis: Axis::Vertical, at: (a.x + b.x) / 2.0, from: a.y.min(b.y), to: a.y.max(b.y) })
    } else {
        None
    }
}

/// The ruling of a thin filled polygon: its middle line.
fn of_box(points: &[Point]) -> Option<Ruling> {
    let first = points.first()?;
    let (mut x0, mut x1, mut y0, mut y1) = (first.x, first.x, first.y, first.y);
    for point in points {
        (x0, x1) = (x0.min(point.x), x1.max(point.x));
        (y0, y1) = (y0.min(point.y), y1.max(point.y));
    }
    // Four corners, each on the hull: a box. Anything else is a drawn shape.
    let at_corner = |p: &Point| {
        let near = |a: f64, b: f64| (a - b).abs() <= LEAN;
        (near(p.x, x0) || near(p.x, x1)) && (near(p.y, y0) || near(p.y, y1))
    };
    if !(4..=5).contains(&points.len()) || !points.iter().all(at_corner) {
        return None;
    }
    let (width, height) = (x1 - x0, y1 - y0);
    if height <= BORDER_THICKNESS && width >= height * BORDER_SLIMNESS && width >= SHORTEST {
        Some(Ruling { axis: Axis::Horizontal, at: (y0 + y1) / 2.0, from: x0, to: x1 })
    } else if width <= BORDER_THICKNESS && height >= width * BORDER_SLIMNESS && height >= SHORTEST {
        Some(Ruling { axis: Axis::Vertical, at: (x0 + x1) / 2.0, from: y0, to: y1 })
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(svg: &str) -> BezPath {
        BezPath::from_svg(svg).unwrap()
    }

    fn across(at: f64, from: f64, to: f64) -> Ruling {
        Ruling { axis: Axis::Horizontal, at, from, to }
    }

    fn down(at: f64, from: f64, to: f64) -> Ruling {
        Ruling { axis: Axis::Vertical, at, from, to }
    }

    #[test]
    fn strokes_and_their_rulings() {
        let table: &[(&str, &[Ruling])] = &[
            ("M 0 5 L 90 5", &[across(5.0, 0.0, 90.0)]),
            ("M 90 5 L 0 5", &[across(5.0, 0.0, 90.0)]),
            ("M 7 0 L 7 50", &[down(7.0, 0.0, 50.0)]),
            ("M 0 0 L 90 40", &[]),
            ("M 0 0 L 0.5 0", &[]),
            ("M 0 0 C 10 0 20 0 30 0", &[]),
            (
                "M 0 0 L 9 0 L 9 6 L 0 6 Z",
                &[across(0.0, 0.0, 9.0), down(9.0, 0.0, 6.0), across(6.0, 0.0, 9.0), down(0.0, 0.0, 6.0)],
            ),
            ("M 0 0 L 9 0 M 20 0 L 29 0", &[across(0.0, 0.0, 9.0), across(0.0, 20.0, 29.0)]),
        ];
        for (svg, rulings) in table {
            assert_eq!(of_stroke(&path(svg), Affine::IDENTITY, 0.5), *rulings, "{svg}");
        }
    }

    #[test]
    fn a_broad_pen_paints_a_box() {
        let line = path("M 50 10 L 50 11");
        assert_eq!(of_stroke(&line, Affine::IDENTITY, 80.0), [across(10.5, 10.0, 90.0)]);
        assert_eq!(of_stroke(&path("M 0 0 L 90 0"), Affine::IDENTITY, 20.0), []);
    }

    #[test]
    fn fills_and_their_rulings() {
        let table: &[(&str, &[Ruling])] = &[
            ("M 0 0 L 90 0 L 90 1 L 0 1 Z", &[across(0.5, 0.0, 90.0)]),
            ("M 0 0 L 1 0 L 1 40 L 0 40 L 0 0 Z", &[down(0.5, 0.0, 40.0)]),
            ("M 0 0 L 90 0 L 90 20 L 0 20 Z", &[]),
            ("M 0 0 L 2 0 L 2 2 L 0 2 Z", &[]),
            ("M 0 0 L 90 0 L 45 2 Z", &[]),
            (
                "M 0 0 L 9 0 L 9 1 L 0 1 Z M 20 0 L 29 0 L 29 1 L 20 1 Z",
                &[across(0.5, 0.0, 9.0), across(0.5, 20.0, 29.0)],
            ),
        ];
        for (svg, rulings) in table {
            assert_eq!(of_fill(&path(svg), Affine::IDENTITY), *rulings, "{svg}");
        }
    }
}
