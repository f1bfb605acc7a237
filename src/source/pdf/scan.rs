//! The lines of a table that are but dark pixels of a scanned page, and the page set straight by them.

use hayro_interpret::ImageData;
use hayro_interpret::kurbo::{Affine, Point};

use crate::source::{Axis, BBox, Glyph, PlacedPage, Ruling};

/// A pixel is dark when it has less than this part of the paper's brightness. Thin lines come out grey.
const DARK: f64 = 0.72;

/// Lines are looked for in windows of this length, in points: longer than a stroke of common type.
const WINDOW: f64 = 12.0;

/// From one window to the next, in points.
const STEP: f64 = 4.0;

/// A window shows a line when it is dark over this part of its length.
const COVER: f64 = 0.9;

/// A dark band that is thicker than this, in points, is no line.
const THICK: f64 = 3.0;

/// So many windows without a line may lie within one: a speck of dust is smaller.
const GAP: usize = 3;

/// A line climbs no more than this from window to window, as a part of the step: pages lie up to 3 degrees askew.
const SLOPE: f64 = 0.06;

/// From this length on, in points, a line is one of a table, wherever it is: large type has no such strokes.
const LONG: f64 = 40.0;

/// A shorter one must be so long, and end at long ones.
const SHORT: f64 = 14.0;

/// A line ends at another when it ends this near to it, in points.
const NEAR: f64 = 4.0;

/// Signs of this kind on a line down are the line itself, which character recognition takes for a letter.
const BARS: &str = "|｜丨¦‖！!“”‘’\"'。";

/// A bar is on a line when its middle is this near to it, as a part of its size.
const ON_LINE: f64 = 0.75;

/// The boxes of a JPEG 2000 file that stand before its picture are shorter than this; colour profiles take the most.
const HEADERS: usize = 8 << 20;

/// A straight line between two points of a page.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Segment {
    pub(crate) from: (f64, f64),
    pub(crate) to: (f64, f64),
}

impl Segment {
    fn length(&self) -> f64 {
        (self.to.0 - self.from.0).hypot(self.to.1 - self.from.1)
    }

    fn is_across(&self) -> bool {
        (self.to.0 - self.from.0).abs() >= (self.to.1 - self.from.1).abs()
    }

    /// How far it turns from its axis, in radians, clockwise.
    fn turn(&self) -> f64 {
        let (dx, dy) = (self.to.0 - self.from.0, self.to.1 - self.from.1);
        if self.is_across() { (dy / dx).atan() } else { -(dx / dy).atan() }
    }
}

/// Dark and light pixels.
pub(crate) struct Bitmap {
    width: usize,
    height: usize,
    dark: Vec<bool>,
}

impl Bitmap {
    /// The dark pixels of an image; none when its data are short.
    pub(crate) fn of(image: &ImageData) -> Option<Bitmap> {
        let (width, height) = (image.width() as usize, image.height() as usize);
        let light: Vec<u8> = match image {
            ImageData::Luma(luma) => luma.data.clone(),
            // Green tells brightness best.
            ImageData::Rgb(rgb) => rgb.data.iter().skip(1).step_by(3).copied().collect(),
        };
        if width == 0 || height == 0 || light.len() < width * height {
            return None;
        }
        let mut counts = [0_usize; 256];
        for value in &light {
            if let Some(count) = counts.get_mut(usize::from(*value)) {
                *count += 1;
            }
        }
        // Most of a page is paper.
        let mut seen = 0;
        let paper = counts.iter().position(|count| {
            seen += count;
            2 * seen >= light.len()
        });
        let limit = paper.unwrap_or(255) as f64 * DARK;
        Some(Bitmap { width, height, dark: light.iter().map(|value| f64::from(*value) < limit).collect() })
    }

    fn is_dark(&self, x: usize, y: usize) -> bool {
        x < self.width && y < self.height && self.dark.get(y * self.width + x).copied().unwrap_or(false)
    }

