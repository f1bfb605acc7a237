//! PDFs built on the spot, sound and broken, and what is read from them.

mod bounds;
mod damage;
mod writer;

use lopdf::{EncryptionState, EncryptionVersion, Permissions};

use self::writer::{Writer, deflate, show, stream};
use super::*;
use crate::source::{Axis, BBox, Ruling};

fn read_with(writer: &Writer, limits: Limits) -> Document {
    read(&writer.bytes(), &Options { limits, ..Options::default() })
}

fn read_content(content: &str) -> Document {
    read_with(&Writer::new(content), Limits::default())
}

fn placed(document: &Document) -> &PlacedPage {
    match &document.pages[0].content {
        Content::Placed(page) => page,
        Content::Lines(_) => panic!("a PDF has placed pages"),
    }
}

fn text(document: &Document) -> String {
    document
        .pages
        .iter()
        .map(|page| match &page.content {
            Content::Placed(page) => page.glyphs.iter().map(|glyph| glyph.text.as_str()).collect(),
            Content::Lines(_) => String::new(),
        })
        .collect()
}

fn codes(document: &Document) -> Vec<(Code, Option<u32>)> {
    document.problems.iter().map(|problem| (problem.code, problem.page)).collect()
}

fn rounded(bbox: BBox) -> [f64; 4] {
    [bbox.x0, bbox.y0, bbox.x1, bbox.y1].map(|number| (number * 10.0).round() / 10.0)
}

fn across(at: f64, from: f64, to: f64) -> Ruling {
    Ruling { axis: Axis::Horizontal, at, from, to }
}

fn down(at: f64, from: f64, to: f64) -> Ruling {
    Ruling { axis: Axis::Vertical, at, from, to }
}

#[test]
fn glyphs_have_text_box_and_size() {
    let document = read_content(&show("执行率95%", 20.0, 60.0, ""));
    assert_eq!((document.kind, document.paged, codes(&document)), (Some(SourceKind::Pdf), true, vec![]));
    let page = placed(&document);
    assert_eq!((page.width, page.height, text(&document)), (200.0, 100.0, "执行率95%".to_owned()));
    assert_eq!(rounded(page.glyphs[0].bbox), [20.0, 31.2, 30.0, 41.2]);
    assert_eq!(rounded(page.glyphs[3].bbox), [50.0, 31.2, 55.0, 41.2]);
    assert!(page.glyphs.iter().all(|glyph| (glyph.size - 10.0).abs() < 0.01 && !glyph.invisible));
}

#[test]
fn rotation_and_crop_box_are_applied() {
    let mut writer = Writer::new(&show("执行", 20.0, 60.0, ""));
    writer.page = "/Rotate 90 /CropBox [ 10 20 110 100 ]".into();
    let document = read_with(&writer, Limits::default());
    let page = placed(&document);
    assert_eq!((page.width, page.height), (80.0, 100.0));
    assert_eq!(rounded(page.glyphs[0].bbox), [38.8, 10.0, 48.8, 20.0]);
    assert_eq!(rounded(page.glyphs[1].bbox), [38.8, 20.0, 48.8, 30.0]);
}

#[test]
fn what_the_crop_box_leaves_out_is_left_out() {
    let content = [("外", 5.0), ("边", 25.0), ("内", 60.0)].map(|(text, x)| show(text, x, 60.0, "")).concat();
    let mut writer = Writer::new(&content);
    writer.page = "/CropBox [ 30 0 200 100 ]".into();
    assert_eq!(text(&read_with(&writer, Limits::default())), "边内");
}

#[test]
fn bold_by_drawing_twice_is_one_character() {
    let table: &[(&str, String)] = &[
        ("fill and stroke", show("合计", 20.0, 60.0, "2 Tr")),
        ("again aside", show("合计", 20.0, 60.0, "") + &show("合计", 20.3, 60.0, "")),
        ("four times", [0.0, 0.2, 0.4, 0.6].map(|shift| show("合计", 20.0 + shift, 60.0, "")).concat()),
    ];
    for (name, content) in table {
        assert_eq!(text(&read_content(content)), "合计", "{name}");
    }
    assert_eq!(text(&read_content(&show("1100", 20.0, 60.0, ""))), "1100");
}

#[test]
fn invisible_text_is_marked() {
    let document = read_content(&(show("层", 20.0, 60.0, "3 Tr") + &show("墨", 40.0, 60.0, "0 Tr")));
    let marks: Vec<_> = placed(&document).glyphs.iter().map(|glyph| (glyph.text.as_str(), glyph.invisible)).collect();
    assert_eq!(marks, [("层", true), ("墨", false)]);
}

