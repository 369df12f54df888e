//! The kernels: a block of rows against another, each pair of rows compared exactly.
//!
//! In: rows sorted by the number of bits they have set ([`SortedRows`]) and a [`Bound`]. Out: the
//! pairs that hold, with the bits that they share. The only `unsafe` of the workspace: loads whose
//! bounds are checked once a block, and calls behind a check of what the processor can do. Every
//! path gives the same pairs; tests hold them against each other.
//!
//! A pair is left early when it cannot hold any more: after the words of the prefix the shared bits
//! are at most those found and the smaller of the two numbers of bits left over, which is at most
//! their mean. The mean is exact, and being a sum of something of the left and something of the
//! right row it costs nothing inside the loop: the counter of a pair starts at half of what the
//! right row has left, less what the left row wants, and the pair lives while it is not negative.
//! (Bounding by lengths: Xiao, Wang, Lin, Yu 2008, section 3; here on words in place of tokens.)
//!
//! With AVX-512 a register holds one word of eight right rows; four left rows times sixteen right
//! rows are counted at once, so that a word loaded is used four times and one broadcast twice, and
//! nothing is ever summed across lanes. It costs three instructions a word for eight pairs.

#![expect(unsafe_code, reason = "vector loads and calls behind a check of the processor")]
#![cfg_attr(
    target_arch = "x86_64",
    expect(
        clippy::needless_range_loop,
        reason = "counts of registers are unrolled by their numbers"
    )
)]

#[cfg(target_arch = "x86_64")]
use std::arch::x86_64::{
    _MM_HINT_T0, _mm_prefetch, _mm256_add_epi8, _mm256_add_epi64, _mm256_and_si256,
    _mm256_castsi256_pd, _mm256_loadu_si256, _mm256_movemask_pd, _mm256_sad_epu8, _mm256_set1_epi8,
    _mm256_set1_epi64x, _mm256_setr_epi8, _mm256_setzero_si256, _mm256_shuffle_epi8,
    _mm256_srli_epi16, _mm256_storeu_si256, _mm256_sub_epi64, _mm512_add_epi64, _mm512_and_si512,
    _mm512_cmpge_epi64_mask, _mm512_loadu_si512, _mm512_mask_cmple_epi64_mask,
    _mm512_maskz_loadu_epi64, _mm512_popcnt_epi64, _mm512_set1_epi64, _mm512_setzero_si512,
    _mm512_storeu_si512, _mm512_sub_epi64, _mm512_xor_si512,
};
use std::ops::Range;

use super::matrix::BitMatrix;
#[cfg(target_arch = "x86_64")]
use super::sorted::LANES;
use super::sorted::SortedRows;
use super::threshold::Bound;

/// How the processor compares rows. All ways give the same pairs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Path {
    /// Plain code for any processor.
    Scalar,
    /// AVX2 and POPCNT, rows one after the other.
    Avx2,
    /// AVX-512 with VPOPCNTDQ, eight rows at once.
    Avx512,
}

impl Path {
    /// The fastest that this processor has.
    pub fn best() -> Path {
        [Path::Avx512, Path::Avx2].into_iter().find(|path| path.is_here()).unwrap_or(Path::Scalar)
    }

    /// Whether this processor has it.
    pub fn is_here(self) -> bool {
        #[cfg(target_arch = "x86_64")]
        match self {
            Path::Scalar => true,
            Path::Avx2 => is_x86_feature_detected!("avx2") && is_x86_feature_detected!("popcnt"),
            Path::Avx512 => {
                is_x86_feature_detected!("avx512f")
                    && is_x86_feature_detected!("avx512vpopcntdq")
                    && is_x86_feature_detected!("popcnt")
            }
        }
        #[cfg(not(target_arch = "x86_64"))]
        {
            self == Path::Scalar
        }
    }
}

/// A pair that holds: positions among the sorted rows, and the bits shared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Hit {
    pub(crate) left: u32,
    pub(crate) right: u32,
    pub(crate) shared: u32,
}

