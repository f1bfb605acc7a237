//! Tables of values: what stands in a form, and what it reads as.

use proptest::prelude::*;

use super::{Reading, Type, date, looks_like, read, read_op, read_unit, text};
use crate::record::{Datum, Op};

/// The marks that forms write for nothing.
const BLANKS: &[&str] = &["—", "——", "-", "/", "无"];

fn reading(raw: &str, kind: Type) -> Reading {
    let blanks: Vec<String> = BLANKS.iter().map(|mark| (*mark).to_owned()).collect();
    read(raw, kind, &blanks, &[])
}

/// What a reading says, on one line: value, comparator, scale, unit, kind.
fn said(reading: &Reading) -> String {
    let value = match &reading.value {
        Datum::Null => "null".to_owned(),
        Datum::Number(figure) => figure.0.to_string(),
        Datum::Text(text) => format!("'{text}'"),
        Datum::Choices(choices) => format!("[{}]", choices.join(" ")),
    };
    let mut said = vec![value];
    said.extend(reading.op.map(|op| {
        let sign = match op {
            Op::AtLeast => ">=",
            Op::AtMost => "<=",
            Op::Above => ">",
            Op::Below => "<",
            Op::Equal => "=",
        };
        sign.to_owned()
    }));
    said.extend(reading.scale.map(|scale| format!("×{scale}")));
    said.extend(reading.unit.clone());
    said.extend(reading.kind.map(|kind| format!("({})", format!("{kind:?}").to_lowercase())));
    if reading.blank {
        said.push("blank".to_owned());
    }
    said.join(" ")
}

fn check(kind: Type, table: &[(&str, &str)]) {
    for (raw, expected) in table {
        assert_eq!(&said(&reading(raw, kind)), expected, "{raw:?} as {kind:?}");
    }
}

#[test]
fn decimals() {
    check(
        Type::Decimal,
        &[
            ("31.7", "31.7"),
            ("100.00", "100.00"),
            ("0", "0"),
            ("0.00", "0.00"),
            ("868.8424", "868.8424"),
            ("11,122,315.04", "11122315.04"),
            ("1,193.9789", "1193.9789"),
            ("530,000", "530000"),
            ("５，６５３，２６４．８２", "5653264.82"),
            ("３１．７", "31.7"),
            (" 14.79 ", "14.79"),
            ("\u{3000}60\u{a0}", "60"),
            ("-3.5", "-3.5"),
            ("−3.5", "-3.5"),
            ("120万元", "120 万元"),
            ("2,080.3 万元", "2080.3 万元"),
            ("350元", "350 元"),
            ("10分", "10 分"),
            ("3万", "3 ×10000"),
            ("7322620.\n27", "7322620.27"),
            ("1,234,\n567", "1234567"),
            ("1234567890123456789012345678", "1234567890123456789012345678"),
            ("0.1234567890123456789012345678", "null"),
            ("12345678901234567890123456789", "null"),
            ("7,00.0,77", "null"),
            ("1,23", "null"),
            ("1234,567", "null"),
            ("0,123", "null"),
            ("1.2.3", "null"),
            ("2.42.4120", "null"),
            (".5", "null"),
            ("5.", "null"),
            ("5,", "null"),
            ("007", "null"),
            ("1 00", "null"),
            ("10\n20", "null"),
            ("31.7 14.79", "null"),
            ("1-2", "null"),
            ("一级", "null"),
            ("300天开放", "null"),
            ("2020年", "null"),
            ("80余", "null"),
            ("≥5", "null"),
            ("五", "null"),
            ("--5", "null"),
            ("1e5", "null"),
            ("NaN", "null"),
            ("", "null blank"),
            (" \n\u{200b}", "null blank"),
            ("—", "null blank"),
            ("――", "null blank"),
            ("/", "null blank"),
            ("－", "null blank"),
            ("无", "null blank"),
        ],
    );
}

#[test]
fn integers() {
    check(
        Type::Integer,
        &[
            ("2020", "2020"),
            ("２０２０", "2020"),
            ("（2020年度）", "2020"),
            ("（ 2020 年度）", "2020"),
            ("2020年度", "2020"),
            ("2020 年", "2020"),
            ("(2020", "null"),
            ("2020.0", "null"),
            ("20 20", "null"),
            ("2020年度自评", "null"),
            ("二〇二〇", "null"),
        ],
    );
}