#[test]
fn vertical_writing_runs_down() {
    let mut writer = Writer::new(&show("通知", 100.0, 90.0, ""));
    writer.set(5, writer::FONT.replace("UCS2-H", "UCS2-V"));
    let document = read_with(&writer, Limits::default());
    let boxes: Vec<_> = placed(&document).glyphs.iter().map(|glyph| rounded(glyph.bbox)).collect();
    assert_eq!(text(&document), "通知");
    assert_eq!(boxes, [[95.0, 10.0, 105.0, 20.0], [95.0, 20.0, 105.0, 30.0]]);
}

#[test]
fn drawn_lines_become_rulings() {
    let table: &[(&str, &[Ruling])] = &[
        ("20 60 m 80 60 l S", &[across(40.0, 20.0, 80.0)]),
        ("[3 2] 0 d 20 60 m 80 60 l S", &[across(40.0, 20.0, 80.0)]),
        ("20 50 60 1 re f", &[across(49.5, 20.0, 80.0)]),
        ("20 10 0.5 60 re f*", &[down(20.25, 30.0, 90.0)]),
        (
            "20 50 60 20 re S",
            &[across(50.0, 20.0, 80.0), down(80.0, 30.0, 50.0), across(30.0, 20.0, 80.0), down(20.0, 30.0, 50.0)],
        ),
        ("20 50 60 20 re f", &[]),
        ("1 g 20 50 60 1 re f", &[]),
        ("1 1 1 RG 20 60 m 80 60 l S", &[]),
        ("20 50 m 80 20 l S", &[]),
        ("q 10 0 0 10 0 0 cm 0.05 w 2 6 m 8 6 l S Q", &[across(40.0, 20.0, 80.0)]),
        ("q 0 0 50 100 re W n 20 60 m 80 60 l S Q", &[across(40.0, 20.0, 50.0)]),
        ("q 0 1 -1 0 100 0 cm 20 60 m 80 60 l S Q", &[down(40.0, 20.0, 80.0)]),
    ];
    for (content, rulings) in table {
        let document = read_content(content);
        let mut found = placed(&document).rulings.clone();
        let mut expected = rulings.to_vec();
        for list in [&mut found, &mut expected] {
            list.iter_mut().for_each(|ruling| {
                for number in [&mut ruling.at, &mut ruling.from, &mut ruling.to] {
                    *number = (*number * 100.0).round() / 100.0;
                }
            });
            list.sort_by(|a, b| (a.at, a.from).partial_cmp(&(b.at, b.from)).unwrap());
        }
        assert_eq!(found, expected, "{content}");
    }
}

#[test]
fn what_no_table_decodes_is_said() {
    let mut writer = Writer::new(&show("执行", 20.0, 60.0, ""));
    writer.set(5, writer::FONT.replace("UniGB-UCS2-H", "Identity-H").replace("(GB1)", "(Identity)"));
    let document = read_with(&writer, Limits::default());
    assert_eq!((text(&document).as_str(), codes(&document)), ("\u{fffd}\u{fffd}", vec![(Code::Undecodable, Some(1))]));
}

#[test]
fn gbk_in_a_one_byte_font_is_read_as_meant() {
    let font = "<< /Type /Font /Subtype /TrueType /BaseFont /SimSun /Encoding /WinAnsiEncoding >>";
    for (shown, expected) in [("<C9F3BCC6> Tj", "审计"), ("<B0B12035> Tj", "氨 5"), ("<3235B043> Tj", "25°C")] {
        let mut writer = Writer::new(&format!("BT /F1 10 Tf 20 60 Td {shown} ET"));
        writer.set(5, font);
        let document = read_with(&writer, Limits::default());
        assert_eq!(text(&document), expected, "{shown}");
    }
}

#[test]
fn a_page_without_text_but_with_a_picture_is_said() {
    let mut writer = Writer::new("q 200 0 0 100 0 0 cm /I Do Q");
    let image = stream(
        "/Type /XObject /Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceGray /BitsPerComponent 8",
        b"\x80",
    );
    let number = writer.add(image);
    writer.resources = format!("/XObject << /I {number} 0 R >>");
    let document = read_with(&writer, Limits::default());
    assert_eq!((document.kind, codes(&document)), (Some(SourceKind::Pdf), vec![(Code::NoTextLayer, Some(1))]));
    assert_eq!(codes(&read_content("")), []);
}

