//! Characters that mean the same: one folding for labels, values and patterns.
//!
//! Dumps write one character in many ways: full-width digits, Kangxi radicals that a PDF producer maps back from
//! its glyphs, `≧` for `≥`. Folding brings them to one form for comparison and keeps the way back to what stood
//! there, so that `raw` never changes.

use unicode_normalization::UnicodeNormalization;

/// Folded text, with the place in the original that each folded character came from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Folded {
    /// The folded characters; blanks are left out.
    pub chars: Vec<char>,
    /// For each folded character the number of the original character (not byte) that it came from.
    pub origin: Vec<u32>,
}

impl Folded {
    /// The folded characters as a string.
    pub fn text(&self) -> String {
        self.chars.iter().collect()
    }
}

/// Folds `text` for comparison: one form for look-alike code points, blanks and invisible characters dropped.
pub fn fold(text: &str) -> Folded {
    let mut folded = Folded::default();
    for (number, ch) in text.chars().enumerate() {
        fold_char(ch, |part| {
            folded.chars.push(part);
            folded.origin.push(number as u32);
        });
    }
    folded
}

/// Folds `text` to a string for comparison; see [`fold`].
pub fn fold_text(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for ch in text.chars() {
        fold_char(ch, |part| folded.push(part));
    }
    folded
}

/// Whether `text` folds to `folded`.
pub(crate) fn folds_to(text: &str, folded: &str) -> bool {
    let mut rest = folded.chars();
    let mut same = true;
    for ch in text.chars() {
        fold_char(ch, |part| same &= rest.next() == Some(part));
        if !same {
            return false;
        }
    }
    rest.next().is_none()
}

/// Gives the folded form of `ch`, character by character: nothing for a blank.
pub fn fold_char(ch: char, mut emit: impl FnMut(char)) {
    match ch {
        '!'..='~' | '\u{4e00}'..='\u{9fff}' => emit(ch),
        _ if is_blank(ch) => {}
        _ => match same_as(ch) {
            Some(same) => emit(same),
            None => {
                for part in ch.nfkc().filter(|part| !is_blank(*part)) {
                    emit(same_as(part).unwrap_or(part));
                }
            }
        },
    }
}

/// Whether `ch` leaves no mark on paper: white space, format and control characters.
pub fn is_blank(ch: char) -> bool {
    match ch {
        // Most of any text, told without the tables of Unicode.
        '!'..='~' | '\u{4e00}'..='\u{9fff}' => false,
        '\u{ad}'
        | '\u{180e}'
        | '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}'
        | '\u{feff}' => true,
        _ => ch.is_whitespace() || ch.is_control(),
    }
}

/// Whether `ch` is a Han character; such text is written without blanks between words.
pub fn is_han(ch: char) -> bool {
    matches!(ch, '\u{2e80}'..='\u{2fdf}' | '\u{3005}'..='\u{3007}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{323af}')
}

/// Code points beyond NFKC that stand for the same sign.
fn same_as(ch: char) -> Option<char> {
    Some(match ch {
        '≧' | '⩾' | '≥' => '≥',
        '≦' | '⩽' | '≤' => '≤',
        '═' | '﹦' | '＝' => '=',
        '―' | '–' | '─' | '‒' | '—' | '━' => '—',
        '−' | '‐' | '‑' | '－' | '﹣' => '-',
        '⋯' | '…' => '…',
        '・' | '•' | '∙' | '⋅' | '·' | '‧' => '·',
        '〜' | '∼' | '～' => '~',
        '〔' | '﹝' | '〘' => '[',
        '〕' | '﹞' | '〙' => ']',
        '戶' => '户',
        '黃' => '黄',
        '\u{2e80}'..='\u{2ef3}' => return radical(ch),
        _ => return None,
    })
}