#[test]
fn percentages() {
    check(
        Type::Percent,
        &[
            ("46.66%", "46.66 %"),
            ("100.00%", "100.00 %"),
            ("100.00\n%", "100.00 %"),
            ("８５％", "85 %"),
            ("103.2 %", "103.2 %"),
            ("25", "25"),
            ("1", "1"),
            ("0", "0"),
            ("0.4666", "0.4666"),
            ("—", "null blank"),
            ("/", "null blank"),
            ("98%以上", "null"),
            ("46.66%15", "null"),
            ("31.7万元", "null"),
            ("3万", "null"),
        ],
    );
}

#[test]
fn dates() {
    check(
        Type::Date,
        &[
            ("2021年2月", "'2021-02'"),
            ("2021 年 2 月 25 日", "'2021-02-25'"),
            ("2021年2月25日", "'2021-02-25'"),
            ("2021年2月5号", "'2021-02-05'"),
            ("2021-02-25", "'2021-02-25'"),
            ("2021-2", "'2021-02'"),
            ("2023.6.28", "'2023-06-28'"),
            ("2023.5", "'2023-05'"),
            ("2021/2", "'2021-02'"),
            ("2021/02/03", "'2021-02-03'"),
            ("20210225", "'2021-02-25'"),
            ("２０２１年２月", "'2021-02'"),
            ("2021年", "'2021'"),
            ("2021年度", "'2021'"),
            ("2021年12月底", "'2021-12'"),
            ("二〇二一年二月", "'2021-02'"),
            ("二〇二一年十二月三十一日", "'2021-12-31'"),
            ("二○二一年十月二十日", "'2021-10-20'"),
            ("2024年2月29日", "'2024-02-29'"),
            ("2021年 月 日", "'2021'"),
            ("年 月 日", "null blank"),
            ("", "null blank"),
            ("2021年2月29日", "null"),
            ("2021年13月", "null"),
            ("2021-04-31", "null"),
            ("2021-00-10", "null"),
            ("2021年2月0日", "null"),
            ("20 21年2月", "null"),
            ("2021年25日", "null"),
            ("9999.12", "null"),
            ("2月25日", "null"),
            ("2021-02-25-1", "null"),
            ("2021-02/25", "null"),
            ("20211325", "null"),
            ("31.7", "null"),
            ("2021", "null"),
            ("明年", "null"),
        ],
    );
}

#[test]
fn figures_of_targets() {
    check(
        Type::Quantity,
        &[
            ("≥95%", "95 >= % (percent)"),
            ("≧９５％", "95 >= % (percent)"),
            ("≤24小时", "24 <= 小时 (number)"),
            ("≦24 小时", "24 <= 小时 (number)"),
            ("＝100%", "100 = % (percent)"),
            ("═8个", "8 = 个 (number)"),
            ("=8个", "8 = 个 (number)"),
            (">3次", "3 > 次 (number)"),
            ("＜5起", "5 < 起 (number)"),
            (">=15", "15 >= (number)"),
            ("98%以上", "98 >= % (percent)"),
            ("98%及以上", "98 >= % (percent)"),
            ("95%（含）以上", "95 >= % (percent)"),
            ("5%以下", "5 <= % (percent)"),
            ("不少于12种", "12 >= 种 (number)"),
            ("不低于90%", "90 >= % (percent)"),
            ("不超过30天", "30 <= 天 (number)"),
            ("不高于3.5万元", "3.5 <= 万元 (number)"),
            ("不超5%", "5 <= % (percent)"),
            ("30天以内", "30 <= 天 (number)"),
            ("24小时内", "24 <= 小时 (number)"),
            ("控制在620万元以内", "620 <= 万元 (number)"),
            ("达到95%", "95 % (percent)"),
            ("完成300条", "300 条 (number)"),
            ("100%覆盖", "100 % (percent)"),
            ("≥95百分比", "95 >= % (percent)"),
            ("≥95%以上", "95 >= % (percent)"),
            ("300条", "300 条 (number)"),
            ("3,495人", "3495 人 (number)"),
            ("3万条", "3 ×10000 条 (number)"),
            ("≥1.5万人", "1.5 >= 万人 (number)"),
            ("23万人次", "23 万人次 (number)"),
            ("2亿次", "2 ×100000000 次 (number)"),
            ("3万", "3 ×10000 (number)"),
            ("76万元", "76 万元 (number)"),
            ("1.2亿元", "1.2 亿元 (number)"),
            ("15万美元", "15 万美元 (number)"),
            ("40万株", "40 ×10000 株 (number)"),
            ("1.2万平方米", "1.2 ×10000 平方米 (number)"),
            ("80余条", "80 > 条 (number)"),
            ("19万余条", "19 > ×10000 条 (number)"),
            ("100多人", "100 > 人 (number)"),
            ("近200人", "200 < 人 (number)"),
            ("≥15台（套）", "15 >= 台(套) (number)"),
            ("≤20个工作日", "20 <= 个工作日 (number)"),
            ("16TB", "16 TB (number)"),
            ("120㎡", "120 m2 (number)"),
            ("2个百分点", "2 个百分点 (number)"),
            ("0起", "0 起 (number)"),
            ("100", "100 (number)"),
            ("100.00%", "100.00 % (percent)"),
            ("≥\n95%", "95 >= % (percent)"),
            ("1等", "1 等 (number)"),
        ],
    );
}