    fn turned(&self) -> Bitmap {
        let dark = (0..self.width).flat_map(|x| (0..self.height).map(move |y| self.is_dark(x, y))).collect();
        Bitmap { width: self.height, height: self.width, dark }
    }
}

/// How many pixels the data of a JPEG 2000 picture unpack to, whatever its dictionary says; none when `data` are no such
/// picture. The sizes follow the markers SOC and SIZ (ISO/IEC 15444-1, A.5.1): a length and a word of capabilities of 16
/// bits each, then the far corner and the offset.
pub(crate) fn jpeg2000_pixels(data: &[u8]) -> Option<usize> {
    const MARKS: &[u8] = b"\xff\x4f\xff\x51";
    let at = data.windows(MARKS.len()).take(HEADERS).position(|window| window == MARKS)?;
    let sizes = data.get(at + MARKS.len() + 4..)?;
    let word = |number: usize| -> Option<usize> {
        let bytes = sizes.get(4 * number..4 * number + 4)?;
        usize::try_from(u32::from_be_bytes(bytes.try_into().ok()?)).ok()
    };
    let side = |number: usize| Some(word(number)?.saturating_sub(word(number + 2)?));
    Some(side(0)?.saturating_mul(side(1)?))
}

/// The straight lines across and down in a picture that lies on its page by `to_page`.
pub(crate) fn segments(bitmap: &Bitmap, to_page: Affine) -> Vec<Segment> {
    let [a, b, ..] = to_page.as_coeffs();
    let pixels = 1.0 / a.hypot(b);
    if !pixels.is_finite() || pixels < 0.5 {
        return Vec::new();
    }
    let place = |x: f64, y: f64| {
        let point = to_page * Point::new(x, y);
        (point.x, point.y)
    };
    let across = lines(bitmap, pixels).into_iter().map(|(x0, y0, x1, y1)| (place(x0, y0), place(x1, y1)));
    let down = lines(&bitmap.turned(), pixels).into_iter().map(|(y0, x0, y1, x1)| (place(x0, y0), place(x1, y1)));
    across.chain(down).map(|(from, to)| Segment { from, to }).collect()
}

/// A line under way: its points, and the window of the last.
struct Chain {
    first: usize,
    last: usize,
    points: Vec<(f64, f64)>,
}

/// The lines across: both ends of each. `pixels` is how many make a point.
fn lines(bitmap: &Bitmap, pixels: f64) -> Vec<(f64, f64, f64, f64)> {
    let window = ((WINDOW * pixels).round() as usize).max(4);
    let step = ((STEP * pixels).round() as usize).max(1);
    let thick = THICK * pixels;
    let least = (COVER * window as f64).ceil() as usize;
    let climb = (SLOPE * step as f64).max(1.5);
    let mut done: Vec<Chain> = Vec::new();
    let mut open: Vec<Chain> = Vec::new();
    let windows = bitmap.width.saturating_sub(window) / step + 1;
    let mut counts = vec![0_usize; bitmap.height];
    for number in 0..windows {
        let x = number * step;
        counts.fill(0);
        for (y, count) in counts.iter_mut().enumerate() {
            let rows = y.saturating_sub(1)..=y + 1;
            let dark = |x: usize| rows.clone().any(|y| bitmap.is_dark(x, y));
            // Most rows are blank: a look at some pixels tells.
            if (x..x + window).step_by((window / 8).max(1)).filter(|x| dark(*x)).count() < 6 {
                continue;
            }
            *count = (x..x + window).filter(|x| dark(*x)).count();
        }
        let middle = x as f64 + window as f64 / 2.0;
        let mut y = 0;
        while y < counts.len() {
            let run = counts.iter().skip(y).take_while(|count| **count >= least).count();
            if run == 0 {
                y += 1;
                continue;
            }
            let at = y as f64 + (run as f64 - 1.0) / 2.0;
            y += run;
            if run as f64 > thick + 2.0 {
                continue;
            }
            let reach = |chain: &Chain| climb * (number - chain.last) as f64 + 0.5;
            let off = |chain: &Chain| chain.points.last().map_or(f64::INFINITY, |point| (point.1 - at).abs());
            let near = open.iter_mut().filter(|chain| chain.last < number && off(chain) <= reach(chain));
            match near.min_by(|a, b| off(a).total_cmp(&off(b))) {
                Some(chain) => {
                    chain.last = number;
                    chain.points.push((middle, at));
                }
                None => open.push(Chain { first: number, last: number, points: vec![(middle, at)] }),
            }
        }
        let (going, ended): (Vec<Chain>, Vec<Chain>) = open.into_iter().partition(|chain| number - chain.last < GAP);
        open = going;
        done.extend(ended);
    }
    done.extend(open);
    let ends = |chain: &Chain| {
        let (from, to) = ((chain.first * step) as f64, (chain.last * step + window) as f64);
        let (slope, x, y) = fitted(&chain.points);
        (from, y + slope * (from - x), to, y + slope * (to - x))
    };
    done.iter().map(ends).filter(|(from, _, to, _)| to - from >= SHORT * pixels).collect()
}