#[test]
fn lines_are_found_in_a_deflated_scan() {
    // Paper with a grain, four pixels a point, and a frame of two cells.
    let (width, height) = (800_usize, 400_usize);
    let mut grain = 1_u32;
    let pixels = (0..width * height).map(|at| {
        grain = grain.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let (x, y) = (at % width, at / width);
        let within = (100..=700).contains(&x) && (100..=300).contains(&y);
        let near = |lines: &[usize], at: usize| lines.iter().any(|line| at.abs_diff(*line) <= 1);
        if within && (near(&[100, 400, 700], x) || near(&[100, 300], y)) { 0 } else { 230 + (grain >> 28) as u8 }
    });
    let data = deflate(&pixels.collect::<Vec<u8>>());
    let mut writer = Writer::new(&(show("表", 60.0, 50.0, "3 Tr") + "q 200 0 0 100 0 0 cm /I Do Q"));
    let entries = format!(
        "/Type /XObject /Subtype /Image /Width {width} /Height {height} /ColorSpace /DeviceGray /BitsPerComponent 8 /Filter /FlateDecode"
    );
    let number = writer.add(stream(&entries, &data));
    writer.resources = format!("/XObject << /I {number} 0 R >>");
    let document = read_with(&writer, Limits::default());
    let count = |axis: Axis| placed(&document).rulings.iter().filter(|ruling| ruling.axis == axis).count();
    assert_eq!((count(Axis::Horizontal), count(Axis::Vertical)), (2, 3));
    // One that unpacks to more than a stream may is left out.
    let limits = Limits { stream: width * height / 2, ..Limits::default() };
    assert_eq!(placed(&read_with(&writer, limits)).rulings, []);
}

#[test]
fn an_encrypted_pdf_opens_with_its_password_only() {
    let mut document = lopdf::Document::load_mem(&Writer::new(&show("密", 20.0, 60.0, "")).bytes()).unwrap();
    let version = EncryptionVersion::V2 {
        document: &document,
        owner_password: "owner",
        user_password: "user",
        key_length: 128,
        permissions: Permissions::all(),
    };
    let state = EncryptionState::try_from(version).unwrap();
    document.encrypt(&state).unwrap();
    let mut bytes = Vec::new();
    document.save_to(&mut bytes).unwrap();
    let with =
        |password: Option<&str>| read(&bytes, &Options { password: password.map(str::to_owned), ..Options::default() });
    for password in [None, Some("wrong")] {
        let refused = with(password);
        assert_eq!(
            (refused.kind, codes(&refused)),
            (Some(SourceKind::Pdf), vec![(Code::PasswordNeeded, None)]),
            "{password:?}"
        );
    }
    assert_eq!(text(&with(Some("user"))), "密");
}

#[test]
fn limits_are_named_and_the_rest_comes_out() {
    let content = show("一二三四", 20.0, 60.0, "") + "20 20 m 80 20 l S 20 30 m 80 30 l S";
    let writer = Writer::new(&content);
    let read = |limits| {
        let document = read_with(&writer, limits);
        (text(&document), placed(&document).rulings.len(), codes(&document))
    };
    let reached = vec![(Code::LimitReached, Some(1))];
    let default = Limits::default;
    assert_eq!(read(Limits { page_glyphs: 2, ..default() }), ("一二".into(), 0, reached.clone()));
    assert_eq!(read(Limits { glyphs: 3, ..default() }), ("一二三".into(), 0, reached.clone()));
    assert_eq!(read(Limits { page_rulings: 1, ..default() }), ("一二三四".into(), 1, reached.clone()));
    assert_eq!(read(Limits { page_calls: 5, ..default() }), ("一二三四".into(), 1, reached.clone()));
    assert_eq!(read(Limits { page_content: 20, ..default() }), (String::new(), 0, reached));
    let mut many = Writer::new(&content);
    let mut kids = String::from("3 0 R");
    for _ in 0..3 {
        let page = many.add("<< /Type /Page /Parent 2 0 R /MediaBox [ 0 0 200 100 ] >>");
        kids += &format!(" {page} 0 R");
    }
    many.set(2, format!("<< /Type /Pages /Kids [ {kids} ] /Count 4 >>"));
    let document = read_with(&many, Limits { pages: 2, ..default() });
    assert_eq!((document.pages.len(), codes(&document)), (2, vec![(Code::LimitReached, None)]));
}

