//! Small PDFs, written here, through the whole way from bytes to pages.

use lopdf::{EncryptionState, EncryptionVersion, Permissions};

use super::*;
use crate::source::{self, Axis, Ruling};

/// A PDF of these objects, numbered from 1; the first is the catalogue.
fn pdf(objects: &[String]) -> Vec<u8> {
    let mut file = String::from("%PDF-1.7\n");
    let mut table = String::new();
    for (index, object) in objects.iter().enumerate() {
        table += &format!("{:010} 00000 n \n", file.len());
        file += &format!("{} 0 obj\n{object}\nendobj\n", index + 1);
    }
    let (start, size) = (file.len(), objects.len() + 1);
    file += &format!("xref\n0 {size}\n0000000000 65535 f \n{table}");
    file += "trailer << /Root 1 0 R /ID [<0123456789ABCDEF> <0123456789ABCDEF>] ";
    file += &format!("/Size {size} >>\nstartxref\n{start}\n%%EOF\n");
    file.into_bytes()
}

fn stream(dict: &str, content: &str) -> String {
    format!("<< {dict} /Length {} >>\nstream\n{content}\nendstream", content.len())
}

/// The objects of one page of 200 by 100 points: font `F`, image `I`, form `X` with the content `form`.
fn objects(entries: &str, content: &str, form: &str) -> Vec<String> {
    let cid_font = "<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /DW 1000 \
        /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 5 >> /FontDescriptor 9 0 R >>";
    [
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        format!("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 100] /Contents 4 0 R /Resources 5 0 R {entries} >>"),
        stream("", content),
        "<< /Font << /F 6 0 R >> /XObject << /I 8 0 R /X 10 0 R >> >>".to_owned(),
        "<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H /DescendantFonts [7 0 R] >>"
            .to_owned(),
        cid_font.to_owned(),
        stream("/Type /XObject /Subtype /Image /Width 1 /Height 1 /BitsPerComponent 8 /ColorSpace /DeviceGray", "x"),
        "<< /Type /FontDescriptor /FontName /STSong-Light /Flags 6 /FontBBox [-25 -254 1000 880] /ItalicAngle 0 \
         /Ascent 880 /Descent -120 /CapHeight 880 /StemV 93 >>"
            .to_owned(),
        stream("/Type /XObject /Subtype /Form /BBox [0 0 200 100] /Resources 5 0 R", form),
    ]
    .into()
}

fn page(entries: &str, content: &str) -> Vec<u8> {
    pdf(&objects(entries, content, ""))
}

/// Operators that show `text` in 10 points at a place.
fn show(text: &str, x: f64, y: f64) -> String {
    let hex: String = text.encode_utf16().map(|unit| format!("{unit:04X}")).collect();
    format!("BT /F 10 Tf {x} {y} Td <{hex}> Tj ET\n")
}

fn read(bytes: &[u8]) -> Document {
    source::read(bytes, &Options::default())
}

fn placed(document: &Document, index: usize) -> &PlacedPage {
    match &document.pages[index].content {
        Content::Placed(page) => page,
        Content::Lines(_) => panic!("a PDF has no lines"),
    }
}

fn text(document: &Document) -> String {
    (0..document.pages.len())
        .flat_map(|index| &placed(document, index).glyphs)
        .map(|glyph| glyph.text.as_str())
        .collect()
}

fn codes(document: &Document) -> Vec<(Code, Option<u32>)> {
    document.problems.iter().map(|problem| (problem.code, problem.page)).collect()
}

/// A ruling in tenths of a point: its place, start and end.
type Tenths = (Axis, [i64; 3]);

fn rulings(bytes: &[u8]) -> Vec<Tenths> {
    let tenths = |length: f64| (length * 10.0).round() as i64;
    let row = |ruling: &Ruling| (ruling.axis, [tenths(ruling.at), tenths(ruling.from), tenths(ruling.to)]);
    placed(&read(bytes), 0).rulings.iter().map(row).collect()
}

#[test]
fn what_is_drawn_and_its_rulings() {
    use Axis::{Horizontal, Vertical};
    let table: &[(&str, &[Tenths])] = &[
        ("10 80 m 110 80 l S", &[(Horizontal, [200, 100, 1100])]),
        ("10 20 1 60 re f", &[(Vertical, [105, 200, 800])]),
        ("1 g 10 20 1 60 re f", &[]),
        ("[2 2] 0 d 10 50 m 190 50 l S", &[(Horizontal, [500, 100, 1900])]),
        ("10 10 m 90 90 l S", &[]),
        ("2 0 0 2 0 0 cm 10 40 m 50 40 l S", &[(Horizontal, [200, 200, 1000])]),
        ("10 10 90 50 re W n 0 40 m 200 40 l S", &[(Horizontal, [600, 100, 1000])]),
        ("10 50 m 900 50 l S", &[(Horizontal, [500, 100, 2000])]),
    ];
    for (content, expected) in table {
        assert_eq!(rulings(&page("", content)), *expected, "{content}");
    }
    assert_eq!(rulings(&page("", "10 10 50 20 re S")).len(), 4);
}