/// What is compared with what.
#[derive(Clone, Copy)]
pub(crate) struct Sides<'a> {
    pub(crate) left: &'a SortedRows,
    pub(crate) right: &'a SortedRows,
    pub(crate) bound: &'a Bound,
}

/// Appends the pairs of some left and some right rows that hold, in no order that can be relied on.
///
/// # Panics
///
/// When a range is beyond the rows, the two sides differ in their words or prefix, or the processor
/// lacks the path.
pub(crate) fn compare(
    path: Path,
    sides: Sides<'_>,
    left: Range<usize>,
    right: Range<usize>,
    hits: &mut Vec<Hit>,
) {
    assert!(path.is_here(), "this processor has no {path:?}");
    assert!(left.end <= sides.left.rows() && right.end <= sides.right.rows());
    assert_eq!(sides.left.words_per_row, sides.right.words_per_row);
    assert_eq!(sides.left.prefix, sides.right.prefix);
    match path {
        Path::Scalar => compare_rows(sides, left, right, hits),
        #[cfg(target_arch = "x86_64")]
        Path::Avx2 | Path::Avx512 => compare_lanes(path, sides, left, right, hits),
        #[cfg(not(target_arch = "x86_64"))]
        _ => {}
    }
}

/// The plain way.
fn compare_rows(sides: Sides<'_>, left: Range<usize>, right: Range<usize>, hits: &mut Vec<Hit>) {
    let Sides { left: lefts, right: rights, bound } = sides;
    let prefix = lefts.prefix;
    for a in left {
        let (row_a, ones_a) = (lefts.row(a), lefts.ones[a]);
        for b in right.clone() {
            let (row_b, total) = (rights.row(b), ones_a + rights.ones[b]);
            let least = bound.least_shared[total as usize];
            let mut shared = shared_ones(&row_a[..prefix], &row_b[..prefix]);
            let most = i64::from(shared) + lefts.half_rest[a] + rights.half_rest[b];
            if most >= i64::from(least) {
                shared += shared_ones(&row_a[prefix..], &row_b[prefix..]);
                if bound.holds(shared, total) {
                    hits.push(Hit { left: a as u32, right: b as u32, shared });
                }
            }
        }
    }
}

#[inline(always)]
fn shared_ones(one: &[u64], other: &[u64]) -> u32 {
    one.iter().zip(other).map(|(a, b)| (a & b).count_ones()).sum()
}

/// Groups that stay in the first cache while all left rows pass: 16 kB for rows of 1,024 bits.
#[cfg(target_arch = "x86_64")]
const GROUPS_IN_CACHE: usize = 16;

/// Register by register. The caller has asserted that the processor has the path.
#[cfg(target_arch = "x86_64")]
fn compare_lanes(
    path: Path,
    sides: Sides<'_>,
    left: Range<usize>,
    right: Range<usize>,
    hits: &mut Vec<Hit>,
) {
    if left.is_empty() || right.is_empty() {
        return;
    }
    let all_groups = right.start / LANES..right.end.div_ceil(LANES);
    let first_hit = hits.len();
    for start in all_groups.clone().step_by(GROUPS_IN_CACHE) {
        let end = all_groups.end.min(start + GROUPS_IN_CACHE);
        // The rows are sorted: what the first of them wants is the least that any wants.
        let fewest = sides.right.ones[start * LANES];
        let mut a = left.start;
        while a < left.end {
            let rows = left.end - a;
            let mut group = start;
            while group < end {
                let two = group + 2 <= end;
                // SAFETY: the processor has the path.
                group += unsafe {
                    match path {
                        Path::Avx512 if rows >= 4 && two => {
                            count_avx512::<4, 2>(sides, a, group, fewest, hits)
                        }
                        Path::Avx512 if rows >= 4 => {
                            count_avx512::<4, 1>(sides, a, group, fewest, hits)
                        }
                        Path::Avx512 => count_avx512::<1, 1>(sides, a, group, fewest, hits),
                        _ if rows >= 4 => count_avx2::<4>(sides, a, group, fewest, hits),
                        _ => count_avx2::<1>(sides, a, group, fewest, hits),
                    }
                };
            }
            a += if rows >= 4 { 4 } else { 1 };
        }
    }
    // Groups at the ends reach beyond the range, and were counted with the fewest of their cache.
    if !right.start.is_multiple_of(LANES) || !right.end.is_multiple_of(LANES) {
        let mut kept = first_hit;
        for at in first_hit..hits.len() {
            if right.contains(&(hits[at].right as usize)) {
                hits[kept] = hits[at];
                kept += 1;
            }
        }
        hits.truncate(kept);
    }
}

