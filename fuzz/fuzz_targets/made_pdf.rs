//! A PDF around random content, fonts and boxes: whole as a file, so that what is behind the gate is reached.
#![no_main]

use arbitrary::Arbitrary;
use libfuzzer_sys::fuzz_target;

mod held;

#[derive(Arbitrary, Debug)]
struct Made {
    media_box: [i32; 4],
    rotate: i16,
    pages: Vec<Vec<Operator>>,
    form: Vec<Operator>,
    font: Font,
}

#[derive(Arbitrary, Debug)]
enum Operator {
    Show { x: i16, y: i16, size: u8, codes: Vec<u16> },
    Line { from: [i16; 2], to: [i16; 2] },
    Box { corner: [i16; 2], size: [i16; 2], fill: bool },
    Matrix([i16; 6]),
    Save,
    Restore,
    Form,
    Mode(u8),
    Raw(Vec<u8>),
}

#[derive(Arbitrary, Debug)]
struct Font {
    encoding: Encoding,
    widths: Vec<(u16, u16, u16)>,
    to_unicode: Option<Vec<(u16, u16, u16)>>,
    program: Option<Vec<u8>>,
}

#[derive(Arbitrary, Debug)]
enum Encoding {
    Identity,
    Ucs2,
    Gbk,
}

impl Operator {
    fn write(&self, out: &mut Vec<u8>) {
        let text = match self {
            Operator::Show { x, y, size, codes } => {
                let hex: String = codes.iter().map(|code| format!("{code:04X}")).collect();
                format!("BT /F {size} Tf {x} {y} Td <{hex}> Tj ET")
            }
            Operator::Line { from, to } => format!("{} {} m {} {} l S", from[0], from[1], to[0], to[1]),
            Operator::Box { corner, size, fill } => {
                let paint = if *fill { "f" } else { "S" };
                format!("{} {} {} {} re {paint}", corner[0], corner[1], size[0], size[1])
            }
            Operator::Matrix([a, b, c, d, e, f]) => format!("{a} {b} {c} {d} {e} {f} cm"),
            Operator::Save => "q".to_owned(),
            Operator::Restore => "Q".to_owned(),
            Operator::Form => "/X Do".to_owned(),
            Operator::Mode(mode) => format!("{mode} Tr"),
            Operator::Raw(bytes) => return out.extend(bytes),
        };
        out.extend(text.into_bytes());
        out.push(b'\n');
    }
}

fn stream(entries: &str, data: &[u8]) -> Vec<u8> {
    [format!("<< /Length {} {entries} >>\nstream\n", data.len()).as_bytes(), data, b"\nendstream"].concat()
}

fn content(operators: &[Operator]) -> Vec<u8> {
    operators.iter().fold(Vec::new(), |mut out, operator| {
        operator.write(&mut out);
        out
    })
}

impl Made {
    fn bytes(&self) -> Vec<u8> {
        const RESOURCES: &str = "/Resources << /Font << /F 3 0 R >> /XObject << /X 4 0 R >> >>";
        let [x0, y0, x1, y1] = self.media_box;
        let pages: Vec<&Vec<Operator>> = self.pages.iter().take(4).collect();
        let kids: String = (0..pages.len()).map(|page| format!("{} 0 R ", 7 + 2 * page)).collect();
        let Font { encoding, widths, to_unicode, program } = &self.font;
        let encoding = match encoding {
            Encoding::Identity => "Identity-H",
            Encoding::Ucs2 => "UniGB-UCS2-H",
            Encoding::Gbk => "GBK-EUC-H",
        };
        let widths: String = widths.iter().map(|(first, last, width)| format!("{first} {last} {width} ")).collect();
        let unicode = if to_unicode.is_some() { "/ToUnicode 5 0 R" } else { "" };
        let file = if program.is_some() { "/FontFile2 6 0 R" } else { "" };
        let ranges: String =
            to_unicode.iter().flatten().map(|(from, to, code)| format!("<{from:04X}> <{to:04X}> <{code:04X}>\n")).collect();
        let count = to_unicode.iter().flatten().count();
        let map = format!(
            "1 begincodespacerange <0000> <FFFF> endcodespacerange {count} beginbfrange\n{ranges}endbfrange endcmap"
        );
        let mut objects = vec![
            b"<< /Type /Catalog /Pages 2 0 R >>".to_vec(),
            format!("<< /Type /Pages /Kids [ {kids} ] /Count {} >>", pages.len()).into_bytes(),
            format!(
                "<< /Type /Font /Subtype /Type0 /BaseFont /A /Encoding /{encoding} {unicode} /DescendantFonts [ << /Type /Font \
                 /Subtype /CIDFontType2 /BaseFont /A /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 5 >> \
                 /W [ {widths} ] /FontDescriptor << /Type /FontDescriptor /FontName /A {file} >> >> ] >>"
            )
            .into_bytes(),
            stream(&format!("/Type /XObject /Subtype /Form /BBox [ 0 0 500 500 ] {RESOURCES}"), &content(&self.form)),
            stream("", map.as_bytes()),
            stream("", program.as_deref().unwrap_or_default()),
        ];
        for (number, page) in pages.iter().enumerate() {
            objects.push(
                format!(
                    "<< /Type /Page /Parent 2 0 R /MediaBox [ {x0} {y0} {x1} {y1} ] /Rotate {} /Contents {} 0 R {RESOURCES} >>",
                    self.rotate,
                    8 + 2 * number
                )
                .into_bytes(),
            );
            objects.push(stream("", &content(page)));
        }
        let mut bytes = b"%PDF-1.7\n".to_vec();
        let mut table = format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1);
        for (number, object) in (1..).zip(&objects) {
            table += &format!("{:010} 00000 n \n", bytes.len());
            bytes.extend(format!("{number} 0 obj\n").into_bytes());
            bytes.extend(object);
            bytes.extend(b"\nendobj\n");
        }
        let (start, size) = (bytes.len(), objects.len() + 1);
        bytes.extend(format!("{table}trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n").into_bytes());
        bytes
    }
}

fuzz_target!(|made: Made| held::extract(&made.bytes()));