#[test]
fn rates_ranges_dates_of_targets() {
    check(
        Type::Quantity,
        &[
            ("1次/月", "1 次/月 (rate)"),
            ("≤620万/月", "620 <= ×10000 /月 (rate)"),
            ("1600元/亩", "1600 元/亩 (rate)"),
            ("≤32元/立方米", "32 <= 元/立方米 (rate)"),
            ("80元/人·月", "80 元/人·月 (rate)"),
            ("2020年1月--11月", "'2020-01/2020-11' (range)"),
            ("2020年1月—2021年3月", "'2020-01/2021-03' (range)"),
            ("2020年1月至11月底", "'2020-01/2020-11' (range)"),
            ("3月-11月", "'3月-11月' (range)"),
            ("10-15天", "'10-15天' 天 (range)"),
            ("90%～95%", "'90%～95%' % (range)"),
            ("1-2", "'1-2' (range)"),
            ("12月底前", "'12月底前' <= (date)"),
            ("12月底之前完成", "'12月底之前完成' <= (date)"),
            ("9月1日前", "'9月1日前' <= (date)"),
            ("2021年11月30日前", "'2021-11-30' <= (date)"),
            ("2021年底前完成", "'2021' <= (date)"),
            ("2021年12月", "'2021-12' (date)"),
            ("2021-06-30", "'2021-06-30' (date)"),
            ("2021.6.30前", "'2021-06-30' <= (date)"),
            ("2023.5", "2023.5 (number)"),
            ("6月", "'6月' (date)"),
        ],
    );
}

#[test]
fn words_of_targets() {
    check(
        Type::Quantity,
        &[
            ("达成预期指标", "'达成预期指标' (word)"),
            ("不高于市场价", "'不高于市场价' <= (word)"),
            ("部分达成预期指标并\n具有一定效果", "'部分达成预期指标并具有一定效果' (word)"),
            ("合格", "'合格' (word)"),
            ("≥12年", "'≥12年' >= (word)"),
            ("12年", "'12年' (word)"),
            ("15日", "'15日' (word)"),
            ("约300人", "'约300人' (word)"),
            ("5%左右", "'5%左右' (word)"),
            ("10天前后", "'10天前后' (word)"),
            ("100%不合格", "'100%不合格' (word)"),
            ("不低于5天以内", "'不低于5天以内' >= (word)"),
            ("8月26日全部到货", "'8月26日全部到货' (word)"),
            ("13月底前", "'13月底前' (word)"),
            ("达到Ⅲ类", "'达到Ⅲ类' (word)"),
            ("全天24小时", "'全天24小时' (word)"),
            ("1:3", "'1:3' (word)"),
            ("7,00.0,77", "null"),
            ("≥7,00.0,77", "null"),
            ("95%96%", "null"),
            ("≥", "null"),
            ("无", "'无' (word) blank"),
            ("/", "null blank"),
            ("", "null blank"),
        ],
    );
}