/// The ideograph that a character of the block CJK Radicals Supplement stands for.
/// Source: Unicode `EquivalentUnifiedIdeograph`; NFKC folds the Kangxi block only.
fn radical(ch: char) -> Option<char> {
    const RADICALS: &[(char, char)] = &[
        ('⺁', '厂'),
        ('⺂', '乛'),
        ('⺃', '乚'),
        ('⺄', '乙'),
        ('⺅', '亻'),
        ('⺆', '冂'),
        ('⺈', '刀'),
        ('⺉', '刂'),
        ('⺊', '卜'),
        ('⺋', '㔾'),
        ('⺌', '小'),
        ('⺍', '小'),
        ('⺎', '兀'),
        ('⺏', '尣'),
        ('⺐', '尢'),
        ('⺒', '巳'),
        ('⺓', '幺'),
        ('⺔', '彑'),
        ('⺖', '忄'),
        ('⺗', '㣺'),
        ('⺘', '扌'),
        ('⺙', '攵'),
        ('⺛', '旡'),
        ('⺜', '日'),
        ('⺝', '月'),
        ('⺞', '歺'),
        ('⺟', '母'),
        ('⺠', '民'),
        ('⺡', '氵'),
        ('⺢', '氺'),
        ('⺣', '灬'),
        ('⺤', '爫'),
        ('⺥', '爫'),
        ('⺦', '丬'),
        ('⺧', '牛'),
        ('⺨', '犭'),
        ('⺩', '王'),
        ('⺫', '目'),
        ('⺬', '示'),
        ('⺭', '礻'),
        ('⺯', '糹'),
        ('⺰', '纟'),
        ('⺱', '罓'),
        ('⺲', '罒'),
        ('⺶', '羊'),
        ('⺷', '羊'),
        ('⺹', '耂'),
        ('⺺', '肀'),
        ('⺻', '聿'),
        ('⺼', '肉'),
        ('⺽', '臼'),
        ('⺾', '艹'),
        ('⺿', '艹'),
        ('⻀', '艹'),
        ('⻁', '虎'),
        ('⻂', '衤'),
        ('⻃', '覀'),
        ('⻄', '西'),
        ('⻅', '见'),
        ('⻆', '角'),
        ('⻇', '角'),
        ('⻈', '讠'),
        ('⻉', '贝'),
        ('⻊', '足'),
        ('⻋', '车'),
        ('⻌', '辶'),
        ('⻍', '辶'),
        ('⻎', '辶'),
        ('⻏', '阝'),
        ('⻐', '钅'),
        ('⻑', '長'),
        ('⻒', '镸'),
        ('⻓', '长'),
        ('⻔', '门'),
        ('⻖', '阝'),
        ('⻗', '雨'),
        ('⻘', '青'),
        ('⻙', '韦'),
        ('⻚', '页'),
        ('⻛', '风'),
        ('⻜', '飞'),
        ('⻝', '食'),
        ('⻟', '飠'),
        ('⻠', '饣'),
        ('⻢', '马'),
        ('⻣', '骨'),
        ('⻤', '鬼'),
        ('⻥', '鱼'),
        ('⻦', '鸟'),
        ('⻧', '卤'),
        ('⻨', '麦'),
        ('⻩', '黄'),
        ('⻪', '黾'),
        ('⻫', '斉'),
        ('⻬', '齐'),
        ('⻭', '歯'),
        ('⻮', '齿'),
        ('⻯', '竜'),
        ('⻰', '龙'),
        ('⻱', '龜'),
        ('⻲', '亀'),
        ('⻳', '龟'),
    ];
    RADICALS.binary_search_by_key(&ch, |(radical, _)| *radical).ok().map(|at| RADICALS[at].1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folds_what_looks_alike() {
        for (from, to) in [
            ("（２０２０ 年度）", "(2020年度)"),
            ("≧９５％", "≥95%"),
            ("═8个", "=8个"),
            ("⽀出项⽬", "支出项目"),
            ("部⻔⻓效", "部门长效"),
            ("合理性 ；", "合理性;"),
            ("\u{a0}—\u{200b}", "—"),
        ] {
            assert_eq!(fold_text(from), to, "{from}");
        }
    }

    #[test]
    fn keeps_the_way_back() {
        let folded = fold("㎡ Ａ…");
        assert_eq!(folded.text(), "m2A…");
        assert_eq!(folded.origin, [0, 0, 2, 3]);
    }
}