/// Compares `R` left rows with `G` groups; says how many groups.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,avx512vpopcntdq,popcnt")]
fn count_avx512<const R: usize, const G: usize>(
    sides: Sides<'_>,
    a: usize,
    group: usize,
    fewest: u32,
    hits: &mut Vec<Hit>,
) -> usize {
    let Sides { left: lefts, right: rights, bound } = sides;
    let words = lefts.words_per_row;
    let rows = &lefts.words[a * words..][..R * words];
    let groups = &rights.lanes[group * LANES * words..][..G * LANES * words];
    let half_rests = &rights.half_rest[group * LANES..][..G * LANES];
    let wanted: [i64; R] = std::array::from_fn(|r| {
        let least = bound.least_shared[(lefts.ones[a + r] + fewest) as usize];
        i64::from(least) - lefts.half_rest[a + r]
    });
    // SAFETY: `g < G` and `word < words`, so the eight words are within `groups`.
    let lanes = |g: usize, word: usize| unsafe {
        _mm512_loadu_si512(groups.as_ptr().add((g * words + word) * LANES).cast())
    };
    // SAFETY: `r < R` and `word < words`, so the word is within `rows`.
    let of_left =
        |r: usize, word: usize| unsafe { *rows.as_ptr().add(r * words + word) }.cast_signed();
    let mut starts = [[_mm512_setzero_si512(); G]; R];
    for g in 0..G {
        // SAFETY: `g < G`, so the eight numbers are within `half_rests`.
        let start = unsafe { _mm512_loadu_si512(half_rests.as_ptr().add(g * LANES).cast()) };
        for r in 0..R {
            starts[r][g] = _mm512_sub_epi64(start, _mm512_set1_epi64(wanted[r]));
        }
    }
    let mut counters = starts;
    for word in 0..lefts.prefix {
        let mut of_right = [_mm512_setzero_si512(); G];
        for g in 0..G {
            of_right[g] = lanes(g, word);
        }
        for r in 0..R {
            let one = _mm512_set1_epi64(of_left(r, word));
            for g in 0..G {
                let both = _mm512_popcnt_epi64(_mm512_and_si512(one, of_right[g]));
                counters[r][g] = _mm512_add_epi64(counters[r][g], both);
            }
        }
    }
    // A counter below zero has its highest bit set: all of them are dead when all have.
    let mut all = counters[0][0];
    for of_row in &counters {
        for counter in of_row {
            all = _mm512_and_si512(all, *counter);
        }
    }
    let zero = _mm512_setzero_si512();
    if _mm512_cmpge_epi64_mask(all, zero) == 0 {
        return G;
    }
    for r in 0..R {
        for g in 0..G {
            let alive = _mm512_cmpge_epi64_mask(counters[r][g], zero);
            if alive == 0 {
                continue;
            }
            let mut counter = counters[r][g];
            for word in lefts.prefix..words {
                let both = _mm512_and_si512(_mm512_set1_epi64(of_left(r, word)), lanes(g, word));
                counter = _mm512_add_epi64(counter, _mm512_popcnt_epi64(both));
            }
            let mut shared = [0u64; LANES];
            // SAFETY: the array has room for the eight numbers.
            unsafe {
                let counted = _mm512_sub_epi64(counter, starts[r][g]);
                _mm512_storeu_si512(shared.as_mut_ptr().cast(), counted);
            }
            let mut alive = alive;
            while alive != 0 {
                let lane = alive.trailing_zeros() as usize;
                alive &= alive - 1;
                let b = (group + g) * LANES + lane;
                // Beyond the last row there is none.
                let Some(ones) = rights.ones.get(b) else { break };
                let shared = shared[lane] as u32;
                if bound.holds(shared, lefts.ones[a + r] + ones) {
                    hits.push(Hit { left: (a + r) as u32, right: b as u32, shared });
                }
            }
        }
    }
    G
}