#[test]
fn a_turned_page_is_read_as_it_is_shown() {
    let bytes = page("/Rotate 90", &format!("10 80 m 110 80 l S {}", show("转", 10.0, 80.0)));
    assert_eq!(rulings(&bytes), [(Axis::Vertical, [800, 100, 1100])]);
    let document = read(&bytes);
    let page = placed(&document, 0);
    assert_eq!((page.width.round(), page.height.round()), (100.0, 200.0));
    let (x, y) = page.glyphs[0].bbox.centre();
    assert!((x - 83.8).abs() < 0.1 && (y - 15.0).abs() < 0.1, "{x} {y}");
}

#[test]
fn outside_the_crop_box_is_nothing() {
    let bytes = page(
        "/CropBox [50 20 150 90]",
        &format!("10 80 m 110 80 l S {}{}", show("外", 10.0, 80.0), show("内", 60.0, 40.0)),
    );
    assert_eq!(rulings(&bytes), [(Axis::Horizontal, [100, 0, 600])]);
    let document = read(&bytes);
    let page = placed(&document, 0);
    assert_eq!((page.width.round(), page.height.round(), text(&document).as_str()), (100.0, 70.0, "内"));
    assert!((page.glyphs[0].bbox.x0 - 10.0).abs() < 0.1, "{:?}", page.glyphs);
}

#[test]
fn glyphs_have_their_text_place_and_ink() {
    let doubled = format!("{}{}", show("绩效", 20.0, 50.0), show("绩效", 20.3, 50.0));
    let document = read(&page("", &doubled));
    assert_eq!((text(&document).as_str(), codes(&document)), ("绩效", vec![]));
    let glyph = &placed(&document, 0).glyphs[1];
    assert!((glyph.size - 10.0).abs() < 0.01 && (glyph.bbox.x0 - 30.0).abs() < 0.1 && !glyph.invisible, "{glyph:?}");
    assert!((glyph.bbox.y1 - 51.2).abs() < 0.1, "{glyph:?}");

    let hidden = read(&page("", &format!("3 Tr {}", show("层", 20.0, 50.0))));
    assert!(placed(&hidden, 0).glyphs.iter().all(|glyph| glyph.invisible && glyph.text == "层"));
    assert_eq!(text(&hidden), "层");
}

#[test]
fn text_of_forms_is_read_where_they_are_drawn() {
    let document = read(&pdf(&objects("", "1 0 0 1 30 0 cm /X Do", &show("表", 20.0, 50.0))));
    assert_eq!(text(&document), "表");
    assert!((placed(&document, 0).glyphs[0].bbox.x0 - 50.0).abs() < 0.1);
}

#[test]
fn a_page_of_a_picture_has_no_text_layer() {
    let picture = "200 0 0 100 0 0 cm /I Do";
    assert_eq!(codes(&read(&page("", picture))), [(Code::NoTextLayer, Some(1))]);
    assert_eq!(codes(&read(&page("", &format!("q {picture} Q {}", show("印", 20.0, 50.0))))), []);
    assert_eq!(codes(&read(&page("", ""))), []);
}

#[test]
fn a_font_that_nothing_decodes_is_said() {
    let mut objects = objects("", "BT /F 10 Tf 20 50 Td <00050006> Tj ET", "");
    objects[5] = objects[5].replace("UniGB-UCS2-H", "Identity-H");
    objects[6] = objects[6].replace("GB1", "Identity");
    let document = read(&pdf(&objects));
    assert_eq!((text(&document).as_str(), codes(&document)), ("\u{fffd}\u{fffd}", vec![(Code::Undecodable, Some(1))]));
}

#[test]
fn a_password_opens_and_its_lack_is_said() {
    let mut document = lopdf::Document::load_mem(&page("", &show("密", 20.0, 50.0))).unwrap();
    let version = EncryptionVersion::V2 {
        document: &document,
        owner_password: "owner",
        user_password: "open sesame",
        key_length: 128,
        permissions: Permissions::all(),
    };
    let state = EncryptionState::try_from(version).unwrap();
    document.encrypt(&state).unwrap();
    let mut bytes = Vec::new();
    document.save_to(&mut bytes).unwrap();
    for (password, pages, expected) in [
        (None, 0, vec![(Code::PasswordNeeded, None)]),
        (Some("wrong"), 0, vec![(Code::PasswordNeeded, None)]),
        (Some("open sesame"), 1, vec![]),
    ] {
        let document = source::read(&bytes, &Options { password: password.map(str::to_owned), ..Options::default() });
        assert_eq!((document.pages.len(), codes(&document)), (pages, expected), "{password:?}");
        assert_eq!(text(&document), if pages == 1 { "密" } else { "" }, "{password:?}");
    }
}

