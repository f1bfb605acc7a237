//! The lines of a table that are but dark pixels of a scanned page, and the page set straight by them.

use hayro_interpret::ImageData;
use hayro_interpret::kurbo::{Affine, Point};

use crate::source::{Axis, BBox, Glyph, PlacedPage, Ruling};

/// A pixel is dark when it has less than this part of the paper's brightness. Thin lines come out grey.
const DARK: f64 = 0.72;

/// Lines are looked for in windows of this length, in points: longer than a stroke of common type.
const WINDOW: f64 = 12.0;

/// From one window to the next, in points.
const STEP: f64 = 3.0;

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

/// A shorter one must be so long, and end at long ones: a row is at least as high as the type in it.
const SHORT: f64 = 11.5;

/// A line ends at another when it ends this near to it, in points.
const NEAR: f64 = 4.0;

/// So near when it is no longer than [`STROKE`]: a character's stroke keeps clear of the lines.
const TOUCHING: f64 = 2.0;

/// Strokes of the type in tables are no longer than this, in points.
const STROKE: f64 = 16.0;

/// A picture that shows more lines across or down shows a hatching: a table of 500 rows has 501.
const MOST: usize = 2_500;

/// One side of a pixel is no more than so many times the other: those of a fax in coarse mode come to 2.1.
const SIDES: f64 = 3.0;

/// Signs of this kind on a line down are the line itself, which character recognition takes for a letter.
const BARS: &str = "|｜丨¦‖";

/// So are these, unless they end the text left of them,
const CLOSING: &str = "！!。";

/// or these, each with the one that it goes with in a pair.
const QUOTES: [(&str, &str); 2] = [("“", "”"), ("‘", "’")];

/// Quotation marks without a partner are bars too.
const LONE: &str = "“”‘’\"'";

/// Within so many glyphs a quotation mark has its partner: few cells quote more.
const QUOTED: usize = 40;

/// A mark goes with a character of its line that is this near to it, as a part of its size.
const BESIDE: f64 = 0.6;

/// A bar is on a line when its middle is this near to it, as a part of its size.
const ON_LINE: f64 = 0.75;

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

/// The straight lines across and down in a picture that lies on its page by `to_page`.
pub(crate) fn segments(bitmap: &Bitmap, to_page: Affine) -> Vec<Segment> {
    let [a, b, c, d, ..] = to_page.as_coeffs();
    let (wide, high) = (a.hypot(b), c.hypot(d));
    let pixels = 1.0 / wide;
    if !pixels.is_finite() || pixels < 0.5 || wide > SIDES * high || high > SIDES * wide {
        return Vec::new();
    }
    let place = |x: f64, y: f64| {
        let point = to_page * Point::new(x, y);
        (point.x, point.y)
    };
    let (across, down) = (lines(bitmap, pixels), lines(&bitmap.turned(), pixels));
    if across.len().max(down.len()) > MOST {
        return Vec::new();
    }
    let across = across.into_iter().map(|(x0, y0, x1, y1)| (place(x0, y0), place(x1, y1)));
    let down = down.into_iter().map(|(y0, x0, y1, x1)| (place(x0, y0), place(x1, y1)));
    across.chain(down).map(|(from, to)| Segment { from, to }).collect()
}

/// A line under way: its points, and the window of the last.
struct Chain {
    first: usize,
    last: usize,
    points: Vec<(f64, f64)>,
}