#[test]
fn texts() {
    check(
        Type::Prose,
        &[
            ("完成演\n播厅改造", "'完成演播厅改造'"),
            ("  首行缩进\n  次行  ", "'首行缩进次行'"),
            ("合理性 ；购置设备", "'合理性；购置设备'"),
            ("新流程 。 围绕中心", "'新流程。围绕中心'"),
            ("搭建 ,启动", "'搭建,启动'"),
            ("资金 使用", "'资金 使用'"),
            ("资金  \u{3000} 使用", "'资金 使用'"),
            ("use of\nfunds", "'use of funds'"),
            ("Windows\n10", "'Windows 10'"),
            ("Hello,\nworld", "'Hello, world'"),
            ("预设20\n20年", "'预设2020年'"),
            ("APP\n上线", "'APP上线'"),
            ("第一季度\r\n完成", "'第一季度完成'"),
            ("⽀出项⽬", "'支出项目'"),
            ("部⻔", "'部门'"),
            ("２０２０年ＡＰＰ", "'2020年APP'"),
            ("“四好”（二期）", "'“四好”（二期）'"),
            ("零\u{200b}宽", "'零宽'"),
            ("无", "'无' blank"),
            ("—", "null blank"),
            ("无偏差", "'无偏差'"),
        ],
    );
}

#[test]
fn checkboxes() {
    let known: Vec<String> = ["常年性项目", "延续性项目", "一次性项目", "新增项目", "部门预算项目"]
        .iter()
        .map(|word| (*word).to_owned())
        .collect();
    for (raw, expected) in [
        ("1、常年性项目□  2、延续性项目■  3、一次性项目□", "[延续性项目]"),
        ("1.常年性项目√2.延续性项目□", "[常年性项目]"),
        ("1.常年性项目□2.延续性项目□", "[]"),
        ("□常年性项目 ☑延续性项目", "[延续性项目]"),
        ("☑常年性项目 ☑一次性项目", "[常年性项目 一次性项目]"),
        ("1、□常年性项目 2、■一次性项目", "[一次性项目]"),
        ("1、部门预算项目 ☑ 2、市直专项", "[部门预算项目]"),
        ("1、部门预算项目 2、市直专项☑", "[市直专项]"),
        ("新增项目□ 延续项目√", "[延续项目]"),
        ("常年性项目（√） 一次性项目（ ）", "[常年性项目]"),
        ("( )常年性项目 (√)一次性项目", "[一次性项目]"),
        ("常年性项目□√ 一次性项目□", "[常年性项目]"),
        ("常年性项目☒ 一次性项目□ 新增项目", "[常年性项目]"),
        ("常年性项目●\n一次性项目○", "[常年性项目]"),
        ("1、常年性项目 2、一次性项目", "null"),
        ("常年性项目 延续性□ 一次性□", "null"),
        ("1、部门预算项目0 2、市直专项口", "null"),
        ("常年性项目 ☑ 一次性项目", "null"),
        ("□", "null"),
        ("", "null blank"),
    ] {
        assert_eq!(said(&read(raw, Type::Choices, &[], &known)), expected, "{raw:?}");
    }
}

#[test]
fn a_known_choice_is_worded_as_known() {
    let known = ["省/市对下转移支付项目".to_owned()];
    let reading = read("1、省／市对下转移\n支付项目☑ 2、区级专项□", Type::Choices, &[], &known);
    assert_eq!(said(&reading), "[省/市对下转移支付项目]");
}

#[test]
fn columns_of_units_and_comparators() {
    let unit = |raw| read_unit(raw).map(|(name, scale)| (name, scale.unwrap_or(1)));
    assert_eq!(unit("万条"), Some(("条".to_owned(), 10_000)));
    assert_eq!(unit("万人"), Some(("万人".to_owned(), 1)));
    assert_eq!(unit("万元"), Some(("万元".to_owned(), 1)));
    assert_eq!(unit("％"), Some(("%".to_owned(), 1)));
    assert_eq!(unit("元／立方米"), Some(("元/立方米".to_owned(), 1)));
    assert_eq!(unit("无"), None);
    assert_eq!(unit("人以上"), None);
    assert_eq!(read_op("≧"), Some(Op::AtLeast));
    assert_eq!(read_op("小于等于"), Some(Op::AtMost));
    assert_eq!(read_op("＝"), Some(Op::Equal));
    assert_eq!(read_op("定性"), None);
}