#[test]
fn limits_stop_a_page_and_say_so() {
    let line: String = (0..20).map(|n| show("字", f64::from(n) * 10.0, 50.0)).collect();
    let bytes = page("", &line);
    for (limits, glyphs, code) in [
        (Limits { page_glyphs: 5, ..Limits::default() }, 5, Code::LimitReached),
        (Limits { glyphs: 7, ..Limits::default() }, 7, Code::LimitReached),
        (Limits { page_calls: 9, ..Limits::default() }, 9, Code::LimitReached),
        (Limits { page_content: 50, ..Limits::default() }, 0, Code::LimitReached),
        (Limits { bytes: 50, ..Limits::default() }, 0, Code::TooLarge),
    ] {
        let document = source::read(&bytes, &Options { limits: limits.clone(), ..Options::default() });
        let found: Vec<Code> = document.problems.iter().map(|problem| problem.code).collect();
        assert_eq!((text(&document).chars().count(), found), (glyphs, vec![code]), "{limits:?}");
    }
}

#[test]
fn pages_past_the_limit_are_said() {
    let mut objects = objects("", &show("页", 20.0, 50.0), "");
    objects.extend([objects[2].clone(), objects[2].clone()]);
    objects[1] = "<< /Type /Pages /Kids [3 0 R 11 0 R 12 0 R] /Count 3 >>".to_owned();
    let options = Options { limits: Limits { pages: 2, ..Limits::default() }, ..Options::default() };
    let document = source::read(&pdf(&objects), &options);
    assert_eq!((text(&document).as_str(), codes(&document)), ("页页", vec![(Code::LimitReached, None)]));
}

#[test]
fn forms_that_multiply_are_stopped() {
    let mut objects = objects("", "/X Do", &"/X0 Do ".repeat(100));
    let resources = |next: usize| format!("<< /XObject << /X0 {next} 0 R >> >>");
    objects[9] =
        stream(&format!("/Subtype /Form /BBox [0 0 200 100] /Resources {}", resources(11)), &"/X0 Do ".repeat(100));
    for number in 11..20 {
        let dict = format!("/Subtype /Form /BBox [0 0 200 100] /Resources {}", resources(number + 1));
        objects.push(stream(&dict, &"/X0 Do ".repeat(100)));
    }
    assert_eq!(codes(&read(&pdf(&objects))), [(Code::LimitReached, Some(1))]);
}

#[test]
fn endless_widths_do_not_fill_the_memory() {
    let mut objects = objects("", &show("宽", 20.0, 50.0), "");
    objects[6] = objects[6].replace("/DW 1000", "/DW 1000 /W [0 2147483647 1000]");
    assert_eq!(text(&read(&pdf(&objects))), "宽");
}

#[test]
fn page_trees_that_loop_come_to_an_end() {
    for kids in ["[2 0 R]", "[3 0 R 2 0 R]", "[1 0 R 2 0 R 3 0 R]", "2 0 R", "[]", "[99 0 R]"] {
        let mut objects = objects("", &show("环", 20.0, 50.0), "");
        objects[1] = format!("<< /Type /Pages /Parent 2 0 R /Kids {kids} /Count 1 >>");
        let document = read(&pdf(&objects));
        assert!(document.pages.len() < 10, "{kids}");
        assert!(text(&document).contains('环') || !document.problems.is_empty(), "{kids}");
    }
}

#[test]
fn a_file_cut_short_says_so() {
    let whole = page("", &show("截断", 20.0, 50.0));
    let end = whole.len() - "startxref\n0000\n%%EOF\n".len();
    for cut in (0..end).step_by(29) {
        let document = read(&whole[..cut]);
        assert!(!document.problems.is_empty(), "cut at {cut}: {:?}", text(&document));
    }
}

#[test]
fn damage_never_breaks_the_reading() {
    let content = format!("10 80 m 110 80 l S {} /X Do 10 20 1 60 re f", show("预算执行率 98.5%", 20.0, 50.0));
    let plain = pdf(&objects("/Rotate 270", &content, &show("得分", 20.0, 30.0)));
    let mut packed = Vec::new();
    let mut document = lopdf::Document::load_mem(&plain).unwrap();
    document.compress();
    document.save_modern(&mut packed).unwrap();
    let mut seed = 0x2545_f491_4f6c_dd1d_u64;
    let mut below = |bound: usize| {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        (seed % bound.max(1) as u64) as usize
    };
    for round in 0..400 {
        let mut bytes = if round % 2 == 0 { plain.clone() } else { packed.clone() };
        for _ in 0..=below(12) {
            // The header stays, so that it is a PDF that is damaged.
            let at = 8 + below(bytes.len() - 8);
            match below(3) {
                0 => bytes[at] = below(256) as u8,
                1 => bytes[at] = b"0123456789<>[]/() "[below(18)],
                _ => drop(bytes.drain(at..(at + below(9)).min(bytes.len()))),
            }
        }
        let document = read(&bytes);
        assert!(document.kind.is_some() || !document.problems.is_empty(), "round {round}");
        for index in 0..document.pages.len() {
            let page = placed(&document, index);
            let on_page = |glyph: &source::Glyph| {
                let (x, y) = glyph.bbox.centre();
                (0.0..=page.width).contains(&x) && (0.0..=page.height).contains(&y) && glyph.size.is_finite()
            };
            assert!(page.glyphs.iter().all(on_page), "round {round}: {:?}", page.glyphs);
        }
    }
}
