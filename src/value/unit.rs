//! Units: what figures count, with 万 and 亿 as scales apart from the thing counted.
//!
//! 年 and 日 alone are no units here: 12年 and 15日 are points in time as often as spans, and nothing in the value tells.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::sign::{Sign, strip, strip_any, take as take_word};

/// A unit behind a figure.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Unit {
    /// Its name; empty when only a scale is written.
    pub(super) name: String,
    /// 10000 for 万, 100000000 for 亿.
    pub(super) scale: Option<u64>,
    /// Whether it is per something: 次/月.
    pub(super) rate: bool,
}

/// Magnitudes before a thing counted.
const SCALES: &[(&str, u64)] = &[("万", 10_000), ("亿", 100_000_000)];

/// Currencies and persons. With one, 万 and 亿 are part of the unit: budgets are drawn up in 万元, visits counted in 万人次.
const COUNTED_BY_SCALE: &[&str] = &["元", "美元", "港元", "欧元", "日元", "英镑", "人", "人次"];

/// Things counted and measures, parted by blanks.
const UNITS: &str = "\
    个百分点 个工作日 个自然日 个标准间 个小时 个乡镇 个街道 个社区 个行政村 个项目 个点位 个标段 个班次 个月 \
    个村 个班 个点 百分点 工作日 自然日 平方公里 平方千米 平方米 平方 立方米 立方 公里 千米 延米 厘米 毫米 公顷 \
    公斤 千克 毫克 毫升 千瓦时 千瓦 兆瓦 小时 分钟 课时 学时 人次 人天 人日 车次 班次 辆次 户次 台次 台套 场次 \
    件次 批次 频次 架次 标段 美元 港元 欧元 日元 英镑 人份 份额 元 个 只 件 条 项 次 人 名 位 户 家 所 处 座 栋 \
    幢 间 套 台 辆 艘 架 把 张 份 本 册 篇 部 期 场 届 批 种 类 例 起 宗 笔 头 匹 羽 尾 株 棵 粒 瓶 盒 箱 包 袋 \
    桶 支 根 块 片 面 幅 道 口 眼 盏 路 段 节 门 科 课 堂 班 组 队 团 村 镇 乡 街 区 县 市 点 分 秒 天 周 季 米 \
    亩 吨 克 斤 升 度 倍 成 岁 等 轮 床 首 集 则 版 对 双 车 船 餐 卷 枚 副 页 TB GB MB KB PB Mbps km2 km m2 m3 mm \
    cm mg ml mL kWh kW kg MW dB °C m g t h L W V ‰";

/// What a rate may be per, beside the units.
const PER: &[&str] = &["年", "月", "日", "季度", "学期", "学年"];

/// The unit that `signs` begin with, and what follows it. `None` when there is none.
pub(super) fn take(signs: &[Sign]) -> Option<(Unit, &[Sign])> {
    if let Some((name, rest)) = scaled(signs) {
        return Some(per(Unit { name, scale: None, rate: false }, rest));
    }
    let (scale, rest) = match take_word(signs, SCALES) {
        Some((scale, rest)) => (Some(scale), rest),
        None => (None, signs),
    };
    let (name, rest) = match word(rest) {
        Some((name, rest)) => with_bracket(name, rest),
        None => (String::new(), rest),
    };
    let (unit, rest) = per(Unit { name, scale, rate: false }, rest);
    (unit.scale.is_some() || !unit.name.is_empty()).then_some((unit, rest))
}

/// A unit of which 万 or 亿 is a part: 万元.
fn scaled(signs: &[Sign]) -> Option<(String, &[Sign])> {
    SCALES.iter().find_map(|(scale, _)| {
        let (counted, rest) = longest(strip(signs, scale)?, COUNTED_BY_SCALE.iter().copied())?;
        Some((format!("{scale}{counted}"), rest))
    })
}

/// The longest word of [`UNITS`] that `signs` begin with.
fn word(signs: &[Sign]) -> Option<(String, &[Sign])> {
    longest(signs, units(signs))
}

/// The words of [`UNITS`] that begin with the first of `signs`.
fn units(signs: &[Sign]) -> impl Iterator<Item = &'static str> {
    static BY_FIRST: LazyLock<BTreeMap<char, Vec<&'static str>>> = LazyLock::new(|| {
        let mut by_first: BTreeMap<char, Vec<&str>> = BTreeMap::new();
        for word in UNITS.split_ascii_whitespace() {
            word.chars().next().into_iter().for_each(|first| by_first.entry(first).or_default().push(word));
        }
        by_first
    });
    signs.first().and_then(|sign| BY_FIRST.get(&sign.ch)).into_iter().flatten().copied()
}

/// The longest of `words` that `signs` begin with, and what follows it.
fn longest(signs: &[Sign], words: impl Iterator<Item = &'static str>) -> Option<(String, &[Sign])> {
    let found = words.filter_map(|word| strip(signs, word).map(|rest| (word, rest)));
    found.min_by_key(|(_, rest)| rest.len()).map(|(word, rest)| (word.to_owned(), rest))
}

/// A unit with its alternative: 台(套).
fn with_bracket(name: String, rest: &[Sign]) -> (String, &[Sign]) {
    let bracket = strip(rest, "(").and_then(word).and_then(|(other, rest)| Some((other, strip(rest, ")")?)));
    match bracket {
        Some((other, rest)) => (format!("{name}({other})"), rest),
        None => (name, rest),
    }
}

/// `unit` per the things that follow it: 元/人·月.
fn per(mut unit: Unit, mut rest: &[Sign]) -> (Unit, &[Sign]) {
    let mut marks = "/";
    while let Some(after) = strip(rest, marks) {
        let things = units(after).chain(PER.iter().copied());
        let Some((name, after)) = longest(after, things) else { break };
        unit.name.push_str(marks);
        unit.name.push_str(&name);
        unit.rate = true;
        (rest, marks) = (after, "·");
    }
    (unit, rest)
}

/// What follows a percent sign, or the word for it.
pub(super) fn strip_percent(signs: &[Sign]) -> Option<&[Sign]> {
    strip_any(signs, &["%", "百分比"])
}