#[test]
fn likeness_tells_types_apart() {
    for (raw, kind) in [
        ("14.79", Type::Decimal),
        ("46.66%", Type::Percent),
        ("2021年2月", Type::Date),
        ("≥95%", Type::Quantity),
        ("300条", Type::Quantity),
        ("1、常年性项目□ 2、一次性项目☑", Type::Choices),
        ("机构运行经费", Type::Text),
        ("保证资金使用的合法性；购置日常办公设备，为工作的开展提供物质基础。", Type::Prose),
    ] {
        let all = [Type::Text, Type::Prose, Type::Decimal, Type::Percent, Type::Date, Type::Quantity, Type::Choices];
        let best = looks_like(raw, kind);
        for other in all.into_iter().filter(|other| *other != kind) {
            let like = looks_like(raw, other);
            assert!(best >= like, "{raw}: {kind:?} {best} < {other:?} {like}");
        }
    }
    for kind in [Type::Text, Type::Prose, Type::Integer, Type::Decimal, Type::Percent, Type::Date, Type::Quantity] {
        assert_eq!(looks_like(" \n", kind), 0.0);
    }
    assert_eq!(looks_like("机构运行经费", Type::Decimal), 0.0);
    assert_eq!(looks_like("机构运行经费", Type::Percent), 0.0);
}

#[test]
fn dates_without_a_year_say_so() {
    let date = date::read("12月底").expect("a month");
    assert_eq!((date.year, date.month, date.day), (None, Some(12), None));
    assert_eq!(date.to_string(), "--12");
}

/// Strings of what stands in forms, and of anything at all.
fn any_raw() -> impl Strategy<Value = String> {
    let part = prop::sample::select(vec![
        "1",
        "0",
        "95",
        "2021",
        ".",
        ",",
        "，",
        "%",
        "％",
        "-",
        "—",
        "≥",
        "以上",
        "不少于",
        "万",
        "元",
        "条",
        "/",
        "月",
        "年",
        "日",
        "前",
        "底",
        " ",
        "\n",
        "□",
        "☑",
        "√",
        "1、",
        "(",
        ")",
        "项目",
        "完成",
        "二〇二一",
        "十",
        "ｋ",
        "⻔",
        "\u{200b}",
    ]);
    prop_oneof![any::<String>(), prop::collection::vec(part, 0..12).prop_map(|parts| parts.concat()),]
}

const TYPES: [Type; 8] =
    [Type::Text, Type::Prose, Type::Integer, Type::Decimal, Type::Percent, Type::Date, Type::Quantity, Type::Choices];

proptest! {
    #[test]
    fn reading_is_a_function_of_the_text(raw in any_raw(), kind in prop::sample::select(TYPES.to_vec())) {
        prop_assert_eq!(reading(&raw, kind), reading(&raw, kind));
        let like = looks_like(&raw, kind);
        prop_assert!((0.0..=1.0).contains(&like));
    }

    /// No digit of a figure is made up: they all stand in the raw string, in this order.
    #[test]
    fn digits_of_a_figure_stand_in_the_text(raw in any_raw(), kind in prop::sample::select(TYPES.to_vec())) {
        if let Datum::Number(figure) = reading(&raw, kind).value {
            let folded = crate::fold::fold_text(&raw);
            let mut written = folded.chars().filter(|ch| ch.is_ascii_digit() || *ch == '.');
            for ch in figure.0.to_string().chars().filter(|ch| *ch != '-') {
                prop_assert!(written.any(|digit| digit == ch), "{} from {:?}", figure.0, raw);
            }
        }
    }

    /// Text keeps every character but blanks, each in its usual form.
    #[test]
    fn text_loses_nothing(raw in any_raw()) {
        prop_assert_eq!(crate::fold::fold_text(&text::join(&raw)), crate::fold::fold_text(&raw));
    }

    /// What figures are written as is what they read as.
    #[test]
    fn figures_read_back(whole in 0u64..10_000_000_000_000, places in 0u32..8, grouped in any::<bool>()) {
        let figure = rust_decimal::Decimal::from_i128_with_scale(i128::from(whole), places);
        let mut raw = figure.to_string();
        if grouped {
            let (head, tail) = raw.split_once('.').map_or((raw.as_str(), None), |(head, tail)| (head, Some(tail)));
            let mut out = String::new();
            for (at, ch) in head.chars().enumerate() {
                if at > 0 && (head.len() - at) % 3 == 0 {
                    out.push(',');
                }
                out.push(ch);
            }
            raw = tail.map_or(out.clone(), |tail| format!("{out}.{tail}"));
        }
        prop_assert_eq!(said(&reading(&raw, Type::Decimal)), figure.to_string());
    }
}