/// Compares `R` left rows with one group, which fills two registers; says one group. Bits are
/// counted by looking up half a byte at a time (Muła, Kurz, Lemire 2018, section 3), in counters of
/// a byte that are added up before they can overflow.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,popcnt")]
fn count_avx2<const R: usize>(
    sides: Sides<'_>,
    a: usize,
    group: usize,
    fewest: u32,
    hits: &mut Vec<Hit>,
) -> usize {
    /// A word adds at most 8 to each byte.
    const WORDS_IN_BYTES: usize = 31;
    let Sides { left: lefts, right: rights, bound } = sides;
    let words = lefts.words_per_row;
    let rows = &lefts.words[a * words..][..R * words];
    let lanes = &rights.lanes[group * LANES * words..][..LANES * words];
    let half_rests = &rights.half_rest[group * LANES..][..LANES];
    let low = _mm256_set1_epi8(15);
    let table = _mm256_setr_epi8(
        0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4, 0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3,
        3, 4,
    );
    let zero = _mm256_setzero_si256();
    let mut sums = [[zero; 2]; R];
    let mut from = 0;
    while from < lefts.prefix {
        let to = lefts.prefix.min(from + WORDS_IN_BYTES);
        let mut bytes = [[zero; 2]; R];
        for word in from..to {
            for half in 0..2 {
                // SAFETY: `word < words`, so the four words are within `lanes`.
                let right = unsafe {
                    _mm256_loadu_si256(lanes.as_ptr().add(word * LANES + half * 4).cast())
                };
                for r in 0..R {
                    // SAFETY: `r < R` and `word < words`, so the word is within `rows`.
                    let left = unsafe { *rows.as_ptr().add(r * words + word) };
                    let both = _mm256_and_si256(_mm256_set1_epi64x(left.cast_signed()), right);
                    let lower = _mm256_and_si256(both, low);
                    let upper = _mm256_and_si256(_mm256_srli_epi16::<4>(both), low);
                    let of_both = _mm256_add_epi8(
                        _mm256_shuffle_epi8(table, lower),
                        _mm256_shuffle_epi8(table, upper),
                    );
                    bytes[r][half] = _mm256_add_epi8(bytes[r][half], of_both);
                }
            }
        }
        for r in 0..R {
            for half in 0..2 {
                let sum = _mm256_sad_epu8(bytes[r][half], zero);
                sums[r][half] = _mm256_add_epi64(sums[r][half], sum);
            }
        }
        from = to;
    }
    for r in 0..R {
        let least = i64::from(bound.least_shared[(lefts.ones[a + r] + fewest) as usize]);
        let wanted = _mm256_set1_epi64x(least - lefts.half_rest[a + r]);
        for half in 0..2 {
            // SAFETY: `half < 2`, so the four numbers are within `half_rests`.
            let rest = unsafe { _mm256_loadu_si256(half_rests.as_ptr().add(half * 4).cast()) };
            let counter = _mm256_sub_epi64(_mm256_add_epi64(sums[r][half], rest), wanted);
            let mut alive = !_mm256_movemask_pd(_mm256_castsi256_pd(counter)) & 15;
            if alive == 0 {
                continue;
            }
            let mut of_prefix = [0u64; 4];
            // SAFETY: the array has room for the four numbers.
            unsafe { _mm256_storeu_si256(of_prefix.as_mut_ptr().cast(), sums[r][half]) };
            while alive != 0 {
                let lane = alive.trailing_zeros() as usize;
                alive &= alive - 1;
                let b = group * LANES + half * 4 + lane;
                // Beyond the last row there is none.
                let Some(ones) = rights.ones.get(b) else { break };
                let of_left = &rows[r * words..][..words];
                let rest = shared_ones(&of_left[lefts.prefix..], &rights.row(b)[lefts.prefix..]);
                let shared = of_prefix[lane] as u32 + rest;
                if bound.holds(shared, lefts.ones[a + r] + ones) {
                    hits.push(Hit { left: (a + r) as u32, right: b as u32, shared });
                }
            }
        }
    }
    1
}