#[test]
fn bombs_do_not_go_off() {
    let mut content = Writer::new("");
    content.set(4, stream("/Filter /FlateDecode", &deflate(&vec![b' '; 1 << 20])));
    let document = read_with(&content, Limits { stream: 1 << 16, ..Limits::default() });
    assert_eq!(codes(&document), [(Code::TooLarge, None)]);

    let mut widths = Writer::new(&show("宽", 20.0, 60.0, ""));
    let endless = format!("/W [ {} 7 7 900 ]", "0 2147483647 500 ".repeat(50));
    widths.set(
        5,
        writer::FONT
            .replace("/W [ 1 95 500 814 939 500 ]", &endless)
            .replace("[ <<", "[ 6 0 R ] >>")
            .split("6 0 R ] >>")
            .next()
            .unwrap()
            .to_owned()
            + "6 0 R ] >>",
    );
    widths.add(format!("<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 5 >> {endless} >>"));
    assert_eq!(text(&read_with(&widths, Limits::default())), "宽");
}

#[test]
fn forms_that_multiply_stop_their_page_only() {
    let mut writer = Writer::new(&(show("前", 20.0, 60.0, "") + "/X0 Do"));
    let first = 6;
    for level in 0..12 {
        let next = if level == 11 { show("末", 50.0, 60.0, "") } else { format!("/X{} Do ", level + 1).repeat(10) };
        let resources =
            format!("/Resources << /Font << /F1 5 0 R >> /XObject << /X{} {} 0 R >> >>", level + 1, first + level + 1);
        writer
            .add(stream(&format!("/Type /XObject /Subtype /Form /BBox [ 0 0 200 100 ] {resources}"), next.as_bytes()));
    }
    writer.resources = format!("/XObject << /X0 {first} 0 R >>");
    let other = writer.add("<< /Type /Page /Parent 2 0 R /MediaBox [ 0 0 200 100 ] /Contents 20 0 R /Resources << /Font << /F1 5 0 R >> >> >>");
    writer.set(2, format!("<< /Type /Pages /Kids [ 3 0 R {other} 0 R ] /Count 2 >>"));
    while writer.add(stream("", show("后", 20.0, 60.0, "").as_bytes())) < 20 {}
    let document = read_with(&writer, Limits::default());
    assert_eq!((text(&document).as_str(), codes(&document)), ("后", vec![(Code::LimitReached, Some(1))]));
}

#[test]
fn a_form_that_draws_itself_ends() {
    let mut writer = Writer::new(&(show("前", 20.0, 60.0, "") + "/X Do"));
    let entries = "/Type /XObject /Subtype /Form /BBox [ 0 0 200 100 ] /Resources << /Font << /F1 5 0 R >> /XObject << /X 6 0 R >> >>";
    writer.add(stream(entries, (show("内", 50.0, 60.0, "") + "/X Do").as_bytes()));
    writer.resources = "/XObject << /X 6 0 R >>".into();
    assert_eq!(text(&read_with(&writer, Limits::default())), "前内");
}

#[test]
fn a_page_tree_that_loops_ends_and_is_said() {
    let mut writer = Writer::new(&show("页", 20.0, 60.0, ""));
    writer.set(2, "<< /Type /Pages /Kids [ 3 0 R 2 0 R 6 0 R ] /Count 3 >>");
    writer.add("<< /Type /Pages /Parent 2 0 R /Kids [ 2 0 R 6 0 R ] /Count 2 >>");
    let document = read_with(&writer, Limits::default());
    assert_eq!(text(&document), "页");
    assert_eq!(codes(&document), [(Code::DamagedPdf, None)]);
}

#[test]
fn damage_is_said_and_the_rest_comes_out() {
    let long: String = (0..40).map(|row| show("数据", 20.0, f64::from(row) * 2.0, "")).collect();
    let packed = deflate(long.as_bytes());
    let mut cut = Writer::new("");
    cut.set(4, stream("/Filter /FlateDecode", &packed[..packed.len() / 2]));
    assert_eq!(codes(&read_with(&cut, Limits::default())), [(Code::DamagedPdf, Some(1))]);

    let mut lost = Writer::new("");
    lost.set(4, "null");
    lost.page = "/Contents 99 0 R".into();
    assert_eq!(read_with(&lost, Limits::default()).kind, Some(SourceKind::Pdf));

    let whole = Writer::new(&show("表", 20.0, 60.0, "")).bytes();
    let table = whole.windows(4).rposition(|window| window == b"xref").unwrap() - 40;
    let document = read(&whole[..table.min(whole.len())], &Options::default());
    assert!(document.problems.iter().any(|problem| problem.code == Code::DamagedPdf), "{:?}", document.problems);
    let headless = read(b"%PDF-1.7\nnothing that follows", &Options::default());
    assert_eq!((headless.failed, codes(&headless)), (true, vec![(Code::DamagedPdf, None)]));
}