impl Chain {
    /// Where its last point is.
    fn height(&self) -> f64 {
        self.points.last().map_or(f64::INFINITY, |point| point.1)
    }
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
        // Where the open chains are, from top to bottom.
        let mut heights: Vec<(f64, usize)> =
            open.iter().enumerate().map(|(index, chain)| (chain.height(), index)).collect();
        heights.sort_by(|a, b| a.0.total_cmp(&b.0));
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
            let far = climb * GAP as f64 + 0.5;
            let from = heights.partition_point(|(height, _)| *height < at - far);
            let within = heights.iter().skip(from).take_while(|(height, _)| *height <= at + far);
            let near = within.filter_map(|(height, index)| {
                let chain = open.get(*index)?;
                let off = (height - at).abs();
                (chain.last < number && off <= reach(chain)).then_some((off, *index))
            });
            let nearest = near.min_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
            match nearest.and_then(|(_, index)| open.get_mut(index)) {
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
    // Windows tell the ends to a step; pixels do exactly.
    let stretched = |(from, y0, to, y1): (f64, f64, f64, f64)| {
        let is_dark = |x: usize, y: f64| {
            let y = y.round() as usize;
            (y.saturating_sub(1)..=y + 1).any(|y| bitmap.is_dark(x, y))
        };
        let reach = step + window / 8;
        let (first, last) = (from as usize, to as usize);
        let before = (1..=reach).take_while(|back| first >= *back && is_dark(first - back, y0)).count();
        let after = (0..reach).take_while(|on| is_dark(last + on, y1)).count();
        (from - before as f64, y0, to + after as f64, y1)
    };
    done.iter().map(ends).map(stretched).filter(|(from, _, to, _)| to - from >= SHORT * pixels).collect()
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
        let near = if ruling.to - ruling.from <= STROKE { TOUCHING } else { NEAR };
        long.iter().any(|other| {
            let within = (other.from - NEAR..=other.to + NEAR).contains(&ruling.at);
            other.axis != ruling.axis && within && (other.at - end).abs() <= near
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
    let glyphs = &page.glyphs;
    let lines: Vec<bool> = (0..glyphs.len()).map(|at| is_line(glyphs, at, &page.rulings)).collect();
    let mut lines = lines.into_iter();
    page.glyphs.retain(|_| !lines.next().unwrap_or_default());
}

/// Whether an unseen glyph is a line down, taken for a letter.
fn is_line(glyphs: &[Glyph], at: usize, rulings: &[Ruling]) -> bool {
    let Some(glyph) = glyphs.get(at) else { return false };
    let (x, y) = glyph.bbox.centre();
    let on_line = |ruling: &Ruling| {
        let near = (ruling.at - x).abs() <= ON_LINE * glyph.size.max(1.0);
        ruling.axis == Axis::Vertical && near && (ruling.from..=ruling.to).contains(&y)
    };
    glyph.invisible && (is_bar(glyphs, at) || is_lone(glyphs, at)) && rulings.iter().any(on_line)
}

/// Whether a glyph is a quotation mark without a partner, apart from the text before it: a speck.
fn is_lone(glyphs: &[Glyph], at: usize) -> bool {
    let Some(glyph) = glyphs.get(at) else { return false };
    let apart = at
        .checked_sub(1)
        .and_then(|at| glyphs.get(at))
        .is_none_or(|before| before.text.chars().all(char::is_whitespace));
    QUOTES.iter().any(|(_, close)| glyph.text == *close) && apart && !is_paired(glyphs, at)
}

/// Whether a glyph may be a bar: it looks like one, and goes with none of its neighbours in the text layer.
fn is_bar(glyphs: &[Glyph], at: usize) -> bool {
    let Some(glyph) = glyphs.get(at) else { return false };
    let all = |signs: &str| glyph.text.chars().all(|ch| signs.contains(ch));
    let meet = |left: &Glyph, right: &Glyph| {
        let drop = (left.bbox.centre().1 - right.bbox.centre().1).abs();
        let in_order = left.bbox.x0 < right.bbox.x0;
        in_order && (right.bbox.x0 - left.bbox.x1).max(drop) <= BESIDE * glyph.size
    };
    let letter = |other: &&Glyph| !other.text.chars().all(char::is_whitespace);
    let before = at.checked_sub(1).and_then(|at| glyphs.get(at)).filter(letter);
    let closes = all(CLOSING) && before.is_some_and(|before| meet(before, glyph));
    (all(BARS) || all(CLOSING) || all(LONE)) && !closes && !is_paired(glyphs, at)
}

/// Whether a glyph is one of a pair of quotation marks.
fn is_paired(glyphs: &[Glyph], at: usize) -> bool {
    let text = |glyph: &Glyph| glyph.text.clone();
    let Some(own) = glyphs.get(at).map(text) else { return false };
    let from = at.saturating_sub(QUOTED);
    let before = glyphs.get(from..at).unwrap_or_default().iter().rev();
    let after = glyphs.iter().skip(at + 1).take(QUOTED);
    QUOTES.iter().any(|(open, close)| {
        let is_quote = |glyph: &&Glyph| [open, close].contains(&&glyph.text.as_str());
        (own == *close && before.clone().find(is_quote).is_some_and(|glyph| glyph.text == *open))
            || (own == *open && after.clone().find(is_quote).is_some_and(|glyph| glyph.text == *close))
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
    fn marks_that_go_with_text_stay() {
        let glyph = |text: &str, x: f64| Glyph {
            text: text.to_owned(),
            bbox: BBox { x0: x, y0: 95.0, x1: x + 10.0, y1: 105.0 },
            size: 10.0,
            invisible: true,
        };
        let wall = Ruling { axis: Axis::Vertical, at: 116.0, from: 0.0, to: 200.0 };
        let left = |glyphs: Vec<Glyph>| {
            let kept = (0..glyphs.len()).filter(|at| !is_line(&glyphs, *at, std::slice::from_ref(&wall)));
            kept.map(|at| glyphs[at].text.clone()).collect::<String>()
        };
        assert_eq!(left(vec![glyph("好", 100.0), glyph("。", 110.0)]), "好。");
        assert_eq!(left(vec![glyph("好", 100.0), glyph("|", 110.0)]), "好");
        assert_eq!(left(vec![glyph("好", 50.0), glyph("。", 110.0)]), "好");
        assert_eq!(left(vec![glyph("’", 110.0), glyph("好", 120.0)]), "好");
        assert_eq!(left(vec![glyph("“", 110.0), glyph("好", 120.0)]), "好");
        assert_eq!(left(vec![glyph("“", 110.0), glyph("好", 120.0), glyph("”", 130.0)]), "“好”");
        assert_eq!(left(vec![glyph("“", 90.0), glyph("好", 100.0), glyph("”", 110.0)]), "“好”");
    }

    #[test]
    fn combs_are_no_tables() {
        // A line in every fifth row, far more than a table has.
        let (width, height) = (64, 60_000);
        let bitmap = Bitmap { width, height, dark: (0..width * height).map(|at| at / width % 5 == 0).collect() };
        assert!(segments(&bitmap, Affine::scale(0.5)).is_empty());
        // Pixels much wider than high.
        assert!(segments(&bitmap, Affine::scale_non_uniform(1.5, 0.002)).is_empty());
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