/// Of a bucket, what is compared: the places of some left rows against those of some right rows.
pub(crate) struct Bucket<'a> {
    /// The words of the sketches by place, left and right.
    pub(crate) left: &'a [Vec<u64>],
    pub(crate) right: &'a [Vec<u64>],
    pub(crate) left_places: Range<usize>,
    pub(crate) right_places: Range<usize>,
    /// The left side is the right side: only pairs of which the left place comes first.
    pub(crate) within: bool,
    /// The most bits in which two sketches may differ.
    pub(crate) most: u32,
}

/// Appends the pairs of places in a bucket whose sketches differ in few enough bits.
///
/// # Panics
///
/// When places lie beyond the sketches, the sides differ in the words of a sketch, or the
/// processor lacks the path.
pub(crate) fn sift(path: Path, bucket: &Bucket<'_>, found: &mut Vec<(u32, u32)>) {
    assert!(path.is_here(), "this processor has no {path:?}");
    assert_eq!(bucket.left.len(), bucket.right.len());
    assert!(bucket.left.iter().all(|words| bucket.left_places.end <= words.len()));
    assert!(bucket.right.iter().all(|words| bucket.right_places.end <= words.len()));
    match path {
        Path::Scalar => sift_plain(bucket, found),
        #[cfg(target_arch = "x86_64")]
        // SAFETY: the processor has the path; asserted above.
        Path::Avx2 => unsafe { sift_avx2(bucket, found) },
        #[cfg(target_arch = "x86_64")]
        // SAFETY: as above.
        Path::Avx512 => unsafe {
            match bucket.left.len() {
                1 => sift_avx512::<1>(bucket, found),
                2 => sift_avx512::<2>(bucket, found),
                3 => sift_avx512::<3>(bucket, found),
                4 => sift_avx512::<4>(bucket, found),
                5 => sift_avx512::<5>(bucket, found),
                6 => sift_avx512::<6>(bucket, found),
                _ => sift_plain(bucket, found),
            }
        },
        #[cfg(not(target_arch = "x86_64"))]
        _ => {}
    }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,popcnt")]
fn sift_avx2(bucket: &Bucket<'_>, found: &mut Vec<(u32, u32)>) {
    sift_plain(bucket, found);
}

#[inline(always)]
fn sift_plain(bucket: &Bucket<'_>, found: &mut Vec<(u32, u32)>) {
    for a in bucket.left_places.clone() {
        let start = if bucket.within { a + 1 } else { bucket.right_places.start };
        for b in start..bucket.right_places.end {
            let words = bucket.left.iter().zip(bucket.right);
            let apart: u32 = words.map(|(left, right)| (left[a] ^ right[b]).count_ones()).sum();
            if apart <= bucket.most {
                found.push((a as u32, b as u32));
            }
        }
    }
}

/// Four left rows against eight right rows at once, in sketches of `W` words.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,avx512vpopcntdq,popcnt")]
fn sift_avx512<const W: usize>(bucket: &Bucket<'_>, found: &mut Vec<(u32, u32)>) {
    const ROWS: usize = 4;
    let most = _mm512_set1_epi64(i64::from(bucket.most));
    let end = bucket.right_places.end;
    for first in bucket.left_places.clone().step_by(ROWS) {
        let rows = ROWS.min(bucket.left_places.end - first);
        let mut of_left = [[_mm512_setzero_si512(); W]; ROWS];
        for (row, words) in of_left.iter_mut().enumerate().take(rows) {
            for (word, sketch) in words.iter_mut().zip(bucket.left) {
                *word = _mm512_set1_epi64(sketch[first + row].cast_signed());
            }
        }
        let mut b = if bucket.within { first + 1 } else { bucket.right_places.start };
        while b < end {
            let here: u8 = if b + LANES <= end { u8::MAX } else { (1 << (end - b)) - 1 };
            let mut apart = [_mm512_setzero_si512(); ROWS];
            for word in 0..W {
                // SAFETY: places up to `end` are within the sketches, and only those are loaded.
                let right = unsafe {
                    _mm512_maskz_loadu_epi64(here, bucket.right[word].as_ptr().add(b).cast())
                };
                for row in 0..ROWS {
                    let bits = _mm512_popcnt_epi64(_mm512_xor_si512(of_left[row][word], right));
                    apart[row] = _mm512_add_epi64(apart[row], bits);
                }
            }
            let alike = apart.map(|apart| _mm512_mask_cmple_epi64_mask(here, apart, most));
            if alike != [0; ROWS] {
                for (row, alike) in alike.into_iter().enumerate().take(rows) {
                    let mut alike = alike;
                    while alike != 0 {
                        let place = b + alike.trailing_zeros() as usize;
                        alike &= alike - 1;
                        if !bucket.within || first + row < place {
                            found.push(((first + row) as u32, place as u32));
                        }
                    }
                }
            }
            b += LANES;
        }
    }
}

/// Appends the number of bits that each of some pairs of rows share.
///
/// # Panics
///
/// When there is no such row, the rows differ in length, or the processor lacks the path.
pub(crate) fn shared(
    path: Path,
    (left, right): (&BitMatrix, &BitMatrix),
    pairs: &[(u32, u32)],
    counts: &mut Vec<u32>,
) {
    assert!(path.is_here(), "this processor has no {path:?}");
    assert_eq!(left.words_per_row(), right.words_per_row());
    match path {
        Path::Scalar => shared_plain(left, right, pairs, counts),
        #[cfg(target_arch = "x86_64")]
        // SAFETY: the processor has the path, and with it POPCNT; asserted above.
        Path::Avx2 | Path::Avx512 => unsafe { shared_popcnt(left, right, pairs, counts) },
        #[cfg(not(target_arch = "x86_64"))]
        _ => {}
    }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "popcnt")]
fn shared_popcnt(left: &BitMatrix, right: &BitMatrix, pairs: &[(u32, u32)], counts: &mut Vec<u32>) {
    /// Rows lie anywhere: they are asked for this many pairs ahead.
    const AHEAD: usize = 12;
    let fetch = |row: &[u64]| {
        for line in row.chunks(8) {
            // SAFETY: a hint; the address is that of a word of the row.
            unsafe { _mm_prefetch::<_MM_HINT_T0>(line.as_ptr().cast()) };
        }
    };
    for (at, (a, b)) in pairs.iter().enumerate() {
        if let Some((a, b)) = pairs.get(at + AHEAD) {
            fetch(left.row(*a as usize));
            fetch(right.row(*b as usize));
        }
        counts.push(shared_ones(left.row(*a as usize), right.row(*b as usize)));
    }
}

fn shared_plain(left: &BitMatrix, right: &BitMatrix, pairs: &[(u32, u32)], counts: &mut Vec<u32>) {
    counts.extend(
        pairs.iter().map(|(a, b)| shared_ones(left.row(*a as usize), right.row(*b as usize))),
    );
}