/// The line nearest to all points: its slope, and a point of it.
fn fitted(points: &[(f64, f64)]) -> (f64, f64, f64) {
    let count = points.len().max(1) as f64;
    let (x, y) = points.iter().fold((0.0, 0.0), |(x, y), point| (x + point.0 / count, y + point.1 / count));
    let spread: f64 = points.iter().map(|point| (point.0 - x).powi(2)).sum();
    let rise: f64 = points.iter().map(|point| (point.0 - x) * (point.1 - y)).sum();
    (if spread > 0.0 { rise / spread } else { 0.0 }, x, y)
}

/// Sets a page straight by the lines of its picture, and gives it these as rulings. What stands on them for them is
/// left out: character recognition reads a line as a bar.
pub(crate) fn rule(page: &mut PlacedPage, segments: &[Segment]) {
    let mut turns: Vec<(f64, f64)> =
        segments.iter().filter(|one| one.length() >= LONG).map(|one| (one.turn(), one.length())).collect();
    turns.sort_by(|a, b| a.0.total_cmp(&b.0));
    let half = turns.iter().map(|(_, length)| length).sum::<f64>() / 2.0;
    let mut sum = 0.0;
    let skew = turns.iter().find(|(_, length)| {
        sum += length;
        sum >= half
    });
    let Some((skew, _)) = skew else { return };
    let (sin, cos) = (-skew).sin_cos();
    let (cx, cy) = (page.width / 2.0, page.height / 2.0);
    let turned = |x: f64, y: f64| (cx + (x - cx) * cos - (y - cy) * sin, cy + (x - cx) * sin + (y - cy) * cos);
    let straight = segments.iter().map(|segment| {
        let (from, to) = (turned(segment.from.0, segment.from.1), turned(segment.to.0, segment.to.1));
        if segment.is_across() {
            Ruling { axis: Axis::Horizontal, at: (from.1 + to.1) / 2.0, from: from.0.min(to.0), to: from.0.max(to.0) }
        } else {
            Ruling { axis: Axis::Vertical, at: (from.0 + to.0) / 2.0, from: from.1.min(to.1), to: from.1.max(to.1) }
        }
    });
    let (long, short): (Vec<Ruling>, Vec<Ruling>) = straight.partition(|ruling| ruling.to - ruling.from >= LONG);
    let ends = |ruling: &Ruling, end: f64| {
        long.iter().any(|other| {
            let within = (other.from - NEAR..=other.to + NEAR).contains(&ruling.at);
            other.axis != ruling.axis && within && (other.at - end).abs() <= NEAR
        })
    };
    let short: Vec<Ruling> =
        short.into_iter().filter(|ruling| ends(ruling, ruling.from) && ends(ruling, ruling.to)).collect();
    page.rulings.extend(long.into_iter().chain(short));
    for glyph in &mut page.glyphs {
        let (x, y) = glyph.bbox.centre();
        let (to_x, to_y) = turned(x, y);
        let (dx, dy) = (to_x - x, to_y - y);
        let BBox { x0, y0, x1, y1 } = glyph.bbox;
        glyph.bbox = BBox { x0: x0 + dx, y0: y0 + dy, x1: x1 + dx, y1: y1 + dy };
    }
    let rulings = std::mem::take(&mut page.rulings);
    page.glyphs.retain(|glyph| !is_line(glyph, &rulings));
    page.rulings = rulings;
}

/// Whether an unseen glyph is a line down, taken for a letter.
fn is_line(glyph: &Glyph, rulings: &[Ruling]) -> bool {
    let (x, y) = glyph.bbox.centre();
    glyph.invisible
        && glyph.text.chars().all(|ch| BARS.contains(ch))
        && rulings.iter().any(|ruling| {
            let near = (ruling.at - x).abs() <= ON_LINE * glyph.size.max(1.0);
            ruling.axis == Axis::Vertical && near && (ruling.from..=ruling.to).contains(&y)
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A frame of two cells, 300 by 100 points at two pixels a point, turned by this slope.
    fn frame(slope: f64) -> Bitmap {
        let (width, height) = (800, 400);
        let mut bitmap = Bitmap { width, height, dark: vec![false; width * height] };
        let mut dot = |x: f64, y: f64| {
            let at = y.round() as usize * width + x.round() as usize;
            bitmap.dark[at] = true;
        };
        for n in 0..600 {
            let along = f64::from(n);
            for y in [100.0, 300.0] {
                dot(100.0 + along, y + slope * along);
            }
        }
        for n in 0..200 {
            let along = f64::from(n);
            for x in [0.0, 300.0, 600.0] {
                dot(100.0 + x - slope * along, 100.0 + along + slope * x);
            }
        }
        bitmap
    }

    #[test]
    fn lines_askew_are_found_and_set_straight() {
        for slope in [0.0, 0.012, -0.02] {
            let found = segments(&frame(slope), Affine::scale(0.5));
            let mut page = PlacedPage { width: 400.0, height: 200.0, ..PlacedPage::default() };
            let bar = |text: &str, x: f64| Glyph {
                text: text.to_owned(),
                bbox: BBox { x0: x - 2.0, y0: 95.0, x1: x + 2.0, y1: 105.0 },
                size: 10.0,
                invisible: true,
            };
            page.glyphs = vec![bar("|", 200.0), bar("|", 120.0), bar("表", 200.0)];
            rule(&mut page, &found);
            let at = |axis: Axis| {
                let mut at: Vec<f64> = page.rulings.iter().filter(|one| one.axis == axis).map(|one| one.at).collect();
                at.sort_by(f64::total_cmp);
                at
            };
            let apart = |at: &[f64]| at.windows(2).map(|pair| (pair[1] - pair[0]).round()).collect::<Vec<f64>>();
            assert_eq!(apart(&at(Axis::Horizontal)), [100.0], "{slope}");
            assert_eq!(apart(&at(Axis::Vertical)), [150.0, 150.0], "{slope}");
            assert_eq!(page.glyphs.iter().map(|glyph| glyph.text.as_str()).collect::<String>(), "|表");
        }
    }

    #[test]
    fn strokes_of_letters_are_no_lines() {
        let mut bitmap = Bitmap { width: 400, height: 200, dark: vec![false; 80_000] };
        // Rows of dashes as long as a wide character's stroke, two pixels a point.
        for row in 0..8 {
            for x in (0..400).filter(|x| x % 24 < 18) {
                bitmap.dark[(row * 24 + 5) * 400 + x] = true;
            }
        }
        assert!(segments(&bitmap, Affine::scale(0.5)).is_empty());
    }
}
